import { bodyOf, listenOnLoopback } from "../loopback.ts";
import type { Item, SystemPlan } from "./draw.ts";
import { capital, plural } from "./naming.ts";
import { type Deal, isRefusal, type SystemState } from "./state.ts";

/** A request to a page. */
interface Visit {
  path: string;
  query: URLSearchParams;
  form: URLSearchParams;
  isPost: boolean;
  user: string | undefined;
  token: string | undefined;
  trace: string;
}

/** What a page answers: its HTML, or where it sends the browser. */
type Page = { html: string; status?: number } | { location: string; cookie?: string };

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

const PAGE = 9;

/** Serves a system as web pages with forms on a free loopback port. */
export async function startWeb(state: SystemState): Promise<{ url: string; close(): Promise<void> }> {
  return listenOnLoopback(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const token = /(?:^|; )sid=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
    const page = answer(state, {
      path: url.pathname,
      query: url.searchParams,
      form: new URLSearchParams(await bodyOf(request)),
      isPost: request.method === "POST",
      user: state.userOf(token),
      token,
      trace: String(request.headers.traceparent ?? "").split("-")[1] ?? "",
    });
    if ("location" in page) {
      const cookie = page.cookie === undefined ? {} : { "set-cookie": page.cookie };
      response.writeHead(303, { location: page.location, ...cookie }).end();
      return;
    }
    const { html, status = 200 } = page;
    response.writeHead(status, { "content-type": "text/html; charset=utf-8" }).end(html);
  });
}

function answer(state: SystemState, visit: Visit): Page {
  const { plan } = state;
  const [, place = "", id = "", verb = ""] = visit.path.split("/");
  if (place === "") return { html: layout(plan, visit, "Welcome", welcome(plan)) };
  if (place === "account") return account(state, visit, id);
  if (place === "catalogue") return id === "" ? catalogue(plan, visit) : itemPage(state, visit, id);
  if (visit.user === undefined) return { location: "/account/login" };
  if (place === "mine")
    return id === "" ? dealsPage(state, visit, visit.user) : dealPage(state, visit, id, verb);
  if (place === "shelf") return shelf(state, visit, id, verb);
  return { html: layout(plan, visit, "Not found", "<p>There is no such page.</p>"), status: 404 };
}

function layout(plan: SystemPlan, visit: Visit, title: string, body: string): string {
  const { system, login } = plan;
  const links = [
    `<a href="/catalogue">${capital(plural(system.item))}</a>`,
    `<a href="/mine">My ${plural(system.deal)}</a>`,
    `<a href="/shelf">My ${plural(system.folder)}</a>`,
  ];
  if (login !== "none")
    links.push(
      visit.user === undefined
        ? `<a href="/account/login">${capital(system.login)}</a>`
        : `<form method="post" action="/account/logout"><button>${capital(system.logout)}</button></form>`,
    );
  return `<!doctype html><html lang="en"><head><title>${escaped(title)}</title></head><body>
<header><nav>${links.join(" ")}</nav></header><main><h1>${escaped(title)}</h1>${body}</main></body></html>`;
}

const welcome = ({ system }: SystemPlan): string =>
  `<p>Here you can see our ${plural(system.item)}.</p><p><a href="/catalogue">All ${plural(system.item)}</a></p>`;

function account(state: SystemState, visit: Visit, what: string): Page {
  const { plan } = state;
  if (what === "logout") {
    state.logout(visit.token ?? "");
    return { location: "/", cookie: "sid=; Path=/; Max-Age=0" };
  }
  const token = visit.isPost ? state.login(visit.form.get("email"), visit.form.get("password")) : undefined;
  if (token !== undefined && !isRefusal(token))
    return { location: "/", cookie: `sid=${token}; Path=/; HttpOnly` };
  const error = token === undefined ? "" : `<p class="error">${escaped(token.message)}</p>`;
  const form = `${error}<form method="post" action="/account/login"><label>Email <input type="email" name="email" required></label>
<label>Password <input type="password" name="password" required></label><button>${capital(plan.system.login)}</button></form>`;
  return { html: layout(plan, visit, capital(plan.system.login), form) };
}

function catalogue(plan: SystemPlan, visit: Visit): Page {
  const { system, kindField, money } = plan;
  const kind = visit.query.get(kindField) ?? "";
  const all = plan.items.filter((item) => kind === "" || item.kind === kind);
  const isPaged = plan.paging !== "none";
  const at = isPaged ? Math.max(1, Number(visit.query.get("page") ?? 1)) : 1;
  const shown = isPaged ? all.slice((at - 1) * PAGE, at * PAGE) : all;
  const rows = shown.map(
    (item) =>
      `<tr><td><a href="/catalogue/${item.id}">${escaped(item.name)}</a></td><td>${item.kind}</td><td>$${item.price.toFixed(2)}</td><td>${item.available ? "available" : "not available"}</td></tr>`,
  );
  const options = plan.kinds.map((one) => `<option value="${one}">${one}</option>`).join("");
  const filter = plan.filters
    ? `<form method="get" action="/catalogue"><label>${capital(kindField)} <select name="${kindField}"><option value="">any</option>${options}</select></label><button>Show</button></form>`
    : "";
  const query = kind === "" ? "" : `&${kindField}=${kind}`;
  const next =
    isPaged && at * PAGE < all.length
      ? `<a rel="next" href="/catalogue?page=${at + 1}${query}">Next page</a>`
      : "";
  const table = `<table><tr><th>Name</th><th>${capital(kindField)}</th><th>${capital(money)}</th><th>Status</th></tr>${rows.join("")}</table>`;
  return { html: layout(plan, visit, capital(plural(system.item)), `${filter}${table}${next}`) };
}

function itemPage(state: SystemState, visit: Visit, id: string): Page {
  const { plan } = state;
  const { system, extra } = plan;
  const item = state.item(id);
  if (item === undefined)
    return { html: layout(plan, visit, "Not found", "<p>It is not here.</p>"), status: 404 };
  let error = "";
  if (visit.isPost) {
    if (visit.user === undefined) return { location: "/account/login" };
    const wrong = wrongExtra(plan, visit.form);
    const deal = wrong ?? state.deal({ user: visit.user, trace: visit.trace }, id);
    if (!isRefusal(deal) && typeof deal !== "string") return { location: `/mine/${deal.id}` };
    error = `<p class="error">${escaped(typeof deal === "string" ? deal : deal.message)}</p>`;
  }
  const field =
    extra === "date"
      ? `<label>Start date <input type="date" name="start" required></label>`
      : extra === "quantity"
        ? `<label>Quantity <input type="number" name="quantity" min="1" max="4" value="1" required></label>`
        : extra === "choice"
          ? `<label>Service <select name="service" required><option value="">choose</option><option>standard</option><option>premium</option></select></label>`
          : "";
  const button = plan.summaries === "create" ? `Make ${system.deal}` : capital(system.make);
  const form = item.available
    ? `<form method="post" action="/catalogue/${item.id}">${field}<button>${button}</button></form>`
    : "<p>Not available.</p>";
  return { html: layout(plan, visit, item.name, `${error}${described(plan, item)}${form}`) };
}

const described = (plan: SystemPlan, item: Item): string =>
  `<dl><dt>${capital(plan.kindField)}</dt><dd>${item.kind}</dd><dt>${capital(plan.money)}</dt><dd>$${item.price.toFixed(2)}</dd></dl>`;

function wrongExtra({ extra }: SystemPlan, form: URLSearchParams): string | undefined {
  if (extra === "date" && !(Date.parse(form.get("start") ?? "") > Date.now()))
    return "Start date must be a date in the future.";
  if (extra === "choice" && (form.get("service") ?? "") === "") return "Service is required.";
  return undefined;
}

function dealsPage(state: SystemState, visit: Visit, user: string): Page {
  const { plan } = state;
  const rows = state.deals
    .filter((deal) => deal.user === user)
    .slice(-20)
    .map((deal) => `<li><a href="/mine/${deal.id}">${escaped(deal.item.name)}</a> ${deal.status}</li>`);
  return { html: layout(plan, visit, `My ${plural(plan.system.deal)}`, `<ul>${rows.join("")}</ul>`) };
}

function dealPage(state: SystemState, visit: Visit, id: string, verb: string): Page {
  const { plan } = state;
  const { system } = plan;
  const deal = state.ownDeal(visit.user ?? "", id);
  if (isRefusal(deal))
    return { html: layout(plan, visit, "Not found", `<p>${deal.message}</p>`), status: 404 };
  let error = "";
  if (visit.isPost) {
    const done = change(state, deal, verb, visit.form);
    if (done === undefined) return { location: `/mine/${id}` };
    error = `<p class="error">${escaped(done)}</p>`;
  }
  const moves = [
    ...(deal.status === "requested" ? [["confirm", system.confirm]] : []),
    ...(deal.status === "cancelled" ? [] : [["cancel", system.cancel]]),
  ].map(
    ([path = "", word = ""]) =>
      `<form method="post" action="/mine/${id}/${path}"><button>${capital(word)}</button></form>`,
  );
  const note = `<form method="post" action="/mine/${id}/note"><label>${capital(system.note)} <textarea name="${plan.noteField}" required></textarea></label><button>Add ${system.note}</button></form>`;
  const notes = deal.notes.map((text) => `<li>${escaped(text)}</li>`).join("");
  const body = `${error}<p>${capital(system.item)}: ${escaped(deal.item.name)}. Status: ${deal.status}.</p><ul>${notes}</ul>${note}${moves.join("")}`;
  return { html: layout(plan, visit, `${capital(system.deal)} ${id}`, body) };
}

/** Carries out a change of a deal; returns what was wrong. */
function change(state: SystemState, deal: Deal, verb: string, form: URLSearchParams): string | undefined {
  if (verb === "note") {
    const text = form.get(state.plan.noteField) ?? "";
    if (text === "") return "A text is required.";
    deal.notes.push(text);
    return undefined;
  }
  const moved = state.move(deal, verb === "confirm" ? "confirmed" : "cancelled");
  return isRefusal(moved) ? moved.message : undefined;
}

function shelf(state: SystemState, visit: Visit, id: string, verb: string): Page {
  const { plan } = state;
  const { system, folderName } = plan;
  const user = visit.user ?? "";
  const title = `My ${plural(system.folder)}`;
  const fields = (name: string, size: string) =>
    `<label>${capital(folderName)} <input name="${folderName}" value="${escaped(name)}" required></label>
<label>${capital(system.folderSize)} <input type="number" name="${system.folderSize}" min="1" max="10" value="${size}"></label>`;
  const sizeIn = (form: URLSearchParams) => {
    const size = form.get(system.folderSize) ?? "";
    return size === "" ? undefined : Number(size);
  };
  if (id === "new") {
    if (visit.isPost) {
      const made = state.folder(
        { user, trace: visit.trace },
        visit.form.get(folderName) ?? "",
        sizeIn(visit.form),
      );
      return { location: `/shelf/${made.id}` };
    }
    const form = `<form method="post" action="/shelf/new">${fields("", "")}<button>${capital(system.create)}</button></form>`;
    return { html: layout(plan, visit, `New ${system.folder}`, form) };
  }
  if (id === "") {
    const rows = state.folders
      .filter((one) => one.user === user && !one.isDeleted)
      .slice(-20)
      .map((one) => `<li><a href="/shelf/${one.id}">${escaped(one.name)}</a></li>`);
    return {
      html: layout(
        plan,
        visit,
        title,
        `<a href="/shelf/new">New ${system.folder}</a><ul>${rows.join("")}</ul>`,
      ),
    };
  }
  const folder = state.ownFolder(user, id);
  if (isRefusal(folder))
    return { html: layout(plan, visit, "Not found", `<p>${folder.message}</p>`), status: 404 };
  if (visit.isPost && verb === "remove") {
    folder.isDeleted = true;
    return { location: "/shelf" };
  }
  if (visit.isPost) {
    folder.name = visit.form.get(folderName) ?? folder.name;
    folder.size = sizeIn(visit.form);
    return { location: `/shelf/${id}` };
  }
  const body = `<form method="post" action="/shelf/${id}/edit">${fields(folder.name, String(folder.size ?? ""))}<button>Save</button></form>
<form method="post" action="/shelf/${id}/remove"><button>${capital(system.remove)}</button></form>`;
  return { html: layout(plan, visit, folder.name, body) };
}
