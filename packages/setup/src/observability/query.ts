import { type Label, type METRICS, type MetricName, prometheusName } from "@ape/core/metrics/metrics";

/** Metrics of one form. */
export type MetricOf<Type extends "trend" | "rate" | "counter" | "gauge"> = {
  [Name in MetricName]: (typeof METRICS)[Name]["type"] extends Type ? Name : never;
}[MetricName];

/** How a query is grouped and filtered. */
export interface Grouping {
  /** Labels to group by. */
  by?: readonly (Label | "run")[];
  /** Label matchers as PromQL has them: `run=~"$run"`. */
  where?: string;
  /** Range of the rate; Grafana's own choice by default. */
  over?: string;
}

const RATE = "$__rate_interval";

function selector(name: string, { where = "", over = RATE }: Grouping): string {
  return `${name}${where === "" ? "" : `{${where}}`}[${over}]`;
}

function grouping(by: readonly string[]): string {
  return by.length === 0 ? "" : ` by (${by.join(", ")})`;
}

/** A counter's increase per second. */
export function rateOf(metric: MetricOf<"counter">, cut: Grouping = {}): string {
  return rateOfName(prometheusName(metric), cut);
}

/** As {@link rateOf}, for a counter by its name in Prometheus. */
function rateOfName(name: string, cut: Grouping = {}): string {
  return `sum${grouping(cut.by ?? [])} (rate(${selector(name, cut)}))`;
}

/** The share of passes in a rate. */
export function shareOf(metric: MetricOf<"rate">, cut: Grouping = {}): string {
  const part = (which: string): string => rateOfName(`${prometheusName(metric)}_${which}_total`, cut);
  return `${part("passes")} / (${part("passes")} + ${part("fails")})`;
}

/** A trend's mean. */
export function meanOf(metric: MetricOf<"trend">, cut: Grouping = {}): string {
  const name = prometheusName(metric);
  return `${rateOfName(`${name}_sum`, cut)} / ${rateOfName(`${name}_count`, cut)}`;
}

/** A trend's values per second. */
export function countOf(metric: MetricOf<"trend">, cut: Grouping = {}): string {
  return rateOfName(`${prometheusName(metric)}_count`, cut);
}

/**
 * A trend's quantile over all processes: buckets are summed, quantiles never averaged.
 * @param q 0 to 1
 */
export function quantileOf(metric: MetricOf<"trend">, q: number, cut: Grouping = {}): string {
  return `histogram_quantile(${q}, ${bucketRates(metric, cut)})`;
}

/** A trend's buckets, for a heat map. */
export function bucketRates(metric: MetricOf<"trend">, cut: Grouping = {}): string {
  const by = ["le", ...(cut.by ?? [])];
  return `sum${grouping(by)} (rate(${selector(`${prometheusName(metric)}_bucket`, cut)}))`;
}
