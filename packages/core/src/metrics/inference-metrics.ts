import type { InferenceEnded } from "../protocol/events.ts";
import type { MetricName } from "./metrics.ts";

/** The metrics that model calls give values to, each with the labels `model` and `provider`. */
export const INFERENCE_METRICS = [
  "time_to_first_token",
  "time_to_first_reasoning",
  "tokens_per_second",
  "inference_queue",
  "provider_time",
  "inference_duration",
  "inference_failed",
  "tokens_input",
  "tokens_cached",
  "tokens_output",
  "tokens_reasoning",
  "cost_usd",
] as const satisfies readonly MetricName[];
export type InferenceMetric = (typeof INFERENCE_METRICS)[number];

/** Whether a model call brought no good answer. */
export function inferenceFailed({ error, status }: InferenceEnded): boolean {
  return error !== undefined || status === 0 || status >= 400;
}

/** Emits the metric values of one model call: the only place that does, for a run's metrics and the proxy's own. */
export function inferenceValues(
  event: InferenceEnded,
  give: (metric: InferenceMetric, value: number) => void,
): void {
  const { firstTokenMs, firstReasoningMs, providerMs, cachedTokens, reasoningTokens } = event;
  if (event.streamed && firstTokenMs !== undefined) {
    give("time_to_first_token", firstTokenMs);
    const rest = event.durationMs - firstTokenMs;
    if (event.error === undefined && event.outputTokens > 1 && rest > 0)
      give("tokens_per_second", ((event.outputTokens - 1) * 1_000) / rest);
  }
  if (firstReasoningMs !== undefined) give("time_to_first_reasoning", firstReasoningMs);
  if (providerMs !== undefined) give("provider_time", providerMs);
  if (cachedTokens !== undefined) give("tokens_cached", cachedTokens);
  if (reasoningTokens !== undefined) give("tokens_reasoning", reasoningTokens);
  give("inference_queue", event.queueMs);
  give("inference_duration", event.durationMs);
  give("inference_failed", inferenceFailed(event) ? 1 : 0);
  give("tokens_input", event.inputTokens);
  give("tokens_output", event.outputTokens);
  give("cost_usd", event.costUsd);
}
