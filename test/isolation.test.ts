import type { Event } from "@ape/core/protocol/events";
import type { ToolTransport } from "@ape/core/protocol/tool-call";
import { systemClock } from "@ape/engine/host/clock";
import { createGateway } from "@ape/gateway/gateway";
import type { Books } from "@ape/shop/books";
import { credentialsAt } from "@ape/shop/credentials";
import { startShop } from "@ape/shop/shop";
import { expect, test } from "vitest";
import { configOf, keepEvents, runInProcess } from "./in-process.ts";

const SHOP = new URL("../examples/shop/", import.meta.url).pathname;

/** Every agent buys with an account of its own, all at once; what the shop saw of them. */
async function isolation(
  agents: number,
  plant: (tools: ToolTransport) => ToolTransport = (tools) => tools,
): Promise<{ events: Event[]; books: Books; crossed: string[] }> {
  const shop = await startShop({ accounts: agents });
  const accounts = Array.from({ length: agents }, (_, index) => credentialsAt(index, 1));
  const config = configOf(`version: 1
targets: { shop: { baseUrl: "${shop.url}", spec: ./openapi.yaml } }
inference: { simulation: { firstToken: { median: 1ms, p95: 2ms } } }
goals:
  - name: buy
    prompt: Log in, find a product under $50, add it to the cart, check out, look at the order, log out.
    data: { rows: ${JSON.stringify(accounts)}, unique: true, secret: [password] }
    success: [{ action: { operation: "POST /orders", status: 201 } }]
`);
  const gateway = await createGateway({ targets: config.targets, clock: systemClock, baseDir: SHOP });
  const { events, recorder } = keepEvents();
  try {
    await runInProcess({
      config,
      apis: [gateway.describe("shop")],
      tools: plant(gateway.transport),
      clock: systemClock,
      seed: 5,
      sessions: agents,
      agents,
      recorder,
    });
  } finally {
    await gateway.close();
    await shop.close();
  }
  const books = shop.books();
  return { events, books, crossed: crossings(events, books, accounts) };
}

/** Requests under credentials that are not those of the session's own row, and orders in foreign hands. */
function crossings(events: readonly Event[], books: Books, accounts: readonly { email: string }[]): string[] {
  const found: string[] = [];
  for (const event of events) {
    if (event.type !== "session_started") continue;
    const own = accounts[event.row ?? -1]?.email;
    for (const account of books.traces[event.trace]?.accounts ?? [])
      if (account !== own) found.push(`${event.session} of ${own} used ${account}`);
  }
  for (const { reader, owner } of books.crossAccountReads.reads) found.push(`${reader} read of ${owner}`);
  for (const sharing of books.sharings) found.push(JSON.stringify(sharing));
  return found;
}

test("1,000 agents on 1,000 accounts: not one request under another one's credentials", {
  timeout: 180_000,
}, async () => {
  const { events, books, crossed } = await isolation(1_000);
  expect(crossed).toEqual([]);
  expect([books.sharedCredentials, books.crossAccountReads.attempted]).toEqual([0, 0]);
  const ended = events.flatMap((event) => (event.type === "session_ended" ? [event] : []));
  expect(ended.filter(({ outcome }) => outcome === "succeeded")).toHaveLength(1_000);
  expect(new Set(books.orders.map(({ account }) => account)).size).toBe(1_000);
});

test("the same test finds a planted fault: sessions that share a jar", { timeout: 60_000 }, async () => {
  const { crossed, books } = await isolation(30, (tools) => {
    let jar: string | undefined;
    return {
      call: async (call, signal) => {
        jar ??= call.headers?.authorization;
        return tools.call(
          jar === undefined ? call : { ...call, headers: { ...call.headers, authorization: jar } },
          signal,
        );
      },
    };
  });
  expect(crossed.length).toBeGreaterThan(10);
  expect(crossed.some((found) => found.includes(" used "))).toBe(true);
  expect(books.sharedCredentials).toBeGreaterThan(0);
});
