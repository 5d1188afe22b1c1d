import { problemText, type ShopAnswer, type ShopClient } from "./shop-client.ts";

const COOKIE = "web_session";

/** A request to the shop's web pages. */
export interface WebRequest {
  method: string;
  /** Path and query. */
  url: string;
  cookie: string | undefined;
  traceparent: string | undefined;
  /** Fields of the form that was sent. */
  form: URLSearchParams;
}

/** A page, or where a form leads to. */
export interface WebAnswer {
  status: number;
  html?: string;
  location?: string;
  /** Value of `Set-Cookie`. */
  cookie?: string;
}

interface Product {
  productId: string;
  title: string;
  priceUsd: number;
  inStock: boolean;
}
interface Line {
  productId: string;
  title: string;
  quantity: number;
  lineTotalUsd: number;
}
interface Order {
  id: string;
  state: string;
  totalUsd: number;
  lines: Line[];
}

/** Answers a request with a page that is made from the shop's REST API: forms, links, a cookie; no scripts. */
export async function answerWeb(shop: ShopClient, request: WebRequest): Promise<WebAnswer> {
  const { pathname, searchParams } = new URL(request.url, "http://shop");
  const token = new RegExp(`(?:^|; )${COOKIE}=([^;]+)`).exec(request.cookie ?? "")?.[1];
  const ask = (method: string, path: string, data?: unknown): Promise<ShopAnswer> =>
    shop.call(method, path, { token, traceparent: request.traceparent, data });
  const page = (title: string, body: string, status = 200): WebAnswer => ({
    status,
    html: layout(title, body, token !== undefined),
  });
  const call = `${request.method} ${pathname.replace(/^\/(products|orders)\/[^/]+$/, "/$1/{id}")}`;
  const id = encodeURIComponent(decodeURIComponent(pathname.split("/")[2] ?? ""));
  switch (call) {
    case "GET /":
      return page("Welcome", '<p>A shop for agents. Look at <a href="/products">all products</a>.</p>');
    case "GET /login":
      return page("Log in", loginForm());
    case "POST /login": {
      const account = {
        email: request.form.get("email") ?? "",
        password: request.form.get("password") ?? "",
      };
      const answer = await ask("POST", "/login", account);
      if (answer.status !== 200)
        return page(
          "Log in",
          `<p class="error" role="alert">${escapeHtml(problemText(answer))}</p>${loginForm()}`,
          401,
        );
      const { accessToken } = answer.body as { accessToken: string };
      return {
        status: 303,
        location: "/products",
        cookie: `${COOKIE}=${accessToken}; Path=/; HttpOnly; SameSite=Lax`,
      };
    }
    case "POST /logout":
      await ask("POST", "/logout");
      return { status: 303, location: "/", cookie: `${COOKIE}=; Path=/; Max-Age=0` };
    case "GET /products": {
      const { body } = await ask("GET", `/products?${searchParams}`);
      return page("Products", productList(body as { items: Product[]; page: number; pageCount: number }));
    }
    case "GET /products/{id}": {
      const answer = await ask("GET", `/products/${id}`);
      return answer.status === 200
        ? page((answer.body as Product).title, productPage(answer.body as Product))
        : page("Not found", `<p>${escapeHtml(problemText(answer))}</p>`, answer.status);
    }
  }
  if (token === undefined && /^\/(?:cart|orders)/.test(pathname)) return { status: 303, location: "/login" };
  switch (call) {
    case "GET /cart":
      return cartPage(await ask("GET", "/cart"), page);
    case "POST /cart": {
      const quantity = Number(request.form.get("quantity") ?? "1");
      const answer = await ask("POST", "/cart/items", { productId: request.form.get("productId"), quantity });
      if (answer.status < 400) return { status: 303, location: "/cart" };
      if (answer.status === 401) return { status: 303, location: "/login" };
      return page(
        "Not added",
        `<p class="error" role="alert">${escapeHtml(problemText(answer))}</p>`,
        answer.status,
      );
    }
    case "POST /orders": {
      const answer = await ask("POST", "/orders");
      return answer.status === 201
        ? { status: 303, location: `/orders/${(answer.body as Order).id}` }
        : page(
            "No order",
            `<p class="error" role="alert">${escapeHtml(problemText(answer))}</p>`,
            answer.status,
          );
    }
    case "GET /orders/{id}": {
      const answer = await ask("GET", `/orders/${id}`);
      return answer.status === 200
        ? page("Order", orderPage(answer.body as Order))
        : page("Not found", `<p>${escapeHtml(problemText(answer))}</p>`, answer.status);
    }
    default:
      return page("Not found", "<p>There is no such page.</p>", 404);
  }
}

const dollars = (amount: number): string => `$${amount.toFixed(2)}`;

function layout(title: string, body: string, isLoggedIn: boolean): string {
  const account = isLoggedIn
    ? '<a href="/cart">Cart</a> <form method="post" action="/logout"><button>Log out</button></form>'
    : '<a href="/login">Log in</a>';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head><body><nav><a href="/products">Products</a> ${account}</nav><main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`;
}

const loginForm = (): string =>
  '<form method="post" action="/login"><label>Email <input name="email" type="email" required></label><label>Password <input name="password" type="password" required></label><button>Log in</button></form>';

function productList({
  items,
  page,
  pageCount,
}: {
  items: Product[];
  page: number;
  pageCount: number;
}): string {
  const rows = items.map(
    ({ productId, title, priceUsd, inStock }) =>
      `<li><a href="/products/${productId}">${escapeHtml(title)}</a> ${dollars(priceUsd)}${inStock ? "" : " sold out"}</li>`,
  );
  const next = page < pageCount ? `<p><a href="/products?page=${page + 1}">Next page</a></p>` : "";
  return `<form method="get" action="/products"><label>Search <input name="search"></label><button>Search</button></form><ul>${rows.join("")}</ul>${next}`;
}

function productPage({ productId, priceUsd, inStock }: Product): string {
  const buy = inStock
    ? `<form method="post" action="/cart"><input type="hidden" name="productId" value="${productId}"><label>Quantity <input name="quantity" type="number" min="1" max="10" value="1"></label><button>Add to cart</button></form>`
    : "<p>Sold out</p>";
  return `<p>Price: ${dollars(priceUsd)}</p>${buy}`;
}

function cartPage(
  answer: ShopAnswer,
  page: (title: string, body: string, status?: number) => WebAnswer,
): WebAnswer {
  if (answer.status === 401) return { status: 303, location: "/login" };
  const { items, totalUsd } = answer.body as { items: Line[]; totalUsd: number };
  if (items.length === 0) return page("Cart", "<p>The cart is empty.</p>");
  const rows = items.map(
    ({ title, quantity, lineTotalUsd }) =>
      `<li>${quantity} x ${escapeHtml(title)} ${dollars(lineTotalUsd)}</li>`,
  );
  return page(
    "Cart",
    `<ul>${rows.join("")}</ul><p>Total: ${dollars(totalUsd)}</p><form method="post" action="/orders"><button>Check out</button></form>`,
  );
}

function orderPage({ id, state, totalUsd, lines }: Order): string {
  const rows = lines.map(({ title, quantity }) => `<li>${quantity} x ${escapeHtml(title)}</li>`);
  return `<p>Order ${escapeHtml(id)} is ${escapeHtml(state)}.</p><ul>${rows.join("")}</ul><p>Total: ${dollars(totalUsd)}</p>`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escapeHtml = (text: string): string => text.replaceAll(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
