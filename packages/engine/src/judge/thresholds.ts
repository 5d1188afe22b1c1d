import type { Config } from "@ape/core/config/schema";
import type { Sink } from "@ape/core/sink";
import { evaluateThreshold, parseSelector, parseThreshold, type Threshold } from "@ape/core/threshold";

/** Thresholds by the selector they are about. */
export type Thresholds = Record<string, Threshold[]>;

/** What a threshold said of a run, or of a run so far. */
export interface JudgedThreshold {
  /** The selector, as the user wrote it. */
  metric: string;
  expression: string;
  ok: boolean;
  /** In the metric's summary unit; undefined where there is no data, which never is ok. */
  actual: number | undefined;
  /** Whether the run is to end now because of it. */
  abort: boolean;
}

const FIRST_TOKEN = "time_to_first_token";
const FIRST_TOKEN_DEFAULT = "p(95)<1s";

/** What a run has that is to judge nothing: without the default that a run with a real provider is given. */
export const UNJUDGED: Config["thresholds"] = { [FIRST_TOKEN]: [] };

/**
 * The thresholds of a configuration. A run with a real provider has one for the time to first token unless it has its
 * own; the simulated model's is a setting, so it proves nothing.
 * @throws ApeError THRESHOLD_INVALID
 */
export function thresholdsOf(configured: Config["thresholds"], simulated: boolean): Thresholds {
  const thresholds: Thresholds = {};
  let hasOwn = false;
  for (const [text, entries] of Object.entries(configured)) {
    const selector = parseSelector(text);
    hasOwn ||= selector.metric === FIRST_TOKEN;
    const list = entries.map((entry) =>
      typeof entry === "string"
        ? parseThreshold(selector.metric, entry)
        : parseThreshold(selector.metric, entry.expression, entry),
    );
    thresholds[selector.text] = [...(thresholds[selector.text] ?? []), ...list];
  }
  if (!simulated && !hasOwn) thresholds[FIRST_TOKEN] = [parseThreshold(FIRST_TOKEN, FIRST_TOKEN_DEFAULT)];
  return thresholds;
}

/**
 * Judges every threshold. One without data is not ok, but ends no run: data may still come.
 * @param elapsedMs time that rates of counters are taken over, and that `delayAbortEval` counts from
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
      const abort =
        !ok && actual !== undefined && threshold.abortOnFail && elapsedMs >= threshold.delayAbortEval;
      judged.push({ metric, expression: threshold.expression, ok, actual, abort });
    }
  }
  return judged;
}
