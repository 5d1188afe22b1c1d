import type { Sink } from "@ape/core/metrics/sink";
import { CounterSink, RateSink, TrendSink } from "@ape/core/metrics/sink";
import { expect, test } from "vitest";
import {
  evaluateThresholds,
  NO_THRESHOLDS,
  type ThresholdContext,
  thresholdContext,
  thresholdsOf,
} from "./thresholds.ts";

function figures(sinks: Record<string, Sink>): { sink(text: string): Sink | undefined } {
  return { sink: (text) => sinks[text] };
}
function trend(...values: number[]): Sink {
  const sink = new TrendSink(1000);
  for (const value of values) sink.add(value);
  return sink;
}

const closed = { simulated: true, arrivals: false };
/** Only what a test configures. */
const only = (configured: Parameters<typeof thresholdsOf>[0], context: ThresholdContext = closed) =>
  thresholdsOf({ ...NO_THRESHOLDS, ...configured }, context);

test.each([
  [{ simulated: true, arrivals: false }, { session_success: "rate>0.95" }],
  [
    { simulated: false, arrivals: false },
    { session_success: "rate>0.95", time_to_first_token: "p(95)<1s" },
  ],
  [
    { simulated: true, arrivals: true },
    { session_success: "rate>0.95", arrivals_dropped: "rate<=0.01" },
  ],
])("without configuration, %j has the defaults %j", (context, expected) => {
  const shown = Object.entries(thresholdsOf({}, context)).map(([metric, list]) => {
    expect(list).toMatchObject([{ isDefault: true }]);
    return [metric, list[0]?.expression];
  });
  expect(Object.fromEntries(shown)).toEqual(expected);
});

test("a user's threshold takes the place of the metric's default, whatever its labels", () => {
  const own = thresholdsOf(
    { 'time_to_first_token{model:"a"}': ["avg<2s"], 'session_success{goal:"buy"}': ["rate>0.5"] },
    { simulated: false, arrivals: false },
  );
  expect(Object.keys(own)).toEqual(['time_to_first_token{model:"a"}', 'session_success{goal:"buy"}']);
});

test("a run without thresholds has no defaults either", () => {
  const thresholds = thresholdsOf(NO_THRESHOLDS, { simulated: false, arrivals: true });
  expect(evaluateThresholds(thresholds, figures({}), 1000)).toEqual([]);
});

test("no default aborts a run, and each says that it is one", () => {
  const sink = new RateSink();
  sink.add(0);
  expect(evaluateThresholds(thresholdsOf({}, closed), figures({ session_success: sink }), 1000)).toEqual([
    {
      metric: "session_success",
      expression: "rate>0.95",
      ok: false,
      actual: 0,
      abort: false,
      isDefault: true,
    },
  ]);
});

test("thresholds are judged in the metric's unit", () => {
  const thresholds = only({ action_duration: ["p(95)<500ms", "avg<20"] });
  expect(evaluateThresholds(thresholds, figures({ action_duration: trend(30, 40) }), 1000)).toEqual([
    { metric: "action_duration", expression: "p(95)<500ms", ok: true, actual: 40, abort: false },
    { metric: "action_duration", expression: "avg<20", ok: false, actual: 35, abort: false },
  ]);
});

test("rates of counters are taken over the time that has passed", () => {
  const sink = new CounterSink();
  sink.add(100);
  const thresholds = only({ actions: ["rate>10"] });
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
  const thresholds = only({ action_duration: [configured] });
  const abort = (sinks: Record<string, Sink>, elapsedMs: number): boolean | undefined =>
    evaluateThresholds(thresholds, figures(sinks), elapsedMs)[0]?.abort;
  expect(abort({ action_duration: trend(30) }, 1_999)).toBe(false);
  expect(abort({ action_duration: trend(30) }, 2_000)).toBe(true);
  expect(abort({ action_duration: trend(10) }, 2_000)).toBe(false);
  expect(abort({}, 2_000)).toBe(false);
});

test("a threshold without data is not ok", () => {
  const thresholds = only({ action_duration: ["p(95)<500"] });
  expect(evaluateThresholds(thresholds, figures({}), 1000)[0]).toMatchObject({
    ok: false,
    actual: undefined,
  });
});

test("nonsense is refused", () => {
  expect(() => only({ action_duration: ["p95<500"] })).toThrow(/no threshold/);
  expect(() => only({ actoin_duration: ["avg<500"] })).toThrow(/no metric/);
});

test("a default without data is left out, but for the success of sessions", () => {
  const judged = evaluateThresholds(thresholdsOf({}, { simulated: false, arrivals: true }), figures({}), 1);
  expect(judged).toEqual([
    {
      metric: "session_success",
      expression: "rate>0.95",
      ok: false,
      actual: undefined,
      abort: false,
      isDefault: true,
    },
  ]);
});

test("selectors that differ in blanks are one, and none aborts unless it says so", () => {
  const own = thresholdsOf(
    {
      actions: ["count>1"],
      " actions ": [{ expression: "count>2", abortOnFail: false, delayAbortEval: 0 }],
    },
    closed,
  );
  const [selector] = Object.keys(own);
  expect(own[selector as string]?.map(({ expression }) => expression)).toEqual(["count>1", "count>2"]);
  const sink = new CounterSink();
  sink.add(1);
  const judged = evaluateThresholds(own, figures({ [selector as string]: sink }), 1_000);
  expect(judged.filter(({ metric }) => metric === selector).map(({ ok, abort }) => [ok, abort])).toEqual([
    [false, false],
    [false, false],
  ]);
  expect(judged[0]).not.toHaveProperty("isDefault");
});

test("the context is that of the run's manifest", () => {
  const model = { provider: "p", name: "n", simulated: true };
  expect(thresholdContext({ model })).toEqual({ simulated: true, arrivals: false });
  expect(thresholdContext({ model: { ...model, simulated: false }, arrivals: true })).toEqual({
    simulated: false,
    arrivals: true,
  });
});
