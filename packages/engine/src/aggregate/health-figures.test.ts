import type { HealthSampled } from "@ape/core/protocol/events";
import { expect, test } from "vitest";
import { HealthFigures, isOverLimit } from "./health-figures.ts";

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

test.each<[Partial<HealthSampled>, boolean]>([
  [{ eventLoopDelayP99Ms: 50 }, false],
  [{ eventLoopDelayP99Ms: 50.1 }, true],
  [{ cpu: 0.9 }, false],
  [{ cpu: 0.91 }, true],
  [{ throttledMs: 50 }, false],
  [{ throttledMs: 51 }, true],
])("a sample with %j is over a limit: %j", (more, over) => {
  expect(isOverLimit({ ...sample(5), ...more })).toBe(over);
});

test.each<[string, Partial<HealthSampled>, number, boolean]>([
  ["a stall of 200 ms in a hundredth of the run", { eventLoopDelayP99Ms: 200 }, 99, true],
  ["one in less than a hundredth", { eventLoopDelayP99Ms: 200 }, 100, false],
  ["a stall of 199 ms", { eventLoopDelayP99Ms: 199 }, 9, false],
  ["a stall of a second in a long run", { eventLoopDelayP99Ms: 1_000 }, 500, true],
  ["one of less", { eventLoopDelayP99Ms: 999 }, 500, false],
  ["a tenth of its time taken by others", { stealPct: 10 }, 5, false],
  ["more than a tenth", { stealPct: 10.1 }, 5, true],
])("%s is saturation: beside %j and %d quiet seconds: %j", (_what, more, quietSeconds, expected) => {
  const figures = new HealthFigures();
  figures.add({ ...sample(5), ...more });
  for (let second = 0; second < quietSeconds; second += 1) figures.add(sample(5));
  expect(figures.total.saturated).toBe(expected);
});

test("of all processes the longest delay and the highest steal count, CPU and memory add up", () => {
  const figures = new HealthFigures();
  figures.add({ ...sample(9), cpuSeconds: 3, rssBytes: 10, stealPct: 2 });
  figures.add({ ...sample(5), cpuSeconds: 2, rssBytes: 7 });
  figures.add({ ...sample(7), part: "agents-1", cpuSeconds: 4, rssBytes: 20, stealPct: 1 });
  expect(figures.total).toEqual({
    saturated: false,
    eventLoopDelayP99Ms: 9,
    cpuSeconds: 7,
    stealPct: 2,
    rssMaxBytes: 30,
  });
  expect(new HealthFigures().total.stealPct).toBeNull();
});
