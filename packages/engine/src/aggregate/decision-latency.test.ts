import { sinkFor } from "@ape/core/metrics/sink";
import { expect, test } from "vitest";
import { thresholdsOf } from "../thresholds/thresholds.ts";
import { decisionLatencyOf } from "./decision-latency.ts";

const figures = (decisions: readonly number[], tokens: readonly number[]) => {
  const sinks = {
    decision_duration: sinkFor("decision_duration"),
    time_to_first_token: sinkFor("time_to_first_token"),
  };
  for (const ms of decisions) sinks.decision_duration.add(ms);
  for (const ms of tokens) sinks.time_to_first_token.add(ms);
  return { sink: (name: string) => sinks[name as keyof typeof sinks] };
};

test("the share of decisions that are slower than a second, or than the threshold of the first token", () => {
  const some = figures([100, 200, 900, 1_500], [50, 60]);
  expect(decisionLatencyOf({}, some)).toEqual({
    thresholdMs: 1000,
    firstTokenP95Ms: 60,
    slowDecisionShare: 0.25,
  });
  const own = thresholdsOf(
    { time_to_first_token: ["count>1", "p(95)<150ms"] },
    { simulated: false, arrivals: false },
  );
  expect(decisionLatencyOf(own, some)).toMatchObject({ thresholdMs: 150, slowDecisionShare: 0.75 });
  expect(decisionLatencyOf({}, figures([], []))).toEqual({
    thresholdMs: 1000,
    firstTokenP95Ms: null,
    slowDecisionShare: null,
  });
});
