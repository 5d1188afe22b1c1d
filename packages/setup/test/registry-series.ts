import {
  GENAI_METRICS,
  type GenAiMetric,
  genAiPrometheusLabel,
  genAiPrometheusName,
} from "@ape/core/metrics/genai";
import {
  EXPOSED_METRICS,
  METRICS,
  type MetricDefinition,
  type MetricName,
  prometheusName,
} from "@ape/core/metrics/metrics";
import { parser as promql } from "@prometheus-io/lezer-promql";
import { DASHBOARDS } from "../src/observability/dashboards/specs.ts";

/** Every metric that APE registers, under its registered name: the names of its series in Prometheus, with the labels that they may have. */
export function registrySeries(): Map<string, ReadonlyMap<string, readonly string[]>> {
  const registry = new Map<string, ReadonlyMap<string, readonly string[]>>();
  const histogram = (name: string, labels: readonly string[]): Map<string, readonly string[]> =>
    new Map([
      [`${name}_bucket`, [...labels, "le"]],
      [`${name}_sum`, labels],
      [`${name}_count`, labels],
    ]);
  for (const metric of Object.keys(METRICS) as MetricName[]) {
    const { type, labels }: MetricDefinition = METRICS[metric];
    const name = prometheusName(metric);
    if (type === "trend") registry.set(metric, histogram(name, labels));
    else if (type === "rate")
      registry.set(metric, new Map(["passes", "fails"].map((part) => [`${name}_${part}_total`, labels])));
    else registry.set(metric, new Map([[name, labels]]));
  }
  for (const [name, { labels }] of Object.entries(EXPOSED_METRICS))
    registry.set(name, new Map([[name, labels]]));
  for (const metric of Object.keys(GENAI_METRICS) as GenAiMetric[]) {
    const { name, labels } = GENAI_METRICS[metric];
    registry.set(name, histogram(genAiPrometheusName(metric), labels.map(genAiPrometheusLabel)));
  }
  return registry;
}

/** The series that some panel of some dashboard shows. */
export function shownSeries(): Set<string> {
  const panels = DASHBOARDS.flatMap(({ rows }) => rows.flatMap((row) => row.panels));
  return new Set(
    panels
      .filter(({ kind }) => kind !== "logs")
      .flatMap(({ lines }) => lines.flatMap(({ expr }) => readPromql(expr).series.map(({ name }) => name))),
  );
}

export interface Found {
  series: { name: string; labels: string[] }[];
  grouping: string[];
  broken: boolean;
}

/** What a PromQL expression names. */
export function readPromql(expr: string): Found {
  const text = expr.replaceAll("$__rate_interval", "1m");
  const found: Found = { series: [], grouping: [], broken: false };
  promql.parse(text).iterate({
    enter: (node) => {
      const here = text.slice(node.from, node.to);
      if (node.type.isError) found.broken = true;
      if (node.name === "VectorSelector") found.series.push({ name: "", labels: [] });
      if (node.name === "Identifier" && node.node.parent?.name === "VectorSelector")
        (found.series.at(-1) as Found["series"][number]).name = here;
      if (node.name === "LabelName") {
        if (node.node.parent?.name === "GroupingLabels") found.grouping.push(here);
        else found.series.at(-1)?.labels.push(here);
      }
    },
  });
  return found;
}
