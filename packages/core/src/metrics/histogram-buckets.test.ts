import { expect, test } from "vitest";
import { Histogram } from "./histogram.ts";
import { bucketsOf } from "./histogram-buckets.ts";
import { sinkFor } from "./sink.ts";

test("durations are buckets of seconds, other trends of plain numbers", () => {
  const sink = sinkFor("action_duration");
  for (const ms of [2, 2_000]) sink.add(ms);
  const snapshot = sink.snapshot();
  if (snapshot.type !== "trend") throw new Error("no trend");
  const seconds = bucketsOf("action_duration", snapshot.histogram);
  expect(seconds).toMatchObject({ count: 2, min: 0.002, max: 2 });
  expect(seconds.sum).toBeCloseTo(2.002);
  expect(seconds.cumulative).toHaveLength(seconds.bounds.length);
  for (const [at, bound] of seconds.bounds.entries())
    if (Math.abs(bound - 2) > 0.01 && Math.abs(bound - 0.002) > 0.0001)
      expect(seconds.cumulative[at]).toBe(bound > 2 ? 2 : bound > 0.002 ? 1 : 0);
  const steps = new Histogram();
  for (const count of [3, 5]) steps.add(count);
  expect(bucketsOf("session_steps", steps.snapshot())).toMatchObject({ count: 2, min: 3, max: 5, sum: 8 });
});
