import { parseDuration } from "../lib/duration.ts";
import { ApeError } from "../lib/errors.ts";
import {
  isMetricName,
  type Label,
  METRICS,
  type MetricDefinition,
  type MetricName,
  type MetricType,
} from "./metrics.ts";
import type { Sink, Statistic } from "./sink.ts";

export type Operator = "<" | "<=" | ">" | ">=" | "==" | "!=";

/** A parsed threshold in k6's grammar; `limit` is in the metric's summary unit. */
export interface Threshold {
  expression: string;
  statistic: Statistic;
  operator: Operator;
  limit: number;
  abortOnFail: boolean;
  /** Milliseconds before an abort is considered. */
  delayAbortEval: number;
}

/** A metric, whole or narrowed to some label values: `action_duration{operation:"POST /orders"}`. */
export interface MetricSelector {
  text: string;
  metric: MetricName;
  labels: Readonly<Partial<Record<Label, string>>>;
}

const EXPRESSION =
  /^\s*(avg|min|med|max|count|rate|value|p\(\s*(\d+(?:\.\d+)?)\s*\))\s*(<=|>=|==|===|!=|<|>)\s*(-?\d+(?:\.\d+)?)\s*([a-zA-Z%]*)\s*$/;
const SELECTOR = /^([a-z_]+)(?:\{(.*)\})?$/;
const LABEL = /^\s*([a-z_]+)\s*:\s*(?:"([^"]*)"|'([^']*)'|([^,"']*?))\s*(?:,|$)/;

const STATISTICS: Record<MetricType, readonly string[]> = {
  trend: ["avg", "min", "med", "max", "count", "p"],
  rate: ["rate"],
  counter: ["count", "rate"],
  gauge: ["value", "min", "max"],
};

function invalid(message: string, hint: string): ApeError {
  return new ApeError("THRESHOLD_INVALID", message, { hint });
}

/**
 * Reads a threshold's metric, as in k6: a name, and label values in braces.
 * @throws ApeError THRESHOLD_INVALID
 */
export function parseSelector(text: string): MetricSelector {
  const match = SELECTOR.exec(text.trim());
  const metric = match?.[1] ?? "";
  if (match === null || !isMetricName(metric))
    throw invalid(`there is no metric "${text}"`, `The metrics are ${Object.keys(METRICS).join(", ")}.`);
  const allowed: readonly Label[] = METRICS[metric].labels;
  const labels: Partial<Record<Label, string>> = {};
  let rest = match[2] ?? "";
  while (rest.trim() !== "") {
    const found = LABEL.exec(rest);
    const label = allowed.find((name) => name === found?.[1]);
    if (found === null || label === undefined)
      throw invalid(
        `"${rest.trim()}" is no label of ${metric}`,
        allowed.length > 0 ? `Its labels are ${allowed.join(", ")}.` : "It has no labels.",
      );
    labels[label] = found[2] ?? found[3] ?? found[4] ?? "";
    rest = rest.slice(found[0].length);
  }
  return { text: text.trim(), metric, labels };
}

/**
 * Reads one expression such as `p(95)<500ms` for a metric. A bare number is in the metric's summary unit
 * (milliseconds for durations); units `ms s m h` are allowed on durations and `%` on rates.
 * @throws ApeError THRESHOLD_INVALID
 */
export function parseThreshold(
  metric: MetricName,
  expression: string,
  options: { abortOnFail?: boolean; delayAbortEval?: number } = {},
): Threshold {
  const match = EXPRESSION.exec(expression);
  if (match === null)
    throw invalid(
      `"${expression}" is no threshold`,
      "Write a statistic, a comparison and a number, such as p(95)<500ms, avg<1s or rate>0.95.",
    );
  const definition = METRICS[metric] as MetricDefinition;
  const quantile = match[2];
  const kind = quantile === undefined ? (match[1] as string) : "p";
  const statistics = STATISTICS[definition.type];
  if (!statistics.includes(kind))
    throw invalid(
      `${metric} is a ${definition.type} and has no ${kind}`,
      `A ${definition.type} has ${statistics.map((name) => (name === "p" ? "p(N)" : name)).join(", ")}.`,
    );
  if (quantile !== undefined && Number(quantile) > 100)
    throw invalid(`p(${quantile}) is above 100`, "Percentiles go from p(0) to p(100).");
  const unit = match[5] as string;
  const scale = scaleOf(unit, kind, definition);
  if (scale === undefined)
    throw invalid(
      `the unit "${unit}" does not fit ${kind} of ${metric}`,
      definition.unit === "ms" ? "Durations take ms, s, m or h." : "Write a bare number, or % for a rate.",
    );
  const operator = match[3] === "===" ? "==" : (match[3] as Operator);
  return {
    expression: expression.trim(),
    statistic: quantile === undefined ? (kind as Statistic) : `p(${Number(quantile)})`,
    operator,
    limit: Number(match[4]) * scale,
    abortOnFail: options.abortOnFail ?? false,
    delayAbortEval: options.delayAbortEval ?? 0,
  };
}

function scaleOf(unit: string, statistic: string, definition: MetricDefinition): number | undefined {
  if (unit === "") return 1;
  if (unit === "%") return statistic === "rate" && definition.type === "rate" ? 0.01 : undefined;
  if (definition.unit === "ms" && statistic !== "count") return parseDuration(`1${unit}`);
  return undefined;
}

/** Whether a threshold holds; a metric without data never does. */
export function evaluateThreshold(
  threshold: Threshold,
  sink: Sink | undefined,
  seconds: number,
): { ok: boolean; actual: number | undefined } {
  const actual = sink?.statistic(threshold.statistic, seconds);
  if (actual === undefined) return { ok: false, actual };
  return { ok: compare(actual, threshold.operator, threshold.limit), actual };
}

/** Compares two numbers by an operator of the grammar. */
export function compare(actual: number, operator: Operator, limit: number): boolean {
  switch (operator) {
    case "<":
      return actual < limit;
    case "<=":
      return actual <= limit;
    case ">":
      return actual > limit;
    case ">=":
      return actual >= limit;
    case "==":
      return actual === limit;
    case "!=":
      return actual !== limit;
  }
}
