import type { Json, JsonObject } from "@ape/core/lib/json";
import type { Event, StepEnded } from "@ape/core/protocol/events";
import { expect, test } from "vitest";
import { sessionEnded, sessionStarted, stepEnded } from "../../test/session-events.ts";
import { distinctPer100 } from "./rarefaction.ts";
import { ValueDiversity, type ValueDiversitySnapshot } from "./value-diversity.ts";

const step = (session: string, operation: string, path: string, args: Json): Event =>
  stepEnded(session, { operation, path }, { args: args as StepEnded["args"] });

/** Sessions that each make one call with a body. */
function after(bodies: readonly JsonObject[]): ValueDiversity {
  const all = new ValueDiversity();
  for (const [index, data] of bodies.entries())
    for (const event of [
      sessionStarted(`s${index}`),
      step(`s${index}`, "POST /cart", "/cart", { data }),
      sessionEnded(`s${index}`),
    ])
      all.add(event);
  return all;
}

test("values that identify something count once for each session, by field", () => {
  const all = after([
    { productId: "p1", quantity: 3, note: "hello" },
    { productId: "p1", lines: [{ sku: "a" }, { sku: "b" }, { sku: "a" }] },
    { productId: "p2", lines: [{ sku: "a" }] },
  ]);
  expect(all.of("buy")).toEqual({
    productId: { sessions: 3, distinctPer100: 2, mostUsed: "p1", mostUsedShare: 0.6667 },
    sku: { sessions: 2, distinctPer100: 2, mostUsed: "a", mostUsedShare: 1 },
  });
  expect(all.of("sell")).toEqual({});
});

test("path parameters count like fields of the same name, once", () => {
  const all = new ValueDiversity();
  all.add(sessionStarted("s"));
  all.add(step("s", "GET /products/{productId}", "/products/p%201?x=1", { productId: "p 1" }));
  all.add(step("s", "GET /products", "/products", { query: { page: 2 } }));
  all.add(sessionEnded("s"));
  expect(all.of("buy")).toEqual({
    productId: { sessions: 1, distinctPer100: 1, mostUsed: "p 1", mostUsedShare: 1 },
  });
});

test("sessions that were cut off, placeholders and unknown sessions count for nothing", () => {
  const all = new ValueDiversity();
  all.add(sessionStarted("s"));
  all.add(step("s", "POST /x", "/x", { userId: "u1" }));
  all.add({ type: "session_interrupted", at: 1, session: "s", goal: "buy", steps: 1, durationMs: 1 });
  all.add(step("nobody", "POST /x", "/x", { userId: "u1" }));
  all.add(sessionStarted("t"));
  all.add(step("t", "POST /x", "/x", { userId: "{{id}}" }));
  all.add(sessionEnded("t"));
  expect(all.of("buy")).toEqual({});
});

test("what several processes counted apart is the same together", () => {
  const bodies: JsonObject[] = [
    { productId: "p1" },
    { productId: "p2", sku: "a" },
    { productId: "p1" },
    { sku: "b" },
  ];
  const merged = new ValueDiversity();
  for (const part of [bodies.slice(0, 1), bodies.slice(1)])
    merged.merge(JSON.parse(JSON.stringify(after(part).snapshot())) as ValueDiversitySnapshot);
  expect(merged.of("buy")).toEqual(after(bodies).of("buy"));
});

test("the fields of most sessions are kept, at most five", () => {
  const bodies = Array.from({ length: 7 }, (_, index) =>
    Object.fromEntries(Array.from({ length: index + 1 }, (_, at) => [`k${at}_id`, index])),
  );
  expect(Object.keys(after(bodies).of("buy"))).toEqual(["k0_id", "k1_id", "k2_id", "k3_id", "k4_id"]);
});

test("only the first 5,000 sessions are looked at", () => {
  const bodies = Array.from({ length: 5_010 }, (_, index) => ({ itemId: index < 5_000 ? "early" : "late" }));
  expect(after(bodies).of("buy")).toEqual({
    itemId: { sessions: 5_000, distinctPer100: 1, mostUsed: "early", mostUsedShare: 1 },
  });
});

test("distinct things in a sample of 100 sessions", () => {
  expect(distinctPer100([300], 300)).toBe(1);
  expect(distinctPer100([1, 1, 1], 3)).toBe(3);
  expect(
    distinctPer100(
      Array.from({ length: 1_000 }, () => 1),
      1_000,
    ),
  ).toBeCloseTo(100);
  // Each of two equal halves is nearly sure to be in the sample.
  expect(distinctPer100([150, 150], 300)).toBeCloseTo(2);
});

test("goals, fields, values and their lengths are bounded", () => {
  const fields = after([Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`k${n}_id`, n]))]);
  expect(fields.snapshot()[0]?.fields).toHaveLength(20);
  const long = after([{ itemId: "x".repeat(101) }, { itemId: "x".repeat(100) }]);
  expect(long.of("buy").itemId).toMatchObject({ sessions: 2, mostUsed: "x".repeat(100), mostUsedShare: 1 });
  const many = after([{ itemIds: Array.from({ length: 70 }, (_, n) => n) }]);
  expect(many.snapshot()[0]?.fields[0]?.values).toHaveLength(60);
  const goals = new ValueDiversity();
  for (let n = 0; n < 51; n += 1)
    for (const event of [
      sessionStarted(`s${n}`, `g${n}`),
      step(`s${n}`, "POST /a", "/a", { itemId: n }),
      sessionEnded(`s${n}`, `g${n}`),
    ])
      goals.add(event);
  expect(goals.snapshot()).toHaveLength(50);
  expect([Object.keys(goals.of("g49")), goals.of("g50")]).toEqual([["itemId"], {}]);
});

test("values are looked for four levels down, and empty ones are none", () => {
  const deep = (levels: number): JsonObject => (levels === 0 ? { itemId: "x" } : { inner: deep(levels - 1) });
  // The arguments and their `data` are levels of their own.
  expect(Object.keys(after([deep(1)]).of("buy"))).toEqual(["itemId"]);
  expect(after([deep(3)]).of("buy")).toEqual({});
  expect(after([{ itemId: "", otherId: null, thirdId: true }]).of("buy")).toEqual({});
  expect(after([{ itemId: 0 }]).of("buy").itemId?.mostUsed).toBe("0");
});

test("a path without parameters has no values, and sessions that were looked at are counted", () => {
  const all = new ValueDiversity();
  all.add(sessionStarted("s"));
  all.add(step("s", "GET /a/{id}?", "/a/1?id=2", {}));
  all.add(step("s", "GET /a", "/a", {}));
  all.add(sessionEnded("s"));
  expect(all.looked).toBe(1);
  all.restoreLooked(5_000);
  all.restoreLooked(3);
  expect(all.looked).toBe(5_000);
  all.add(sessionStarted("t"));
  all.add(step("t", "POST /a", "/a", { itemId: 1 }));
  all.add(sessionEnded("t"));
  expect(all.of("buy").itemId).toBeUndefined();
});
