import type { BucketSeries, Exposition } from "@ape/core/metrics/exposition";
import {
  GENAI_METRICS,
  GENAI_SPANS,
  type GenAiMetric,
  genAiError,
  genAiPrometheusLabel,
  genAiPrometheusName,
} from "@ape/core/metrics/genai";
import type { InferenceEnded } from "@ape/core/protocol/events";

/** Maximum number of label sets: clients may ask for any model. */
const MOST_SERIES = 128;

interface Buckets {
  labels: Record<string, string>;
  counts: Float64Array;
  sum: number;
}

/**
 * The proxy's model calls under the names and buckets of OpenTelemetry's conventions, for dashboards based on those.
 */
export class GenAiMetrics {
  readonly #series = new Map<GenAiMetric, Map<string, Buckets>>();

  add(event: InferenceEnded): void {
    const { model, provider, streamed, durationMs, firstTokenMs, inputTokens, outputTokens } = event;
    const error = genAiError(event);
    this.#put("duration", model, provider, error ?? "", "", durationMs / 1_000);
    if (error !== undefined) return;
    this.#put("tokens", model, provider, "", "input", inputTokens);
    this.#put("tokens", model, provider, "", "output", outputTokens);
    if (!streamed || firstTokenMs === undefined) return;
    this.#put("firstToken", model, provider, "", "", firstTokenMs / 1_000);
    if (outputTokens > 1)
      this.#put(
        "perToken",
        model,
        provider,
        "",
        "",
        (durationMs - firstTokenMs) / 1_000 / (outputTokens - 1),
      );
  }

  #put(
    metric: GenAiMetric,
    model: string,
    provider: string,
    error: string,
    tokenType: string,
    value: number,
  ): void {
    let known = this.#series.get(metric);
    if (known === undefined) {
      known = new Map();
      this.#series.set(metric, known);
    }
    const key = `${model}\n${provider}\n${error}\n${tokenType}`;
    const { bounds } = GENAI_METRICS[metric];
    let buckets = known.get(key);
    if (buckets === undefined) {
      if (known.size >= MOST_SERIES && model !== "other") {
        this.#put(metric, "other", provider, error, tokenType, value);
        return;
      }
      const labels: Record<string, string> = {
        [genAiPrometheusLabel("operation")]: GENAI_SPANS.chat.operation,
        [genAiPrometheusLabel("provider")]: provider,
        [genAiPrometheusLabel("model")]: model,
      };
      if (error !== "") labels[genAiPrometheusLabel("error")] = error;
      if (tokenType !== "") labels[genAiPrometheusLabel("tokenType")] = tokenType;
      buckets = { labels, counts: new Float64Array(bounds.length + 1), sum: 0 };
      known.set(key, buckets);
    }
    let at = 0;
    while (at < bounds.length && value > (bounds[at] as number)) at += 1;
    buckets.counts[at] = (buckets.counts[at] ?? 0) + 1;
    buckets.sum += value;
  }

  /** Writes them to a page. */
  show(page: Exposition): void {
    for (const metric of Object.keys(GENAI_METRICS) as GenAiMetric[]) {
      const { bounds, help } = GENAI_METRICS[metric];
      const series = [...(this.#series.get(metric)?.values() ?? [])].map(
        (buckets): BucketSeries => ({ ...buckets, bounds }),
      );
      page.histogram(genAiPrometheusName(metric), help, series);
    }
  }
}
