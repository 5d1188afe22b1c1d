import { expect, test } from "vitest";
import { clientOf } from "../../../test/targets/client.ts";
import { buy, cheapProduct, type Visitor, visit, withShop } from "../test/visitor.ts";
import { credentialsAt } from "./credentials.ts";
import type { Faults } from "./faults.ts";
import { readFaults } from "./faults.ts";

/** A run of one customer's requests under a fault, in the shop's own words. */
async function under(
  faults: Faults,
  use: (visitor: Visitor, set: (faults: Faults) => void) => Promise<void>,
) {
  let count: Record<string, { count: number; traceIds: string[] }> = {};
  await withShop({}, async (shop) => {
    const visitor = await visit(shop);
    shop.faults = faults;
    await use(visitor, (next) => {
      shop.faults = next;
    });
    count = shop.books().faults;
    for (const fault of Object.values(count)) expect(fault.traceIds).toEqual([visitor.traceId]);
  });
  return Object.fromEntries(Object.entries(count).map(([kind, fault]) => [kind, fault.count]));
}

test("without faults nothing is injected", async () => {
  expect(await under({}, async ({ send }) => void (await buy(send)))).toEqual({});
});

test("latency holds an answer back and changes nothing else", async () => {
  const counts = await under({ latency: { rate: 1, ms: 150 } }, async ({ send }) => {
    const before = performance.now();
    expect((await send("GET /cart")).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(140);
  });
  expect(counts).toEqual({ latency: 1 });
});

test.each([
  ["error500", { error500: { rate: 1 } }, 500, "internal_error", null],
  ["unavailable503", { unavailable503: { rate: 1, retryAfter: 3 } }, 503, "unavailable", "3"],
  ["rateLimit429", { rateLimit429: { rate: 1, retryAfter: 2 } }, 429, "rate_limited", "2"],
] as const)("%s answers so and does nothing", async (kind, faults, status, code, retryAfter) => {
  const counts = await under({}, async ({ send }, set) => {
    await send("POST /cart/items", { productId: await cheapProduct(send), quantity: 1 });
    set(faults);
    const answer = await send("POST /orders");
    expect([answer.status, answer.at("error", "code")]).toEqual([status, code]);
    expect(answer.headers.get("retry-after")).toBe(retryAfter);
    expect((await send("GET /products")).status).toBe(status);
    set({});
    expect((await send("GET /orders")).json()).toEqual({ items: [], total: 0 });
    expect((await send("POST /orders")).status).toBe(201);
  });
  expect(counts).toEqual({ [kind]: 2 });
});

test("html answers 200 with a page where JSON was promised", async () => {
  const counts = await under({ html: { rate: 1, operation: "POST /orders" } }, async ({ send }, set) => {
    const answer = await buy(send);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^text\/html/);
    expect(answer.text).toMatch(/^<!doctype html>/);
    set({});
    expect((await send("GET /orders")).at<number>("total")).toBe(0);
  });
  expect(counts).toEqual({ html: 1 });
});

test("tokenExpiry ends the login there and then, on protected routes only", async () => {
  const counts = await under({ tokenExpiry: { rate: 1 } }, async ({ send }, set) => {
    expect((await send("GET /products")).status).toBe(200);
    const answer = await send("GET /cart");
    expect([answer.status, answer.at("error", "code")]).toEqual([401, "token_expired"]);
    set({});
    expect((await send("GET /cart")).at("error", "code")).toBe("token_expired");
  });
  expect(counts).toEqual({ tokenExpiry: 1 });
});

test("outOfStock hits adding or checking out, as told", async () => {
  const counts = await under({ outOfStock: { rate: 1, at: "add" } }, async ({ send }, set) => {
    const item = { productId: await cheapProduct(send), quantity: 1 };
    const refused = await send("POST /cart/items", item);
    expect([refused.status, refused.at("error", "code")]).toEqual([409, "out_of_stock"]);
    set({ outOfStock: { rate: 1, at: "checkout" } });
    expect((await send("POST /cart/items", item)).status).toBe(201);
    const order = await send("POST /orders");
    expect([order.status, order.at("error", "code")]).toEqual([409, "out_of_stock"]);
    set({});
    expect((await send("POST /orders")).status).toBe(201);
  });
  expect(counts).toEqual({ outOfStock: 2 });
});

test("schemaChange renames a field in answers, at every depth, and nowhere else", async () => {
  const counts = await under({ schemaChange: { field: "priceUsd", to: "price" } }, async ({ send }) => {
    const { items } = (await send("GET /products?search=kettle")).json() as { items: object[] };
    expect(items.length).toBeGreaterThan(0);
    for (const item of items) {
      expect(item).toHaveProperty("price");
      expect(item).not.toHaveProperty("priceUsd");
    }
    expect((await send("GET /cart")).status).toBe(200);
  });
  expect(counts).toEqual({ schemaChange: 1 });
});

test("the document is out of the faults' reach", async () => {
  const all: Faults = {
    error500: { rate: 1 },
    schemaChange: { field: "openapi", to: "gone" },
    html: { rate: 1 },
  };
  await withShop({ faults: all }, async (shop) => {
    const json = await clientOf(shop.url)("GET /openapi.json");
    expect([json.status, json.at("openapi")]).toEqual([200, "3.1.0"]);
    const yaml = await clientOf(shop.url)("GET /openapi.yaml");
    expect([yaml.status, yaml.text.startsWith("openapi: 3.1.0")]).toEqual([200, true]);
    expect(shop.books().requests).toEqual({});
  });
});

test("a share of the requests is hit: the same ones each time, whoever else is there", async () => {
  const statuses = async (others: number) => {
    const seen: number[] = [];
    await withShop({ faults: { error500: { rate: 0.3, operation: "GET /cart" } } }, async (shop) => {
      const visitors = await Promise.all(
        Array.from({ length: others }, (_, index) => visit(shop, index + 1)),
      );
      const { send } = await visit(shop, 0);
      for (let turn = 0; turn < 60; turn += 1) {
        await Promise.all(visitors.map((visitor) => visitor.send("GET /cart")));
        await send("GET /orders");
        seen.push((await send("GET /cart")).status);
      }
    });
    return seen;
  };
  const alone = await statuses(0);
  expect(await statuses(2)).toEqual(alone);
  const hits = alone.filter((status) => status === 500).length;
  expect(hits).toBeGreaterThan(6);
  expect(hits).toBeLessThan(34);
});

test("failed logins of an account are drawn for that account, whatever the trace", async () => {
  const first = await loginStatuses();
  expect(await loginStatuses()).toEqual(first);
  expect(new Set(first)).toEqual(new Set([200, 503]));
});

async function loginStatuses(): Promise<number[]> {
  const seen: number[] = [];
  await withShop({ faults: { unavailable503: { rate: 0.5, retryAfter: 1 } } }, async (shop) => {
    for (let index = 0; index < 20; index += 1) {
      seen.push((await clientOf(shop.url)("POST /login", credentialsAt(index, 1))).status);
    }
  });
  return seen;
}

test.each([
  [[], "want an object"],
  [{ latancy: { rate: 1 } }, 'no fault is called "latancy"'],
  [{ constructor: {} }, 'no fault is called "constructor"'],
  [{ latency: { rate: 1 } }, "faults.latency.ms: want a number"],
  [{ latency: 5 }, "faults.latency: want an object"],
  [{ unavailable503: { rate: 1, retryAfter: 0.5 } }, "faults.unavailable503.retryAfter: want whole seconds"],
  [{ error500: { rate: 2 } }, "faults.error500.rate: want a number from 0 to 1, got 2"],
  [{ error500: { rate: 0.1, ms: 3 } }, 'faults.error500: unknown key "ms"'],
  [{ error500: { rate: 0.1, operation: "GET /none" } }, 'the shop has no "GET /none"'],
  [{ outOfStock: { rate: 1, at: "noon" } }, 'faults.outOfStock.at: want "add" or "checkout"'],
  [{ schemaChange: { field: 'a"b', to: "c" } }, "faults.schemaChange.field"],
  [{ crossAccount: { rate: 1 } }, "faults.crossAccount: want true"],
])("faults that make no sense are refused: %j", (faults, reason) => {
  expect(() => readFaults(faults, ["GET /cart"])).toThrow(reason);
});

test("a cut connection, a redirect to itself and a refusal do nothing, and each is logged with its victim", async () => {
  await withShop({}, async (shop) => {
    const { send } = await visit(shop);
    const productId = await cheapProduct(send);
    const add = () => send("POST /cart/items", { productId, quantity: 1 });
    shop.faults = { reset: { rate: 1, operation: "POST /cart/items" } };
    await expect(add()).rejects.toThrow();
    shop.faults = { hang: { rate: 1, ms: 30, operation: "POST /cart/items" } };
    await expect(add()).rejects.toThrow();
    const statuses: [Faults, number][] = [
      [{ forbidden403: { rate: 1 } }, 403],
      [{ stale404: { rate: 1 } }, 404],
      [{ conflict409: { rate: 1 } }, 409],
      [{ invalid422: { rate: 1 } }, 422],
    ];
    for (const [faults, status] of statuses) {
      shop.faults = faults;
      expect((await add()).status).toBe(status);
    }
    shop.faults = {};
    expect((await send("GET /cart")).json()).toMatchObject({ items: [] });
    const { injections } = shop.books();
    expect(injections.map(({ kind }) => kind)).toEqual([
      "reset",
      "hang",
      "forbidden403",
      "stale404",
      "conflict409",
      "invalid422",
    ]);
    for (const { operation, traceId } of injections)
      expect([operation, traceId]).toEqual(["POST /cart/items", expect.any(String)]);
  });
});

test("the token of a dead login is refused at once; two pieces are taken where one is not", async () => {
  await withShop({}, async (shop) => {
    shop.faults = { deadLogin: { rate: 1 } };
    const { send } = await visit(shop);
    expect((await send("GET /cart")).status).toBe(401);
    expect(shop.books().faults.deadLogin?.count).toBe(1);
    shop.faults = { invalid422: { rate: 1 } };
    const other = await visit(shop, 1);
    const productId = await cheapProduct(other.send);
    expect((await other.send("POST /cart/items", { productId, quantity: 2 })).status).toBe(201);
  });
});
