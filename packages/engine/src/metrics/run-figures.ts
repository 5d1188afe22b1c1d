import type { Exemplar, Exposition, LabelledSeries } from "@ape/core/metrics/exposition";
import { type Labels, METRICS, type MetricName, RUN_METRICS } from "@ape/core/metrics/metrics";
import type { Aggregator } from "../aggregate/aggregator.ts";

/** Metrics that the gateway and the proxy emit in their own processes: every metric has one emitter. */
export const EMITTED_ELSEWHERE: readonly MetricName[] = ["target_duration", "gateway_overhead"];

export interface ShownRun {
  aggregator: Aggregator;
  agentsWanted: number;
  /** Metrics that another role exposes. */
  without?: readonly MetricName[];
  exemplarOf?: (metric: MetricName, labels: Labels) => Exemplar | undefined;
}

/** Writes everything of an aggregator to a page. */
export function showRun(page: Exposition, run: ShownRun): void {
  const byMetric = new Map<MetricName, LabelledSeries[]>();
  for (const { metric, labels, sink } of run.aggregator.series()) {
    const shown = { labels, sink, exemplar: run.exemplarOf?.(metric, labels) };
    const series = byMetric.get(metric);
    if (series === undefined) byMetric.set(metric, [shown]);
    else series.push(shown);
  }
  for (const metric of Object.keys(METRICS) as MetricName[]) {
    const series = byMetric.get(metric);
    if (series !== undefined && run.without?.includes(metric) !== true) page.metric(metric, series);
  }
  page.own("ape_agents_wanted", RUN_METRICS.ape_agents_wanted, [[{}, run.agentsWanted]]);
}
