import { expect, test } from "vitest";
import { isMetricName, METRICS, type MetricName, prometheusName } from "./metrics.ts";
import { GaugeSink, RateSink, type Sink, SUMMARY_STATISTICS, sinkFor } from "./sink.ts";

const names = Object.keys(METRICS) as MetricName[];

test.each(names)("%s: a sink, a snapshot and a merge agree", (name) => {
  const one = sinkFor(name);
  const two = sinkFor(name);
  for (const value of [1, 0, 3]) one.add(value);
  two.merge(JSON.parse(JSON.stringify(one.snapshot())));
  expect(two.type).toBe(METRICS[name].type);
  for (const statistic of SUMMARY_STATISTICS[one.type])
    expect(two.statistic(statistic, 10)).toBe(one.statistic(statistic, 10));
  one.reset();
  expect(one.snapshot()).toEqual(sinkFor(name).snapshot());
});

test.each(names)("%s: without data no statistic but a count is made up", (name) => {
  const sink: Sink = sinkFor(name);
  for (const statistic of SUMMARY_STATISTICS[sink.type]) expect(sink.statistic(statistic, 0) ?? 0).toBe(0);
});

test("a trend keeps microseconds of milliseconds", () => {
  const sink = sinkFor("action_duration");
  for (const value of [0.125, 0.25, 10]) sink.add(value);
  expect(sink.statistic("min", 1)).toBe(0.125);
  expect(sink.statistic("max", 1)).toBe(10);
  expect(sink.statistic("med", 1)).toBeCloseTo(0.25, 2);
  expect(sink.statistic("avg", 1)).toBeCloseTo(3.458, 3);
});

test("rates count passes and fails, gauges of several workers add up", () => {
  const rate = new RateSink();
  for (const value of [1, 1, 0, 1]) rate.add(value);
  expect([rate.passes, rate.fails, rate.statistic("rate")]).toEqual([3, 1, 0.75]);
  const gauge = new GaugeSink();
  gauge.merge({ type: "gauge", value: 3, min: 0, max: 5, set: true });
  gauge.merge({ type: "gauge", value: 4, min: 1, max: 4, set: true });
  expect([gauge.statistic("value"), gauge.statistic("min"), gauge.statistic("max")]).toEqual([7, 1, 9]);
});

test("metric names carry no unit, Prometheus names do, and no two are the same", () => {
  for (const name of names) expect(name).not.toMatch(/_(ms|seconds|total)$/);
  expect(prometheusName("action_duration")).toBe("ape_action_seconds");
  expect(prometheusName("tokens_input")).toBe("ape_tokens_input_total");
  expect(new Set(names.map(prometheusName)).size).toBe(names.length);
  expect(isMetricName("action_duration")).toBe(true);
  expect(isMetricName("toString")).toBe(false);
});

test("a gauge that was reset has no value, and its extremes begin anew", () => {
  const gauge = new GaugeSink();
  for (const value of [5, 2, 9]) gauge.add(value);
  const shown = () => (["value", "min", "max"] as const).map((name) => gauge.statistic(name));
  expect(shown()).toEqual([9, 2, 9]);
  gauge.reset();
  expect(shown()).toEqual([undefined, undefined, undefined]);
  expect(gauge.snapshot()).toEqual({ type: "gauge", value: 0, min: 0, max: 0, set: false });
  for (const value of [4, 3]) gauge.add(value);
  expect(shown()).toEqual([3, 3, 4]);
  gauge.reset();
  gauge.merge({ type: "gauge", value: 7, min: 6, max: 8, set: true });
  expect(shown()).toEqual([7, 6, 8]);
});

test("what has another type, or a gauge without a value, is not merged", () => {
  const trend = sinkFor("action_duration");
  const rate = new RateSink();
  const counter = sinkFor("actions");
  const gauge = new GaugeSink();
  for (const sink of [trend, rate, counter, gauge]) sink.add(1);
  for (const sink of [trend, rate, counter, gauge]) {
    const before = sink.snapshot();
    for (const other of [trend, rate, counter, gauge]) if (other !== sink) sink.merge(other.snapshot());
    sink.merge({ type: "gauge", value: 7, min: 6, max: 8, set: false });
    expect(sink.snapshot()).toEqual(before);
  }
});

test.each([
  ["actions", ["avg", "min", "max", "med", "value", "p(90)"]],
  ["session_success", ["avg", "min", "max", "med", "value", "p(90)"]],
  ["agents_active", ["avg", "med", "rate", "count", "p(90)"]],
  ["action_duration", ["rate", "value"]],
] as const)("%s has none of %j", (name, statistics) => {
  const sink: Sink = sinkFor(name);
  sink.add(2);
  for (const statistic of statistics) expect(sink.statistic(statistic, 1), statistic).toBeUndefined();
});
