import type { Sink } from "@ape/core/sink";
import { CounterSink, TrendSink } from "@ape/core/sink";
import { expect, test } from "vitest";
import { evaluateThresholds, thresholdsOf, UNJUDGED } from "./thresholds.ts";

function figures(sinks: Record<string, Sink>): { sink(text: string): Sink | undefined } {
  return { sink: (text) => sinks[text] };
}
function trend(...values: number[]): Sink {
  const sink = new TrendSink(1000);
  for (const value of values) sink.add(value);
  return sink;
}

test("a real provider's time to first token has a threshold of its own", () => {
  expect(Object.keys(thresholdsOf({}, true))).toEqual([]);
  expect(thresholdsOf({}, false).time_to_first_token).toMatchObject([
    { expression: "p(95)<1s", limit: 1000 },
  ]);
});

test("a user's threshold for some model takes the default's place", () => {
  const own = thresholdsOf({ 'time_to_first_token{model:"a"}': ["avg<2s"] }, false);
  expect(Object.keys(own)).toEqual(['time_to_first_token{model:"a"}']);
});

test("a run that is to judge nothing has not even the default", () => {
  expect(evaluateThresholds(thresholdsOf(UNJUDGED, false), figures({}), 1000)).toEqual([]);
});

test("thresholds are judged in the metric's unit", () => {
  const thresholds = thresholdsOf({ action_duration: ["p(95)<500ms", "avg<20"] }, true);
  expect(evaluateThresholds(thresholds, figures({ action_duration: trend(30, 40) }), 1000)).toEqual([
    { metric: "action_duration", expression: "p(95)<500ms", ok: true, actual: 40, abort: false },
    { metric: "action_duration", expression: "avg<20", ok: false, actual: 35, abort: false },
  ]);
});

test("rates of counters are taken over the time that has passed", () => {
  const sink = new CounterSink();
  sink.add(100);
  const thresholds = thresholdsOf({ actions: ["rate>10"] }, true);
  expect(evaluateThresholds(thresholds, figures({ actions: sink }), 5_000)[0]).toMatchObject({
    ok: true,
    actual: 20,
  });
  expect(evaluateThresholds(thresholds, figures({ actions: sink }), 20_000)[0]).toMatchObject({
    ok: false,
    actual: 5,
  });
});

test("a threshold aborts when it is crossed, has data, and its delay has passed", () => {
  const configured = { expression: "avg<20", abortOnFail: true, delayAbortEval: 2_000 };
  const thresholds = thresholdsOf({ action_duration: [configured] }, true);
  const abort = (sinks: Record<string, Sink>, elapsedMs: number): boolean | undefined =>
    evaluateThresholds(thresholds, figures(sinks), elapsedMs)[0]?.abort;
  expect(abort({ action_duration: trend(30) }, 1_999)).toBe(false);
  expect(abort({ action_duration: trend(30) }, 2_000)).toBe(true);
  expect(abort({ action_duration: trend(10) }, 2_000)).toBe(false);
  expect(abort({}, 2_000)).toBe(false);
});

test("a threshold without data is not ok", () => {
  const thresholds = thresholdsOf({ action_duration: ["p(95)<500"] }, true);
  expect(evaluateThresholds(thresholds, figures({}), 1000)[0]).toMatchObject({
    ok: false,
    actual: undefined,
  });
});

test("nonsense is refused", () => {
  expect(() => thresholdsOf({ action_duration: ["p95<500"] }, true)).toThrow(/no threshold/);
  expect(() => thresholdsOf({ actoin_duration: ["avg<500"] }, true)).toThrow(/no metric/);
});
