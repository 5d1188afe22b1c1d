import { randomFrom } from "@ape/core/lib/random";
import type { Event } from "@ape/core/protocol/events";
import { expect, test } from "vitest";
import { RunSamples, Sample } from "./samples.ts";

function sampleOf(values: Iterable<number>, seed = 1): Sample {
  const sample = new Sample();
  const random = randomFrom(seed);
  for (const value of values) sample.add(value, random);
  return sample;
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

test("up to 3,000 values are kept as they are, in rising order", () => {
  const sample = sampleOf(range(0, 3_000).reverse());
  expect(sample.count).toBe(3_000);
  expect([...sample.sorted]).toEqual(range(0, 3_000));
});

test("of more values a uniform sample is kept: each third of them has its share", () => {
  const sample = sampleOf(range(0, 30_000));
  const values = sample.sorted;
  expect([sample.count, values.length, new Set(values).size]).toEqual([30_000, 3_000, 3_000]);
  for (const third of [0, 1, 2]) {
    const count = values.filter((value) => Math.floor(value / 10_000) === third).length;
    expect(count).toBeGreaterThan(900);
    expect(count).toBeLessThan(1_100);
  }
});

test("merged samples count by what they were drawn from", () => {
  const one = sampleOf(range(0, 27_000));
  one.merge(sampleOf(range(100_000, 103_000)).snapshot(), randomFrom(2));
  expect([one.count, one.sorted.length, new Set(one.sorted).size]).toEqual([30_000, 3_000, 3_000]);
  const theirs = one.sorted.filter((value) => value >= 100_000).length;
  expect(theirs).toBeGreaterThan(240);
  expect(theirs).toBeLessThan(360);
});

test("small samples are merged without loss, whichever is empty", () => {
  const merged = (a: number[], b: number[]) => {
    const one = sampleOf(a);
    one.merge(sampleOf(b).snapshot(), randomFrom(3));
    return [one.count, ...one.sorted];
  };
  expect(merged([3, 1], [2, 2])).toEqual([4, 1, 2, 2, 3]);
  expect(merged([], [2])).toEqual([1, 2]);
  expect(merged([2], [])).toEqual([1, 2]);
});

test("a snapshot has values to a thousandth, and is not emptied by a merge", () => {
  const snapshot = sampleOf([1.23456, 2]).snapshot();
  expect(snapshot).toEqual({ seen: 2, values: [1.235, 2] });
  new Sample().merge(snapshot, randomFrom(1));
  expect(snapshot.values).toHaveLength(2);
});

const step = (more: object) => ({ type: "step", decisionMs: 5, ...more }) as unknown as Event;
const action = (operation: string, failed = false) => ({ action: { operation, durationMs: 7, failed } });

test("events are counted where they belong", () => {
  const samples = new RunSamples();
  for (const event of [
    { type: "session_ended", durationMs: 100, outcome: "succeeded" } as unknown as Event,
    { type: "session_ended", durationMs: 200, outcome: "failed" } as unknown as Event,
    { type: "inference", firstTokenMs: 9 } as unknown as Event,
    { type: "inference" } as unknown as Event,
    step({}),
    step({ betweenMs: 3, ...action("GET /a") }),
    step(action("GET /b", true)),
  ])
    samples.add(event);
  const counts = Object.fromEntries(Object.entries(samples.trends).map(([name, one]) => [name, one.count]));
  expect(counts).toEqual({
    action_duration: 2,
    session_duration: 2,
    time_between_actions: 1,
    decision_duration: 3,
    time_to_first_token: 1,
  });
  expect([samples.sessionSuccess, samples.actionFailed]).toEqual([
    { passes: 1, total: 2 },
    { passes: 1, total: 2 },
  ]);
  expect([...samples.operations.keys()]).toEqual(["GET /a", "GET /b"]);

  const sum = new RunSamples();
  sum.merge(samples.snapshot());
  sum.merge(samples.snapshot());
  expect([sum.sessionSuccess, sum.actionFailed]).toEqual([
    { passes: 2, total: 4 },
    { passes: 2, total: 4 },
  ]);
  expect([sum.trends.time_between_actions.count, sum.operations.get("GET /b")?.count]).toEqual([2, 2]);
});

test("a hundred operations have samples of their own", () => {
  const samples = new RunSamples();
  for (const n of range(0, 120)) samples.add(step(action(`GET /${n}`)));
  samples.add(step(action("GET /0")));
  expect(samples.operations.size).toBe(100);
  expect([samples.operations.get("GET /0")?.count, samples.trends.action_duration.count]).toEqual([2, 121]);
});
