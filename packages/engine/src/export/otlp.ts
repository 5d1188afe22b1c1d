import { bucketsOf } from "@ape/core/metrics/histogram-buckets";
import { METRICS, type MetricDefinition, type MetricName } from "@ape/core/metrics/metrics";
import { RateSink } from "@ape/core/metrics/sink";
import type { Aggregator } from "../aggregate/aggregator.ts";
import type { AggregatedSeries } from "../aggregate/series-table.ts";
import type { Manifest } from "../store/manifest.ts";
import type { ExportContext, Exporter } from "./export-context.ts";
import {
  type Attribute,
  attributesOf,
  collectorAt,
  nanoseconds,
  originOf,
  partialSuccessError,
} from "./otlp-form.ts";
import { PushExporter } from "./push-exporter.ts";

/** AGGREGATION_TEMPORALITY_CUMULATIVE. */
const CUMULATIVE = 2;

interface NumberPoint {
  attributes: Attribute[];
  startTimeUnixNano: string;
  timeUnixNano: string;
  asDouble: number;
}

interface HistogramPoint {
  attributes: Attribute[];
  startTimeUnixNano: string;
  timeUnixNano: string;
  /** 64-bit numbers are strings in the JSON of protobuf. */
  count: string;
  sum: number;
  bucketCounts: string[];
  explicitBounds: readonly number[];
  min: number;
  max: number;
}

export type OtlpMetric = { name: string; unit: string; description: string } & (
  | { sum: { aggregationTemporality: typeof CUMULATIVE; isMonotonic: true; dataPoints: NumberPoint[] } }
  | { gauge: { dataPoints: NumberPoint[] } }
  | { histogram: { aggregationTemporality: typeof CUMULATIVE; dataPoints: HistogramPoint[] } }
);

/**
 * Sends figures as OTLP metrics, JSON over HTTP, cumulative, to `<url>/v1/metrics`. Names are the registry's with `ape.`
 * before them, durations are in seconds, as OpenTelemetry's conventions have it. A rate is a sum with the attribute
 * `result`, `pass` or `fail`. Source: opentelemetry-proto, `metrics/v1/metrics.proto` and its JSON mapping.
 * @throws ApeError USAGE
 */
export async function openOtlp(destination: string, { manifest }: ExportContext): Promise<Exporter> {
  return new PushExporter(collectorAt(destination, "/v1/metrics"), {
    encode: (aggregator, at) => [
      {
        headers: { "content-type": "application/json" },
        bytes: Buffer.from(JSON.stringify(otlpRequest(aggregator, manifest, at))),
      },
    ],
    complaint: partialSuccessError,
  });
}

/** An ExportMetricsServiceRequest with everything that an aggregator knows. */
function otlpRequest(
  aggregator: Aggregator,
  manifest: Pick<Manifest, "id" | "startedAt" | "versions">,
  at: number,
): { resourceMetrics: unknown[] } {
  const start = nanoseconds(Date.parse(manifest.startedAt));
  const now = nanoseconds(at);
  const metrics = new Map<MetricName, OtlpMetric>();
  for (const series of aggregator.series()) add(metrics, series, start, now);
  const { resource, scope } = originOf(manifest);
  return { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: [...metrics.values()] }] }] };
}

function add(
  metrics: Map<MetricName, OtlpMetric>,
  { metric, labels, sink }: AggregatedSeries,
  startTimeUnixNano: string,
  timeUnixNano: string,
): void {
  let known = metrics.get(metric);
  if (known === undefined) {
    known = emptyMetric(metric);
    metrics.set(metric, known);
  }
  const base = { attributes: attributesOf(labels), startTimeUnixNano, timeUnixNano };
  const snapshot = sink.snapshot();
  if ("sum" in known && sink instanceof RateSink) {
    const results = { pass: sink.passes, fail: sink.fails };
    for (const [result, value] of Object.entries(results))
      known.sum.dataPoints.push({
        ...base,
        attributes: attributesOf({ ...labels, result }),
        asDouble: value,
      });
  } else if ("sum" in known && snapshot.type === "counter")
    known.sum.dataPoints.push({ ...base, asDouble: snapshot.total });
  else if ("gauge" in known && snapshot.type === "gauge")
    known.gauge.dataPoints.push({ ...base, asDouble: snapshot.value });
  else if ("histogram" in known && snapshot.type === "trend") {
    const { bounds, cumulative, count, sum, min, max } = bucketsOf(metric, snapshot.histogram);
    const bucketCounts = [...cumulative, count].map((total, i) => String(total - (cumulative[i - 1] ?? 0)));
    known.histogram.dataPoints.push({
      ...base,
      count: String(count),
      sum,
      bucketCounts,
      explicitBounds: bounds,
      min,
      max,
    });
  }
}

function emptyMetric(metric: MetricName): OtlpMetric {
  const { type, unit, help }: MetricDefinition = METRICS[metric];
  const units = { ms: "s", "1": "1", tokens: "{token}", usd: "{USD}" };
  const head = { name: `ape.${metric}`, unit: units[unit], description: help };
  if (type === "trend") return { ...head, histogram: { aggregationTemporality: CUMULATIVE, dataPoints: [] } };
  if (type === "gauge") return { ...head, gauge: { dataPoints: [] } };
  return { ...head, sum: { aggregationTemporality: CUMULATIVE, isMonotonic: true, dataPoints: [] } };
}
