import { countsUpTo } from "@ape/core/metrics/histogram";
import type { Sink } from "@ape/core/metrics/sink";
import type { Summary } from "@ape/core/report/summary";
import type { Thresholds } from "../thresholds/thresholds.ts";

/** Default limit of a decision without a threshold, in milliseconds. */
const DEFAULT_MS = 1_000;
/** Trends of milliseconds are kept as whole microseconds. */
const MICROS = 1_000;

/**
 * How long agents take for decisions, against a limit: that of the first upper threshold of `time_to_first_token`,
 * otherwise one second.
 */
export function decisionLatencyOf(
  thresholds: Thresholds,
  figures: { sink(selectorText: string): Sink | undefined },
): Summary["cognition"] {
  const limit = (thresholds.time_to_first_token ?? []).find(({ operator }) => operator.startsWith("<"));
  const thresholdMs = limit?.limit ?? DEFAULT_MS;
  const decisions = figures.sink("decision_duration")?.snapshot();
  const firstToken = figures.sink("time_to_first_token")?.statistic("p(95)", 0);
  if (decisions?.type !== "trend" || decisions.histogram.count === 0)
    return { thresholdMs, firstTokenP95Ms: firstToken ?? null, slowDecisionShare: null };
  const { histogram } = decisions;
  const [fast = 0] = countsUpTo(histogram, [thresholdMs * MICROS]);
  return {
    thresholdMs,
    firstTokenP95Ms: firstToken ?? null,
    slowDecisionShare: Math.round(((histogram.count - fast) / histogram.count) * 1e6) / 1e6,
  };
}
