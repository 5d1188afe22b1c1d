import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { listenOnLoopback } from "./loopback.ts";

/** A bookstall as web pages: forms with CSRF fields, a session cookie, redirects after every post. */
export interface Stall {
  url: string;
  rows: readonly { username: string; password: string }[];
  /** Purchases, with their shipping. */
  orders(): readonly { username: string; title: string; price: number; shipping: string; gift: boolean }[];
  /** Posts whose hidden field was not that of their session. */
  forgeries(): number;
  /** Makes this many of the next pages fail. */
  breakNext(count: number): void;
  close(): Promise<void>;
}

interface Visitor {
  csrf: string;
  username: string | undefined;
  basket: number[];
}

/**
 * @param words the vocabulary of the pages; a second one shows that nothing is hard-coded
 * @param postcode whether the checkout requires a postcode of five digits, which its form says only after an error
 */
export async function startStall(
  options: { accounts?: number; words?: Partial<typeof WORDS>; postcode?: boolean } = {},
): Promise<Stall> {
  const words = { ...WORDS, ...options.words };
  const rows = Array.from({ length: options.accounts ?? 30 }, (_, index) => ({
    username: `reader${index}`,
    password: `open-sesame-${index * 13 + 1000}`,
  }));
  const books = Array.from({ length: 18 }, (_, index) => ({
    title: `${["Rivers", "Mountains", "Harbours"][index % 3]} of ${["the North", "the South", "old"][Math.floor(index / 3) % 3]} ${index}`,
    price: 95 - index * 5,
    left: index % 6 === 5 ? 0 : 1_000,
  }));
  const visitors = new Map<string, Visitor>();
  const orders: { username: string; title: string; price: number; shipping: string; gift: boolean }[] = [];
  let forgeries = 0;
  let broken = 0;

  const page = (visitor: Visitor, title: string, body: string): string => `<!doctype html>
<html><head><title>${title}</title><base href="/stall/"><style>.x{}</style><script>var a = "<a href='/no'>no</a>";</script></head>
<body><nav><ul><li><a href="">Start</a></li><li><a href="${words.list}">${words.books}</a></li><li><a href="${words.basket}">${words.basketName}</a></li>
<li>${visitor.username === undefined ? `<a href="door">${words.enter}</a>` : `<a href="exit">${words.leave}</a>`}</li><li><a href="https://elsewhere.example/">Partner</a></li></ul></nav>
<h1>${title}</h1>${body}<p><a href="#top">Top</a><br>Open all day</body></html>`;
  const hidden = ({ csrf }: Visitor): string => `<input type=hidden name=_csrf value="${csrf}">`;
  const door = (visitor: Visitor, wrong = false): string =>
    page(
      visitor,
      "Welcome back",
      `${wrong ? "<p class=error>Wrong name or password</p>" : ""}<form method=post action="door">${hidden(visitor)}
<p><label for=u>User name</label> <input id=u name=username required><p><label>Password <input type=password name=password required></label>
<label><input type=checkbox name=stay value=yes checked> Stay here</label><button>${words.enter}</button></form>`,
    );
  const list = (visitor: Visitor, query: URLSearchParams): string => {
    const most = Number(query.get("top") || "1000");
    const from = Number(query.get("from") || "0");
    const found = books.map((book, id) => ({ ...book, id })).filter(({ price }) => price <= most);
    const items = found
      .slice(from, from + 5)
      .map(
        ({ id, title, price, left }) =>
          `<li class=book><a href="book?no=${id}">${title}</a> <b>$${price}.00</b> ${left > 0 ? "in stock" : "Sold out"}</li>`,
      );
    const next =
      from + 5 < found.length ? `<a href="${words.list}?top=${most}&amp;from=${from + 5}">Next page</a>` : "";
    return page(
      visitor,
      words.books,
      `<form action="${words.list}"><label>Highest price <input type=number name=top min=1></label>
<select name=sort aria-label="Order"><option value=up>cheapest first<option value=down selected>dearest first</select>
<input type=submit value="${words.search}"></form><ul>${items.join("")}</ul>${next}`,
    );
  };

  const till = (visitor: Visitor, street = "", complaint = ""): string =>
    page(
      visitor,
      "Till",
      `<form method=post enctype="multipart/form-data">${hidden(visitor)}<label>Street <input name=street required value="${street}"></label>
${options.postcode === true ? `<p><label>Postcode <input name=postcode></label>${complaint}</p>` : ""}
<fieldset><legend>Shipping</legend><label><input type=radio name=shipping value=slow checked>Standard</label><label><input type=radio name=shipping value=fast>Express</label></fieldset>
<label>Country <select name=country required><option value="">Choose<option value=no>Norway<option value=se>Sweden</select></label>
<label><input type=checkbox name=gift> As a gift</label><label><input type=checkbox name=terms value=1 required> I accept the terms</label>
<button type=button>Help</button><button type=submit name=act value=buy>${words.order}</button></form>`,
    );

  const route = (
    visitor: Visitor,
    method: string,
    url: URL,
    form: URLSearchParams,
  ): [status: number, body: string] => {
    const path = url.pathname.replace(/^\/stall\/?/, "");
    const key = `${method} ${path}`;
    if (key === "GET ") return [200, page(visitor, "The stall", "<p>Books, old and new.")];
    if (key === "GET door") return [200, door(visitor)];
    if (key === `GET ${words.list}`) return [200, list(visitor, url.searchParams)];
    if (method === "POST" && form.get("_csrf") !== visitor.csrf) {
      forgeries += 1;
      return [403, page(visitor, "Forged", "")];
    }
    if (key === "POST door") {
      const good = rows.some(
        (row) => row.username === form.get("username") && row.password === form.get("password"),
      );
      if (!good || form.get("stay") !== "yes") return [422, door(visitor, true)];
      visitor.username = form.get("username") ?? undefined;
      visitor.csrf = randomBytes(12).toString("hex");
      return [303, "/stall/"];
    }
    if (key === "GET book") {
      const id = Number(url.searchParams.get("no"));
      const book = books[id];
      if (book === undefined) return [404, page(visitor, "No such book", "")];
      return [
        200,
        page(
          visitor,
          book.title,
          `<p>$${book.price}.00<form method=post action="${words.basket}">${hidden(visitor)}<input type=hidden name=no value=${id}><button name=go value=1>${words.put}</button></form>`,
        ),
      ];
    }
    if (visitor.username === undefined) return [302, "door"];
    if (key === `POST ${words.basket}`) {
      visitor.basket.push(Number(form.get("no")));
      return [302, words.basket];
    }
    if (key === `GET ${words.basket}`) {
      const lines = visitor.basket
        .map((id) => `<tr><td>${books[id]?.title}<td>$${books[id]?.price}</tr>`)
        .join("");
      return [200, page(visitor, words.basketName, `<table>${lines}</table><a href="till">${words.pay}</a>`)];
    }
    if (key === "GET till") return [200, till(visitor)];
    if (key === "POST till") {
      if (
        form.get("terms") !== "1" ||
        form.get("act") !== "buy" ||
        !form.get("street") ||
        !form.get("country")
      )
        return [422, page(visitor, "Till", "<p>Something is missing")];
      const postcode = form.get("postcode") ?? "";
      if (options.postcode === true && !/^\d{5}$/.test(postcode)) {
        const complaint = `<span class="field-error">${postcode === "" ? "Please fill this in." : "A postcode has 5 digits."}</span>`;
        return [422, till(visitor, form.get("street") ?? "", complaint)];
      }
      for (const id of visitor.basket)
        orders.push({
          username: visitor.username,
          title: books[id]?.title ?? "",
          price: books[id]?.price ?? 0,
          shipping: form.get("shipping") ?? "",
          gift: form.has("gift"),
        });
      visitor.basket = [];
      return [303, "thanks"];
    }
    if (key === "GET thanks") return [200, page(visitor, "Thank you", "<p>Your order is on its way.")];
    if (key === "GET exit") {
      visitor.username = undefined;
      return [302, "/stall/"];
    }
    return [404, page(visitor, "Nothing here", "")];
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://stall");
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const type = request.headers["content-type"] ?? "";
    const body = Buffer.concat(parts);
    const form = new URLSearchParams(type.includes("urlencoded") ? body.toString() : "");
    if (type.startsWith("multipart/")) {
      const data = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
      for (const [name, value] of data) form.append(name, String(value));
    }
    const known = /(?:^|; )sid=(\w+)/.exec(request.headers.cookie ?? "")?.[1];
    const id = known !== undefined && visitors.has(known) ? known : randomBytes(9).toString("hex");
    const visitor = visitors.get(id) ?? {
      csrf: randomBytes(12).toString("hex"),
      username: undefined,
      basket: [],
    };
    visitors.set(id, visitor);
    if (broken > 0) {
      broken -= 1;
      response.writeHead(503, { "content-type": "text/html", "retry-after": "0" }).end("<h1>Closed</h1>");
      return;
    }
    const [status, text] = route(visitor, request.method ?? "GET", url, form);
    if (id !== known) response.setHeader("set-cookie", `sid=${id}; Path=/stall; HttpOnly`);
    if (status >= 300 && status < 400) response.writeHead(status, { location: text }).end();
    else response.writeHead(status, { "content-type": "text/html; charset=utf-8" }).end(text);
  };
  const server = await listenOnLoopback((request, response) => void answer(request, response));
  return {
    url: `${server.url}/stall`,
    rows,
    orders: () => orders,
    forgeries: () => forgeries,
    breakNext: (count) => {
      broken = count;
    },
    close: () => server.close(),
  };
}

/** Paths and words of the stall. */
const WORDS = {
  list: "shelf",
  basket: "bag",
  books: "Books",
  basketName: "Your basket",
  enter: "Log in",
  leave: "Log out",
  search: "Search",
  put: "Add to basket",
  pay: "Go to checkout",
  order: "Place order",
};
