import type { LiveIncrement, LiveWhole } from "@ape/core/report/page-data";
import { expect, test } from "vitest";
import { withIncrement } from "./live-merge.ts";

const latency = (length: number) => ({
  p50: numbers(length),
  p95: numbers(length),
  p99: numbers(length),
  heat: Array.from({ length }, () => [1, 1]),
});
const numbers = (length: number, from = 0): number[] => Array.from({ length }, (_, index) => from + index);

function series(from: number, buckets: number, outcomes: Record<string, number[]> = {}) {
  const list = (): number[] => numbers(buckets - from, from);
  const length = buckets - from;
  return {
    startedAt: 0,
    bucketMs: 1_000,
    buckets,
    agents: { active: list(), waiting: list() },
    sessions: { started: list(), ended: outcomes, dropped: list(), interrupted: list() },
    actions: { count: list(), failed: {}, latency: latency(length), target: latency(length) },
    between: { total: list(), decision: list(), think: list(), queue: list() },
    model: { tokensInput: list(), tokensOutput: list(), costUsd: list(), firstTokenP95: list() },
    generator: { eventLoopDelayMs: list(), cpu: list(), saturated: [] },
  };
}

const whole = {
  report: { version: 1, series: series(0, 5), sessions: [{ session: "a" }], paths: [] },
} as unknown as LiveWhole;

function increment(from: number, buckets: number, more: object = {}): LiveIncrement {
  return {
    from,
    series: series(from, buckets),
    lists: { marks: [], operations: [], failures: [], sampledFrom: 9 },
    sessions: [],
    ...more,
  } as unknown as LiveIncrement;
}

test("later buckets replace the last ones and are added", () => {
  const { report } = withIncrement(whole, increment(3, 7)) as LiveWhole;
  expect(report.series.buckets).toBe(7);
  for (const values of [
    report.series.agents.active,
    report.series.between.think,
    report.series.generator.cpu,
  ])
    expect(values).toEqual(numbers(7));
  expect(report.series.actions.latency.heat.length).toBe(7);
  expect(report.sampledFrom).toBe(9);
});

test("an outcome that occurs for the first time has zeros before", () => {
  const { report } = withIncrement(
    whole,
    increment(4, 6, { series: series(4, 6, { failed: [2, 3] }) }),
  ) as LiveWhole;
  expect(report.series.sessions.ended).toEqual({ failed: [0, 0, 0, 0, 2, 3] });
});

test("a session that comes again replaces the one that is known", () => {
  const sessions = [{ session: "b" }, { session: "a", at: 1 }];
  const { report } = withIncrement(whole, increment(3, 5, { sessions })) as LiveWhole;
  expect(report.sessions).toEqual(sessions);
});

test("an increment that does not continue what is known is refused", () => {
  expect(withIncrement(whole, increment(6, 8))).toBeUndefined();
  expect(
    withIncrement(whole, increment(3, 7, { series: { ...series(3, 7), bucketMs: 2_000 } })),
  ).toBeUndefined();
});
