import type { InferenceEnded } from "@ape/core/events";
import { INFERENCE_METRICS, type InferenceMetric, inferenceValues } from "@ape/core/inference-values";
import { METRICS, PROXY_METRICS, prometheusName } from "@ape/core/metrics";
import { RateSink, type Sink, sinkFor } from "@ape/core/sink";
import { bucketsOf } from "@ape/core/trend-buckets";
import type { SourceFigures } from "./inference.ts";

/** Pairs of model and provider that are told apart: clients may ask for any model. */
const MOST_SERIES = 64;

interface Series {
  labels: string;
  sinks: Record<InferenceMetric, Sink>;
}

/** What a proxy counts of itself, for `/metrics`. */
export class ProxyFigures {
  readonly #series = new Map<string, Series>();

  add(event: InferenceEnded): void {
    const { sinks } = this.#of(event.model, event.provider);
    inferenceValues(event, (metric, value) => sinks[metric].add(value));
  }

  #of(model: string, provider: string): Series {
    const key = `${model}\n${provider}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      if (this.#series.size >= MOST_SERIES && model !== "other") return this.#of("other", provider);
      const sinks = Object.fromEntries(INFERENCE_METRICS.map((metric) => [metric, sinkFor(metric)]));
      series = { labels: labelsOf(model, provider), sinks: sinks as Series["sinks"] };
      this.#series.set(key, series);
    }
    return series;
  }

  /** The figures in Prometheus' text format 0.0.4. */
  text(now: { inFlight: number; cancelled: number; sources: readonly SourceFigures[] }): string {
    const lines: string[] = [];
    const own = (
      name: keyof typeof PROXY_METRICS,
      values: readonly (readonly [labels: string, value: number])[],
    ): void => {
      const { type, help } = PROXY_METRICS[name];
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
      for (const [labels, value] of values)
        lines.push(`${name}${labels === "" ? "" : `{${labels}}`} ${value}`);
    };
    const sources = now.sources.map((source) => [labelsOf(source.model, source.provider), source] as const);
    own("ape_inference_in_flight", [["", now.inFlight]]);
    own("ape_inference_cancelled_total", [["", now.cancelled]]);
    own(
      "ape_inference_underway",
      sources.map(([labels, { underway }]) => [labels, underway]),
    );
    own(
      "ape_inference_waiting",
      sources.map(([labels, { waiting }]) => [labels, waiting]),
    );
    own(
      "ape_inference_limit",
      sources.map(([labels, { limit }]) => [labels, limit]),
    );
    own(
      "ape_inference_circuit_open",
      sources.map(([labels, { open }]) => [labels, open ? 1 : 0]),
    );
    for (const metric of INFERENCE_METRICS) this.#metric(lines, metric);
    return `${lines.join("\n")}\n`;
  }

  #metric(lines: string[], metric: InferenceMetric): void {
    const name = prometheusName(metric);
    const { type, help } = METRICS[metric];
    if (type === "rate") {
      for (const part of ["passes", "fails"] as const) {
        lines.push(`# HELP ${name}_${part}_total ${help}`, `# TYPE ${name}_${part}_total counter`);
        for (const { labels, sinks } of this.#series.values()) {
          const sink = sinks[metric];
          if (sink instanceof RateSink) lines.push(`${name}_${part}_total{${labels}} ${sink[part]}`);
        }
      }
      return;
    }
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type === "trend" ? "histogram" : type}`);
    for (const { labels, sinks } of this.#series.values()) {
      const snapshot = sinks[metric].snapshot();
      if (snapshot.type === "counter") lines.push(`${name}{${labels}} ${snapshot.total}`);
      if (snapshot.type !== "trend") continue;
      const { bounds, cumulative, count, sum } = bucketsOf(metric, snapshot.histogram);
      bounds.forEach((bound, index) => {
        lines.push(`${name}_bucket{${labels},le="${bound}"} ${cumulative[index]}`);
      });
      lines.push(
        `${name}_bucket{${labels},le="+Inf"} ${count}`,
        `${name}_sum{${labels}} ${sum}`,
        `${name}_count{${labels}} ${count}`,
      );
    }
  }
}

function labelsOf(model: string, provider: string): string {
  return `model=${quoted(model)},provider=${quoted(provider)}`;
}

/** A label's value as the text format wants it: a name from a client may hold anything. */
function quoted(value: string): string {
  return `"${value.slice(0, 100).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
