import type { Config } from "@ape/core/config/schema";
import type { MetricName } from "@ape/core/metrics/metrics";
import type { Sink } from "@ape/core/metrics/sink";
import {
  evaluateThreshold,
  parseSelector,
  parseThreshold,
  type Threshold,
} from "@ape/core/metrics/threshold";
import type { Manifest } from "../store/manifest.ts";

/** Thresholds by their selector. */
export type Thresholds = Record<string, (Threshold & { isDefault?: true })[]>;

/** The result of a threshold for a run, or for a run so far. */
export interface JudgedThreshold {
  /** The selector, as the user wrote it. */
  metric: string;
  expression: string;
  ok: boolean;
  /** In the metric's summary unit; undefined without data, which is never ok. */
  actual: number | undefined;
  /** Whether it ends the run now. */
  abort: boolean;
  /** It applies although the configuration does not name it. */
  isDefault?: true;
}

/** Decides which default thresholds apply. */
export interface ThresholdContext {
  /** Whether the simulated model decides: its time to first token is a setting and proves nothing. */
  simulated: boolean;
  /** Whether the load is open: sessions arrive at a rate, whether or not an agent is free. */
  arrivals: boolean;
}

/** The context of a run's thresholds, from its manifest. */
export function thresholdContext({
  model,
  arrivals = false,
}: Pick<Manifest, "model" | "arrivals">): ThresholdContext {
  return { simulated: model.simulated, arrivals };
}

/** Thresholds that apply unless the configuration has one of the same metric. */
const DEFAULTS: readonly {
  metric: MetricName;
  expression: string;
  applies(to: ThresholdContext): boolean;
}[] = [
  { metric: "session_success", expression: "rate>0.95", applies: () => true },
  { metric: "time_to_first_token", expression: "p(95)<1s", applies: ({ simulated }) => !simulated },
  { metric: "arrivals_dropped", expression: "rate<=0.01", applies: ({ arrivals }) => arrivals },
];

/** Thresholds of a run that only measures: no defaults either. */
export const NO_THRESHOLDS: Config["thresholds"] = Object.fromEntries(
  DEFAULTS.map(({ metric }) => [metric, []]),
);

/**
 * The thresholds of a run: the configured ones, and the defaults for metrics without one.
 * @throws ApeError THRESHOLD_INVALID
 */
export function thresholdsOf(configured: Config["thresholds"], context: ThresholdContext): Thresholds {
  const thresholds: Thresholds = {};
  const named = new Set<MetricName>();
  for (const [text, entries] of Object.entries(configured)) {
    const selector = parseSelector(text);
    named.add(selector.metric);
    const list = entries.map((entry) =>
      typeof entry === "string"
        ? parseThreshold(selector.metric, entry)
        : parseThreshold(selector.metric, entry.expression, entry),
    );
    thresholds[selector.text] = [...(thresholds[selector.text] ?? []), ...list];
  }
  for (const { metric, expression, applies } of DEFAULTS)
    if (!named.has(metric) && applies(context))
      thresholds[metric] = [{ ...parseThreshold(metric, expression), isDefault: true }];
  return thresholds;
}

/**
 * Judges every threshold. One without data is not ok, but ends no run: data may still come.
 * @param elapsedMs time for rates of counters, and for `delayAbortEval`
 */
export function evaluateThresholds(
  thresholds: Thresholds,
  figures: { sink(selectorText: string): Sink | undefined },
  elapsedMs: number,
): JudgedThreshold[] {
  const judged: JudgedThreshold[] = [];
  for (const [metric, list] of Object.entries(thresholds)) {
    const sink = figures.sink(metric);
    for (const threshold of list) {
      const { ok, actual } = evaluateThreshold(threshold, sink, elapsedMs / 1000);
      // A default threshold without data, as of the first token of answers that are no streams, is no failure.
      if (threshold.isDefault === true && actual === undefined && metric !== "session_success") continue;
      const abort =
        !ok && actual !== undefined && threshold.abortOnFail && elapsedMs >= threshold.delayAbortEval;
      const one: JudgedThreshold = { metric, expression: threshold.expression, ok, actual, abort };
      if (threshold.isDefault) one.isDefault = true;
      judged.push(one);
    }
  }
  return judged;
}
