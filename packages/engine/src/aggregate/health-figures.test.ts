import type { HealthSampled } from "@ape/core/protocol/events";
import { expect, test } from "vitest";
import { HealthFigures } from "./health-figures.ts";

const sample = (eventLoopDelayP99Ms: number, cpu = 0.2): HealthSampled => ({
  type: "health",
  at: 0,
  part: "agents-0",
  eventLoopDelayP99Ms,
  cpu,
  cpuSeconds: 1,
  rssBytes: 1,
});

/** Whether a run with these event-loop delays, one for each second, was saturated: as measured, and as merged. */
function saturated(...delays: number[]): boolean {
  const figures = new HealthFigures();
  for (const delay of delays) figures.add(sample(delay));
  const merged = new HealthFigures();
  merged.merge(figures.snapshot());
  expect(merged.total.saturated).toBe(figures.total.saturated);
  return figures.total.saturated;
}

const quiet = (seconds: number): number[] => Array(seconds).fill(5);

test.each([
  ["quiet seconds", quiet(60), false],
  ["four seconds above the limit in a row", [...quiet(20), 60, 60, 60, 60, ...quiet(20)], false],
  ["five seconds above the limit in a row", [...quiet(20), 60, 60, 60, 60, 60, ...quiet(20)], true],
  ["one stall in a run of a minute", [...quiet(30), 391, ...quiet(29)], true],
  ["stalls that come and go", [...quiet(9), 395, ...quiet(9), 210, ...quiet(9)], true],
  ["one stall in ten minutes", [...quiet(300), 391, ...quiet(300)], false],
  ["one stall of two seconds in ten minutes", [...quiet(300), 2_024, ...quiet(300)], true],
  ["one slow second", [...quiet(30), 120, ...quiet(30)], false],
])("a run with %s is saturated only if its figures suffered", (_what, delays, expected) => {
  expect(saturated(...delays)).toBe(expected);
});

test("time for which a CPU limit holds a process back is saturation, and is in the total, as measured and as merged", () => {
  const figures = new HealthFigures();
  for (let second = 0; second < 5; second += 1) figures.add({ ...sample(5), throttledMs: 60.4 });
  figures.add({ ...sample(5), part: "agents-1", throttledMs: 20 });
  figures.add({ ...sample(5), part: "agents-2" });
  const merged = new HealthFigures();
  merged.merge(figures.snapshot());
  for (const one of [figures, merged]) expect(one.total).toMatchObject({ saturated: true, throttledMs: 302 });
  const free = new HealthFigures();
  free.add(sample(5));
  expect(free.total).not.toHaveProperty("throttledMs");
});

test("five seconds of a busy core are saturation, too", () => {
  const figures = new HealthFigures();
  for (let i = 0; i < 5; i += 1) figures.add(sample(5, 0.95));
  expect(figures.total.saturated).toBe(true);
});
