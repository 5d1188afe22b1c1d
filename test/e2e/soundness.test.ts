import type { Event } from "@ape/core/protocol/events";
import type { Attribution } from "@ape/core/protocol/outcome";
import type { FaultKind, Faults } from "@ape/shop/faults";
import { expect, test } from "vitest";
import { compareWithBooks, REALISTIC, runUnderFaults } from "../soundness.ts";

test("every class of fault at realistic rates: at least 92% succeed, all verdicts and attributions are right", {
  timeout: 120_000,
}, async () => {
  const { events, books } = await runUnderFaults({ sessions: 400, agents: 40, seed: 3 });
  const found = compareWithBooks(events, books);
  expect(found.wrong).toEqual([]);
  expect(found).toMatchObject({ sessions: 400, agreeing: 400, attributed: found.failed });
  expect(found.successRate).toBeGreaterThanOrEqual(0.92);
  expect(Object.keys(found.byKind).sort()).toEqual(Object.keys(REALISTIC).sort());

  // The same comparison finds a verdict, an attribution and a step that are not what they should be.
  const lie = (change: (event: Event) => Event): string[] =>
    compareWithBooks(events.map(change), books).wrong;
  const succeeded = events.find((event) => event.type === "session_ended" && event.outcome === "succeeded");
  expect(
    lie((event) => (event === succeeded ? ({ ...event, outcome: "failed" } as Event) : event)),
  ).toHaveLength(1);
  const blamed = events.find(
    (event) => event.type === "step" && event.action?.attribution === "target" && event.action.status === 500,
  );
  expect(
    lie((event) =>
      event === blamed && event.type === "step" && event.action !== undefined
        ? { ...event, action: { ...event.action, attribution: "simulation" } }
        : event,
    ),
  ).toHaveLength(1);
  expect(
    compareWithBooks(
      events.filter((event) => event !== blamed),
      books,
    ).wrong,
  ).toHaveLength(1);
});

/** Each class often enough to hit nearly every session: agents get over it. */
const OFTEN: [FaultKind, Faults][] = [
  ["hang", { hang: { rate: 0.06, ms: 3_000 } }],
  ["reset", { reset: { rate: 0.2 } }],
  ["error500", { error500: { rate: 0.2 } }],
  ["unavailable503", { unavailable503: { rate: 0.15, retryAfter: 1 } }],
  ["unavailable503", { unavailable503: { rate: 0.2 } }],
  ["rateLimit429", { rateLimit429: { rate: 0.15, retryAfter: 1 } }],
  ["rateLimit429", { rateLimit429: { rate: 0.2 } }],
  ["html", { html: { rate: 0.2 } }],
  ["redirect", { redirect: { rate: 0.2 } }],
  ["tokenExpiry", { tokenExpiry: { rate: 0.2 } }],
  ["deadLogin", { deadLogin: { rate: 0.3 } }],
  ["forbidden403", { forbidden403: { rate: 0.2, operation: "POST /cart/items" } }],
  ["stale404", { stale404: { rate: 0.3 } }],
  ["conflict409", { conflict409: { rate: 0.2 } }],
  ["invalid422", { invalid422: { rate: 0.5 } }],
  ["outOfStock", { outOfStock: { rate: 0.3, at: "checkout" } }],
  ["outOfStock", { outOfStock: { rate: 0.3, at: "add" } }],
  [
    "schemaChange",
    { schemaChange: { rate: 0.2, field: "priceUsd", to: "cost", operation: "GET /products" } },
  ],
];

test.concurrent.each(OFTEN)("agents get over %s: %j", { timeout: 120_000 }, async (kind, faults) => {
  const { events, books } = await runUnderFaults({ sessions: 40, agents: 20, seed: 2, faults });
  const found = compareWithBooks(events, books);
  expect(found.wrong).toEqual([]);
  expect(found.byKind[kind]?.steps).toBeGreaterThan(2);
  expect(found.successRate).toBeGreaterThanOrEqual(0.9);
});

/** Each so that nobody can get over it: sessions end, as what they are, by whose fault it was. */
const ALWAYS: [Faults, Attribution, RegExp][] = [
  [{ deadLogin: { rate: 1 } }, "target", /logged in 3 times/],
  [{ redirect: { rate: 1, operation: "GET /products" } }, "target", /GET \/products/],
  [{ html: { rate: 1, operation: "POST /orders" } }, "target", /POST \/orders/],
  [{ outOfStock: { rate: 1, at: "checkout" } }, "unclear", /POST \/orders.*\(target\).*\(simulation\)/],
  [{ reset: { rate: 1 } }, "target", /POST \/login|GET \/products/],
];

test.concurrent.each(ALWAYS)(
  "no session recovers from %j: it is attributed to %s",
  { timeout: 120_000 },
  async (faults, whose, reason) => {
    const { events, books } = await runUnderFaults({ sessions: 10, agents: 10, seed: 2, faults });
    expect(compareWithBooks(events, books).wrong).toEqual([]);
    const ended = events.flatMap((event) => (event.type === "session_ended" ? [event] : []));
    expect(ended).toHaveLength(10);
    for (const { outcome, attribution, reason: said } of ended) {
      expect(outcome).not.toBe("succeeded");
      expect([attribution, said]).toEqual([whose, expect.stringMatching(reason)]);
    }
  },
);
