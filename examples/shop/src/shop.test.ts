import { expect, test } from "vitest";
import { clientOf } from "../../../test/targets/client.ts";
import { buy, cheapProduct, visit, withShop } from "../test/visitor.ts";
import { credentialsAt } from "./credentials.ts";
import { DEFAULT_SEED } from "./shop.ts";

test("a customer logs in, finds, adds, checks out, reads the order and logs out", async () => {
  await withShop({}, async (shop) => {
    const { send } = await visit(shop);
    const productId = await cheapProduct(send);
    const product = await send(`GET /products/${productId}`);
    const price = product.at<number>("priceUsd");
    expect(price).toBeLessThan(50);
    const added = await send("POST /cart/items", { productId, quantity: 2 });
    expect(added.status).toBe(201);
    expect(await send("GET /cart").then((cart) => cart.json())).toEqual(added.json());

    const order = await send("POST /orders");
    expect(order.status).toBe(201);
    const cents = Math.round(price * 100) * 2;
    expect(order.json()).toMatchObject({ state: "paid", totalUsd: cents / 100 });
    expect(order.at<number>("lines", 0, "unitPriceUsd")).toBe(price);
    expect((await send("GET /cart")).json()).toEqual({ items: [], totalUsd: 0 });
    expect((await send(`GET /orders/${order.at("id")}`)).json()).toEqual(order.json());
    expect((await send("GET /orders")).json()).toEqual({
      items: [{ id: order.at("id"), state: "paid", totalUsd: cents / 100 }],
      total: 1,
    });

    expect((await send("POST /logout")).status).toBe(204);
    const after = await send("GET /cart");
    expect([after.status, after.at("error", "code")]).toEqual([401, "invalid_token"]);
  });
});

test("a cookie login serves every protected route", async () => {
  await withShop({}, async (shop) => {
    const login = await clientOf(shop.url)("POST /login/cookie", credentialsAt(0, DEFAULT_SEED));
    expect(login.status).toBe(200);
    expect(login.json()).not.toHaveProperty("accessToken");
    const cookie = login.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Lax/);
    const send = clientOf(shop.url, { cookie: `theme=dark; ${cookie.split(";")[0]}` });
    const order = await buy(send);
    expect(order.status).toBe(201);
    expect((await send(`GET /orders/${order.at("id")}`)).status).toBe(200);
    expect((await send("GET /orders")).status).toBe(200);
    await send("POST /cart/items", { productId: await cheapProduct(send), quantity: 1 });
    expect((await send(`DELETE /cart/items/${await cheapProduct(send)}`)).status).toBe(200);
    expect((await send("POST /logout")).headers.get("set-cookie")).toMatch(/Max-Age=0/);
    expect((await send("GET /cart")).status).toBe(401);
  });
});

test("bad logins are refused, and say why in one form", async () => {
  await withShop({}, async (shop) => {
    const send = clientOf(shop.url);
    const { email } = credentialsAt(0, DEFAULT_SEED);
    for (const path of ["/login", "/login/cookie"]) {
      const wrong = await send(`POST ${path}`, { email, password: "guess" });
      expect(wrong.status).toBe(401);
      expect(wrong.json()).toEqual({ error: { code: "invalid_credentials", message: expect.any(String) } });
      const empty = await send(`POST ${path}`, {});
      expect(empty.status).toBe(422);
      expect(empty.json()).toMatchObject({
        error: { fields: { email: expect.any(String), password: expect.any(String) } },
      });
      for (const body of [undefined, "null", "[]", '"text"', "7"])
        expect((await send(`POST ${path}`, body)).status).toBe(422);
      expect((await send(`POST ${path}`, { email: ["x"], password: { $ne: 1 } })).status).toBe(422);
    }
    const stranger = await send("POST /login", { email: "__proto__", password: "x" });
    expect(stranger.status).toBe(401);
    const torn = await send("POST /login", '{"email": ');
    expect([torn.status, torn.at("error", "code")]).toEqual([400, "bad_request"]);
    const form = await send("POST /login", "email=x", {
      "content-type": "application/x-www-form-urlencoded",
    });
    expect([form.status, form.at("error", "code")]).toEqual([415, "unsupported_media_type"]);
    const huge = await send("POST /login", { email: "x".repeat(70_000), password: "x" });
    expect([huge.status, huge.at("error", "code")]).toEqual([413, "too_large"]);
  });
});

test("without a login, or with a made-up one, protected routes answer 401 with a challenge", async () => {
  await withShop({}, async (shop) => {
    const routes = [
      "GET /cart",
      "POST /cart/items",
      "DELETE /cart/items/x",
      "POST /orders",
      "GET /orders",
      "GET /orders/x",
    ];
    for (const route of [...routes, "POST /logout"]) {
      const bare = await clientOf(shop.url)(route);
      expect([bare.status, bare.at("error", "code")]).toEqual([401, "not_logged_in"]);
      expect(bare.headers.get("www-authenticate")).toBe("Bearer");
      const forged = await clientOf(shop.url, { authorization: "Bearer forged" })(route);
      expect([forged.status, forged.at("error", "code")]).toEqual([401, "invalid_token"]);
    }
    expect((await clientOf(shop.url, { authorization: "Bearer forged" })("GET /products")).status).toBe(200);
  });
});

test("the catalogue is paged by number", async () => {
  await withShop({ products: 23 }, async (shop) => {
    const send = clientOf(shop.url);
    const seen: string[] = [];
    for (let page = 1; page <= 3; page += 1) {
      const answer = (await send(`GET /products?page=${page}`)).json();
      expect(answer).toMatchObject({ page, pageCount: 3, total: 23 });
      for (const { productId } of (answer as { items: Array<{ productId: string }> }).items)
        seen.push(productId);
    }
    expect(seen.length).toBe(23);
    expect(new Set(seen).size).toBe(23);
    expect((await send("GET /products?page=4")).json()).toEqual({
      items: [],
      page: 4,
      pageCount: 3,
      total: 23,
    });
    expect((await send("GET /products?search=nothing")).json()).toEqual({
      items: [],
      page: 1,
      pageCount: 1,
      total: 0,
    });
    expect((await send("GET /products?pageSize=50")).json()).toMatchObject({ pageCount: 1 });
    const bad: Array<[query: string, field: string]> = [
      ["page=0", "page"],
      ["page=two", "page"],
      ["page=1&page=2", "page"],
      ["pageSize=51", "pageSize"],
      ["inStock=maybe", "inStock"],
      [`search=${"x".repeat(101)}`, "search"],
    ];
    for (const [query, field] of bad) {
      const answer = await send(`GET /products?${query}`);
      expect([
        answer.status,
        Object.keys((answer.json() as { error: { fields: object } }).error.fields),
      ]).toEqual([422, [field]]);
    }
  });
});

test("a cart refuses what it cannot take", async () => {
  await withShop({}, async (shop) => {
    const { send } = await visit(shop);
    const productId = await cheapProduct(send);
    const add = async (body: unknown) => {
      const answer = await send("POST /cart/items", body);
      return [answer.status, answer.at("error", "code")];
    };
    for (const quantity of [0, -1, 11, 1.5, "2", null, undefined]) {
      expect(await add({ productId, quantity })).toEqual([422, "invalid_request"]);
    }
    expect(await add({ productId: 7, quantity: 1 })).toEqual([422, "invalid_request"]);
    expect(await add({ productId: "prd_none", quantity: 1 })).toEqual([404, "product_not_found"]);
    const soldOut = (await send("GET /products?inStock=false")).at("items", 0, "productId");
    expect(await add({ productId: soldOut, quantity: 1 })).toEqual([409, "out_of_stock"]);
    expect((await send("POST /cart/items", { productId, quantity: 10 })).status).toBe(201);
    expect(await add({ productId, quantity: 1 })).toEqual([422, "invalid_request"]);
    const absent = await send("DELETE /cart/items/prd_none");
    expect([absent.status, absent.at("error", "code")]).toEqual([404, "not_in_cart"]);
    expect((await send(`DELETE /cart/items/${productId}`)).json()).toEqual({ items: [], totalUsd: 0 });
    const empty = await send("POST /orders");
    expect([empty.status, empty.at("error", "code")]).toEqual([409, "empty_cart"]);
  });
});

test("a cart takes fifty different products and no more", async () => {
  await withShop({}, async (shop) => {
    const { send } = await visit(shop);
    const ids: string[] = [];
    for (const page of [1, 2]) {
      const answer = await send(`GET /products?inStock=true&pageSize=50&page=${page}`);
      for (const { productId } of (answer.json() as { items: Array<{ productId: string }> }).items)
        ids.push(productId);
    }
    const statuses: number[] = [];
    for (const productId of ids.slice(0, 51))
      statuses.push((await send("POST /cart/items", { productId, quantity: 1 })).status);
    expect(statuses).toEqual([...Array(50).fill(201), 409]);
  });
});

test("an order belongs to its customer", async () => {
  await withShop({}, async (shop) => {
    const owner = await visit(shop, 0);
    const other = await visit(shop, 1);
    const id = (await buy(owner.send)).at("id");
    const refused = await other.send(`GET /orders/${id}`);
    expect([refused.status, refused.at("error", "code")]).toEqual([403, "not_your_order"]);
    const absent = await owner.send("GET /orders/ord_none");
    expect([absent.status, absent.at("error", "code")]).toEqual([404, "order_not_found"]);
  });
});

test("the order list shows the latest fifty and counts them all", async () => {
  await withShop({}, async (shop) => {
    const { send } = await visit(shop);
    let last = "";
    for (let turn = 0; turn < 52; turn += 1) last = (await buy(send)).at("id");
    const list = (await send("GET /orders")).json() as { items: Array<{ id: string }>; total: number };
    expect([list.items.length, list.total, list.items[0]?.id]).toEqual([50, 52, last]);
  });
});

test("unknown paths and methods are 404 in the shop's own form", async () => {
  await withShop({}, async (shop) => {
    for (const route of [
      "GET /nothing",
      "PUT /cart",
      "GET /books",
      "GET /faults",
      "POST /reset",
      "PUT /faults",
    ]) {
      const answer = await clientOf(shop.url)(route);
      expect([answer.status, answer.at("error", "code")]).toEqual([404, "not_found"]);
    }
    expect((await clientOf(shop.url)("GET /orders/%ZZ")).status).toBe(400);
  });
});

test("a fresh visit starts with an empty cart, a login after a lost one finds the cart as it was", async () => {
  let now = 1_000_000;
  await withShop({ now: () => now, faults: {} }, async (shop) => {
    const items = async (send: Awaited<ReturnType<typeof visit>>["send"]) =>
      ((await send("GET /cart")).json() as { items: unknown[] }).items.length;
    const first = await visit(shop);
    await first.send("POST /cart/items", { productId: await cheapProduct(first.send), quantity: 1 });

    shop.faults = { tokenExpiry: { rate: 1 } };
    const lost = await first.send("GET /cart");
    expect([lost.status, lost.at("error", "code")]).toEqual([401, "token_expired"]);
    shop.faults = {};
    expect((await first.send("GET /cart")).at("error", "code")).toBe("token_expired");
    const again = await visit(shop);
    expect(await items(again.send)).toBe(1);

    await again.send("POST /logout");
    const fresh = await visit(shop);
    expect(await items(fresh.send)).toBe(0);
    await fresh.send("POST /cart/items", { productId: await cheapProduct(fresh.send), quantity: 1 });

    now += 1800 * 1000;
    expect((await fresh.send("GET /cart")).at("error", "code")).toBe("token_expired");
    expect(await items((await visit(shop)).send)).toBe(0);
  });
});

test("ids do not depend on what other customers do at the same time", async () => {
  const shopping = async (order: number[]) => {
    const ids = new Map<number, string[]>();
    await withShop({}, async (shop) => {
      const visitors = new Map<number, Awaited<ReturnType<typeof visit>>>();
      for (const index of order) {
        const visitor = visitors.get(index) ?? (await visit(shop, index));
        visitors.set(index, visitor);
        ids.set(index, [...(ids.get(index) ?? []), (await buy(visitor.send)).at("id")]);
      }
    });
    return ids;
  };
  const one = await shopping([0, 0, 1, 1, 2, 2]);
  const other = await shopping([2, 1, 0, 1, 0, 2]);
  for (const index of [0, 1, 2]) expect(other.get(index)).toEqual(one.get(index));
  expect(new Set([...one.values()].flat()).size).toBe(6);
});
