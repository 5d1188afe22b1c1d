import type { Exposition, LabelledSeries } from "@ape/core/metrics/exposition";
import {
  INFERENCE_METRICS,
  type InferenceMetric,
  inferenceValues,
} from "@ape/core/metrics/inference-metrics";
import { PROXY_METRICS } from "@ape/core/metrics/metrics";
import { type Sink, sinkFor } from "@ape/core/metrics/sink";
import type { InferenceEnded } from "@ape/core/protocol/events";
import type { ProviderFigures } from "../providers/source-figures.ts";
import { GenAiMetrics } from "./genai-metrics.ts";

/** Maximum number of pairs of model and provider: clients may ask for any model. */
const MOST_SERIES = 64;

interface Series {
  labels: { model: string; provider: string };
  sinks: Record<InferenceMetric, Sink>;
}

/** The proxy's own metrics, for `/metrics`. */
export class ProxyMetrics {
  readonly #series = new Map<string, Series>();
  readonly #genAi = new GenAiMetrics();

  add(event: InferenceEnded): void {
    const { sinks } = this.#of(event.model, event.provider);
    inferenceValues(event, (metric, value) => sinks[metric].add(value));
    this.#genAi.add(event);
  }

  #of(model: string, provider: string): Series {
    const key = `${model}\n${provider}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      if (this.#series.size >= MOST_SERIES && model !== "other") return this.#of("other", provider);
      const sinks = Object.fromEntries(INFERENCE_METRICS.map((metric) => [metric, sinkFor(metric)]));
      series = { labels: { model, provider }, sinks: sinks as Series["sinks"] };
      this.#series.set(key, series);
    }
    return series;
  }

  /** Writes the metrics to a page. */
  show(
    page: Exposition,
    now: { inFlight: number; cancelled: number; sources: readonly ProviderFigures[] },
  ): void {
    const own = (
      name: keyof typeof PROXY_METRICS,
      values: readonly (readonly [labels: Record<string, string>, value: number])[],
    ): void => page.own(name, PROXY_METRICS[name], values);
    const each = (
      value: (source: ProviderFigures) => number,
    ): (readonly [Record<string, string>, number])[] =>
      now.sources.map((source) => [{ model: source.model, provider: source.provider }, value(source)]);
    own("ape_inference_in_flight", [[{}, now.inFlight]]);
    own("ape_inference_cancelled_total", [[{}, now.cancelled]]);
    own(
      "ape_inference_underway",
      each(({ underway }) => underway),
    );
    own(
      "ape_inference_waiting",
      each(({ waiting }) => waiting),
    );
    own(
      "ape_inference_limit",
      each(({ limit }) => limit),
    );
    own(
      "ape_inference_circuit_open",
      each(({ open }) => (open ? 1 : 0)),
    );
    for (const metric of INFERENCE_METRICS) page.metric(metric, this.#shown(metric));
    this.#genAi.show(page);
  }

  *#shown(metric: InferenceMetric): Generator<LabelledSeries> {
    for (const { labels, sinks } of this.#series.values()) yield { labels, sink: sinks[metric] };
  }
}
