import { type Shop, startShop } from "@ape/shop/shop";
import { expect, test } from "vitest";
import { clientOf, newTrace, type Read } from "./client.ts";
import { contractOf } from "./contract.ts";
import { startLending } from "./lending.ts";
import { type RenamedServer, startRenamed } from "./renamed-server.ts";

async function withRenamedShop(use: (shop: Shop, server: RenamedServer) => Promise<void>): Promise<void> {
  const shop = await startShop();
  const document = (await clientOf(shop.url)("GET /openapi.json")).json() as Record<string, unknown>;
  const server = await startRenamed({ upstreamUrl: shop.url, document, seed: 11 });
  try {
    await use(shop, server);
  } finally {
    await server.close();
    await shop.close();
  }
}

const CREDENTIALS = { email: "dara.ito.0001@shop.example", password: "walnut-anchor-6882" };

test("the whole way through the shop leads through made-up names, and its answers keep the renamed contract", async () => {
  await withRenamedShop(async (shop, { url, renaming }) => {
    const { word: w } = renaming;
    const { traceId, traceparent } = newTrace();
    const served = (await clientOf(url)("GET /openapi.json")).json();
    expect(served).toEqual(renaming.document);
    const contract = contractOf(served);
    const hold = (operation: string, read: Read) => {
      expect(contract.violations({ operation, ...read })).toEqual([]);
      return read;
    };
    const body = { [w("email")]: CREDENTIALS.email, [w("password")]: CREDENTIALS.password };
    const login = hold(
      `POST /${w("login")}`,
      await clientOf(url, { traceparent })(`POST /${w("login")}`, body),
    );
    const send = clientOf(url, { traceparent, authorization: `Bearer ${login.at(w("accessToken"))}` });
    const list = `GET /${w("products")}`;
    const first = hold(list, await send(`${list}?${w("pageSize")}=1&${w("inStock")}=true&pageSize=7`));
    expect((first.json() as Record<string, unknown[]>)[w("items")]?.length).toBe(1);
    const id = first.at(w("items"), 0, w("productId"));
    hold(`${list}/{${w("productId")}}`, await send(`${list}/${id}`));
    const add = `POST /${w("cart")}/${w("items")}`;
    hold(add, await send(add, { [w("productId")]: id, [w("quantity")]: 1 }));
    const order = hold(`POST /${w("orders")}`, await send(`POST /${w("orders")}`));
    expect([order.status, order.at(w("state"))]).toEqual([201, "paid"]);
    const show = `GET /${w("orders")}`;
    hold(`${show}/{${w("orderId")}}`, await send(`${show}/${order.at(w("id"))}`));
    expect((await send(`POST /${w("logout")}`)).status).toBe(204);
    const { traces } = shop.books();
    expect(traces[traceId]).toMatchObject({
      logins: 1,
      logouts: 1,
      orders: [{ orderId: order.at(w("id")) }],
    });
    expect(Object.keys(traces)).toEqual([traceId]);
  });
});

test("the original's names lead nowhere, and errors name the made-up ones", async () => {
  await withRenamedShop(async (shop, { url, renaming }) => {
    const { word: w } = renaming;
    const send = clientOf(url);
    for (const route of ["POST /login", "GET /products", "GET /openapi.yaml"]) {
      const answer = await send(route);
      expect([answer.status, answer.at(w("error"), w("code"))]).toEqual([404, "not_found"]);
    }
    const refused = await send(`POST /${w("login")}`, CREDENTIALS);
    expect(refused.status).toBe(422);
    expect(refused.json()).toMatchObject({
      [w("error")]: {
        [w("fields")]: { [w("email")]: expect.any(String), [w("password")]: expect.any(String) },
      },
    });
    const torn = await send(`POST /${w("login")}`, "{");
    expect([torn.status, torn.at(w("error"), w("code"))]).toEqual([400, "bad_request"]);
    expect(shop.books().requests).toMatchObject({ other: { 404: 3 }, "POST /login": { 422: 1, 400: 1 } });
  });
});

test("cookies, other headers and bodies that are no JSON pass through", async () => {
  await withRenamedShop(async (shop, { url, renaming }) => {
    const { word: w } = renaming;
    const body = { [w("email")]: CREDENTIALS.email, [w("password")]: CREDENTIALS.password };
    const login = await clientOf(url)(`POST /${w("login")}/${w("cookie")}`, body);
    const [cookie = ""] = login.headers.getSetCookie();
    expect(cookie).toMatch(/^shop_session=.+HttpOnly; SameSite=Lax$/);
    const send = clientOf(url, { cookie: cookie.split(";")[0] ?? "" });
    expect((await send(`GET /${w("cart")}`)).status).toBe(200);
    shop.faults = { unavailable503: { rate: 1, retryAfter: 4 } };
    const closed = await send(`GET /${w("cart")}`);
    expect([closed.status, closed.headers.get("retry-after")]).toEqual([503, "4"]);
    shop.faults = { html: { rate: 1 } };
    expect((await send(`GET /${w("cart")}`)).text).toMatch(/^<!doctype html>/);
  });
});

test("a target that is gone is answered with 502", async () => {
  await withRenamedShop(async (shop, { url, renaming }) => {
    await shop.close();
    expect((await clientOf(url)(`GET /${renaming.word("products")}`)).status).toBe(502);
  });
});

test("the tool library can be used through made-up names, with its key in a header", async () => {
  const lending = await startLending();
  const server = await startRenamed({ upstreamUrl: lending.url, document: lending.document, seed: 12 });
  try {
    const { word: w } = server.renaming;
    const { traceId, traceparent } = newTrace();
    const [row] = lending.rows;
    const enter = `POST /${w("desk")}/${w("visits")}`;
    const entered = await clientOf(server.url, { traceparent })(enter, {
      [w("memberNumber")]: row?.member,
      [w("pin")]: row?.pin,
    });
    const send = clientOf(server.url, { traceparent, "x-library-key": entered.at(w("libraryKey")) });
    const list = `GET /${w("tools")}?${w("limit")}=20`;
    const next = (await send(list)).at(w("next"));
    const tools = (await send(`${list}&${w("cursor")}=${next}`)).json() as Record<
      string,
      Array<Record<string, unknown>>
    >;
    const tool = tools[w("entries")]?.find(
      (entry) => entry[w("onShelf")] === true && Number(entry[w("dailyFee")]) < 12,
    );
    const wish = { toolNumber: tool?.[w("toolNumber")], startsOn: "2031-05-12", days: 2, pickUp: "morning" };
    const wished = Object.fromEntries(Object.entries(wish).map(([name, value]) => [w(name), value]));
    const held = await send(`POST /${w("reservations")}`, wished);
    const number = held.at<number>(w("reservationNumber"));
    await send(`POST /${w("reservations")}/${number}/${w("confirmation")}`);
    await send(`DELETE /${w("desk")}/${w("visits")}/${entered.at<number>(w("visitNumber"))}`);
    expect(lending.books().reached).toEqual([traceId]);
  } finally {
    await server.close();
    await lending.close();
  }
});
