import { expect, test } from "vitest";
import { syntheticEvents } from "../../test/synthetic-events.ts";
import { Aggregator } from "../aggregate/aggregator.ts";
import { worstOf } from "./worst-operations.ts";

test("the three slowest and the three most failing operations are named, and the commonest reason", () => {
  const aggregator = new Aggregator([]);
  for (const event of syntheticEvents({
    sessions: 300,
    steps: 4,
    operations: 6,
    goals: 1,
    personas: 1,
    reasons: 1,
    durationMs: 60_000,
    textChars: 4,
  }))
    aggregator.add(event);
  const { slowest = [], failing = [], commonestFailure } = worstOf(aggregator);
  expect(slowest).toHaveLength(3);
  expect(slowest.map(({ p95Ms }) => p95Ms)).toEqual(slowest.map(({ p95Ms }) => p95Ms).sort((a, b) => b - a));
  expect(failing.length).toBeGreaterThan(0);
  for (const { failed, count } of failing) expect(failed).toBeLessThanOrEqual(count);
  expect(commonestFailure?.count).toBeGreaterThan(0);
});

test("a run without actions names nothing", () => {
  expect(worstOf(new Aggregator([]))).toEqual({});
});
