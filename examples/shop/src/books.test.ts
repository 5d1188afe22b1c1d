import { expect, onTestFinished, test, vi } from "vitest";
import { clientOf, newTrace } from "../../../test/targets/client.ts";
import { buy, cheapProduct, visit, withShop } from "../test/visitor.ts";
import { Ledger } from "./books.ts";
import { traceIdOf } from "./counter.ts";
import { credentialsAt } from "./credentials.ts";

test("a trace's page tells what it did, and so does its account's", async () => {
  await withShop({ now: () => 1_700_000_000_000 }, async (shop) => {
    const { send, email, traceId } = await visit(shop);
    const order = await buy(send);
    await send("POST /logout");
    await clientOf(shop.url, { "x-trace-id": "plain-1" })("POST /login", { email, password: "guess" });

    const books = shop.books();
    const [line] = (order.json() as { lines: Array<{ productId: string; unitPriceUsd: number }> }).lines;
    const { productId = "", unitPriceUsd = 0 } = line ?? {};
    const booked = {
      orderId: order.at("id"),
      account: email,
      state: "paid",
      totalUsd: order.at<number>("totalUsd"),
      lines: [{ productId, quantity: 1, unitPriceUsd }],
      traceId,
      at: 1_700_000_000_000,
    };
    expect(books.traces[traceId]).toEqual({
      requests: 5,
      logins: 1,
      failedLogins: 0,
      logouts: 1,
      accounts: [email],
      added: [{ productId, quantity: 1, unitPriceUsd }],
      orders: [booked],
      faults: {},
    });
    expect(books.traces["plain-1"]).toMatchObject({ logins: 0, failedLogins: 1, accounts: [] });
    expect(books.orders).toEqual([booked]);
    expect(books.accounts).toEqual({
      [email]: { logins: 1, logouts: 1, added: 1, orders: 1, totalUsd: booked.totalUsd },
    });
    expect(books.requests).toEqual({
      "POST /login": { 200: 1, 401: 1 },
      "GET /products": { 200: 1 },
      "POST /cart/items": { 201: 1 },
      "POST /orders": { 201: 1 },
      "POST /logout": { 204: 1 },
    });
    expect(books.crossAccountReads).toEqual({ attempted: 0, leaked: 0, reads: [] });
    expect([books.sharedCredentials, books.sharings, books.forgotten]).toEqual([0, [], 0]);
  });
});

test("what no operation answers is counted as other", async () => {
  await withShop({}, async (shop) => {
    await clientOf(shop.url)("GET /nothing");
    await clientOf(shop.url)("POST /login", "{");
    expect(shop.books().requests).toEqual({ other: { 404: 1 }, "POST /login": { 400: 1 } });
  });
});

test("reading another's order is counted; the planted bug serves it, and that is counted as a leak", async () => {
  await withShop({}, async (shop) => {
    const owner = await visit(shop, 0);
    const reader = await visit(shop, 1);
    const order = await buy(owner.send);
    const orderId = order.at("id");
    expect((await reader.send(`GET /orders/${orderId}`)).status).toBe(403);
    const attempt = { traceId: reader.traceId, reader: reader.email, owner: owner.email, orderId };
    expect(shop.books().crossAccountReads).toEqual({
      attempted: 1,
      leaked: 0,
      reads: [{ ...attempt, leaked: false }],
    });

    shop.faults = { crossAccount: true };
    const leak = await reader.send(`GET /orders/${orderId}`);
    expect([leak.status, leak.json()]).toEqual([200, order.json()]);
    await owner.send(`GET /orders/${orderId}`);
    const books = shop.books();
    expect(books.crossAccountReads).toMatchObject({ attempted: 2, leaked: 1 });
    expect(books.crossAccountReads.reads.at(-1)).toEqual({ ...attempt, leaked: true });
    expect(books.faults).toEqual({ crossAccount: { count: 1, traceIds: [reader.traceId] } });
  });
});

test("one token in two traces is counted once a trace", async () => {
  await withShop({}, async (shop) => {
    const { token, send, email, traceId } = await visit(shop);
    const thief = newTrace();
    const stolen = clientOf(shop.url, { traceparent: thief.traceparent, authorization: `Bearer ${token}` });
    await stolen("GET /cart");
    await stolen("GET /cart");
    await send("GET /cart");
    await clientOf(shop.url, { authorization: `Bearer ${token}` })("GET /cart");
    const { sharedCredentials, sharings } = shop.books();
    expect(sharedCredentials).toBe(1);
    expect(sharings).toEqual([
      { kind: "token_in_traces", account: email, traceIds: [traceId, thief.traceId] },
    ]);
  });
});

test("one trace with two accounts is counted, a login again is not", async () => {
  await withShop({}, async (shop) => {
    const { traceId, traceparent } = newTrace();
    const send = clientOf(shop.url, { traceparent });
    await send("POST /login", credentialsAt(0, 1));
    await send("POST /login", credentialsAt(0, 1));
    expect(shop.books().sharedCredentials).toBe(0);
    await send("POST /login", credentialsAt(1, 1));
    const { sharedCredentials, sharings } = shop.books();
    expect(sharedCredentials).toBe(1);
    const accounts = [credentialsAt(0, 1).email, credentialsAt(1, 1).email];
    expect(sharings).toEqual([{ kind: "accounts_in_trace", traceId, accounts }]);
  });
});

test("peak concurrency is the most requests at one time", async () => {
  await withShop({ faults: { latency: { rate: 1, ms: 100 } } }, async (shop) => {
    await Promise.all(Array.from({ length: 7 }, () => clientOf(shop.url)("GET /products")));
    await clientOf(shop.url)("GET /products");
    expect(shop.books().peakConcurrency).toBe(7);
  });
});

/** What takes milliseconds may take seconds on a busy machine. */
const PATIENCE = { timeout: 20_000 };

test("a request given up by its client leaves the count", async () => {
  const [arrived, left] = [vi.spyOn(Ledger.prototype, "arrived"), vi.spyOn(Ledger.prototype, "left")];
  onTestFinished(() => void vi.restoreAllMocks());
  await withShop({ faults: { latency: { rate: 1, ms: 200 } } }, async (shop) => {
    const abort = new AbortController();
    const given = fetch(`${shop.url}/products`, { signal: abort.signal });
    await expect.poll(() => arrived.mock.calls.length, PATIENCE).toBe(1);
    abort.abort();
    await expect(given).rejects.toThrow();
    await expect.poll(() => left.mock.calls.length, PATIENCE).toBe(1);
    await clientOf(shop.url)("GET /products");
    expect(shop.books().peakConcurrency).toBe(1);
  });
});

test("the books are a copy", async () => {
  await withShop({}, async (shop) => {
    const { traceId } = await visit(shop);
    const books = shop.books();
    books.traces[traceId]?.accounts.push("somebody");
    expect(shop.books().traces[traceId]?.accounts.length).toBe(1);
  });
});

test("the control port serves books, faults and reset; the shop's port serves none of them", async () => {
  await withShop({}, async (shop) => {
    const control = clientOf(shop.controlUrl);
    const { send, traceId, email } = await visit(shop);
    const first = await buy(send);
    await send("POST /cart/items", { productId: await cheapProduct(send), quantity: 1 });
    expect((await control("GET /books")).json()).toEqual(JSON.parse(JSON.stringify(shop.books())));

    expect((await control("GET /faults")).json()).toEqual({});
    expect((await control("PUT /faults", { error500: { rate: 1 } })).json()).toEqual({
      error500: { rate: 1 },
    });
    expect((await send("GET /cart")).status).toBe(500);
    const bad = await control("PUT /faults", { error500: { rate: 9 } });
    expect([bad.status, bad.at("error", "message")]).toEqual([
      422,
      expect.stringContaining("faults.error500.rate"),
    ]);
    expect((await control("PUT /faults")).status).toBe(422);
    expect(shop.faults).toEqual({ error500: { rate: 1 } });

    expect((await control("POST /reset")).status).toBe(204);
    expect(shop.faults).toEqual({ error500: { rate: 1 } });
    shop.faults = {};
    expect(shop.books().traces[traceId]).toBeUndefined();
    expect((await send("GET /cart")).status).toBe(401);
    const again = await visit(shop);
    expect((await again.send("GET /cart")).json()).toEqual({ items: [], totalUsd: 0 });
    expect(shop.books().accounts[email]).toMatchObject({ orders: 0 });
    expect((await buy(again.send)).at("id")).toBe(first.at("id"));
  });
});

test("the trace id comes from traceparent, else from x-trace-id, else there is none", () => {
  const id = "0af7651916cd43dd8448eb211c80319c";
  expect(traceIdOf({ traceparent: `00-${id}-b7ad6b7169203331-01`, "x-trace-id": "other" })).toBe(id);
  expect(traceIdOf({ traceparent: "00-zz-b7-01", "x-trace-id": "other" })).toBe("other");
  expect(traceIdOf({ traceparent: `00-${"0".repeat(32)}-b7ad6b7169203331-01` })).toBeUndefined();
  expect(traceIdOf({ "x-trace-id": "x".repeat(65) })).toBeUndefined();
  expect(traceIdOf({})).toBeUndefined();
});

test("the books are bounded: the oldest trace is dropped, and that is counted", () => {
  const ledger = new Ledger(["GET /cart"], Date.now);
  for (let index = 0; index < 50_003; index += 1) ledger.page(`trace-${index}`);
  const { traces, forgotten } = ledger.snapshot();
  expect([Object.keys(traces).length, forgotten]).toEqual([50_000, 3]);
  expect([traces["trace-2"], traces["trace-3"]?.requests]).toEqual([undefined, 0]);
});
