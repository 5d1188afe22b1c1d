/**
 * Names of APE's metrics and spans in OpenTelemetry's conventions for generative AI, in one place. Source:
 * OpenTelemetry semantic conventions, "Generative AI" (metrics, model spans, agent spans).
 */

import type { InferenceEnded } from "../protocol/events.ts";
import { inferenceFailed } from "./inference-metrics.ts";

const DURATION_BOUNDS = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
] as const;

/** Metrics of model calls, with the attributes and the bucket bounds that the conventions name. */
export const GENAI_METRICS = {
  duration: {
    name: "gen_ai.client.operation.duration",
    unit: "s",
    labels: ["operation", "provider", "model", "error"],
    help: "Duration of a model call: sending upstream until the last byte.",
    bounds: DURATION_BOUNDS,
  },
  tokens: {
    name: "gen_ai.client.token.usage",
    unit: "{token}",
    labels: ["operation", "provider", "model", "tokenType"],
    help: "Tokens of a model call, input and output apart.",
    bounds: [
      1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
    ],
  },
  firstToken: {
    name: "gen_ai.server.time_to_first_token",
    unit: "s",
    labels: ["operation", "provider", "model"],
    help: "Sending upstream until the first content or tool-call delta; streamed calls only.",
    bounds: [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  },
  perToken: {
    name: "gen_ai.server.time_per_output_token",
    unit: "s",
    labels: ["operation", "provider", "model"],
    help: "Time for each output token after the first; streamed calls only.",
    bounds: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5],
  },
} as const;
export type GenAiMetric = keyof typeof GENAI_METRICS;

/** Attributes of metrics and spans. */
export const GENAI = {
  operation: "gen_ai.operation.name",
  provider: "gen_ai.provider.name",
  model: "gen_ai.request.model",
  tokenType: "gen_ai.token.type",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  conversation: "gen_ai.conversation.id",
  agentId: "gen_ai.agent.id",
  agentName: "gen_ai.agent.name",
  tool: "gen_ai.tool.name",
  error: "error.type",
} as const;

/** The `error.type` of a model call: the status that refused it, else `failed`; undefined of a good one. */
export function genAiError(call: InferenceEnded): string | undefined {
  if (!inferenceFailed(call)) return undefined;
  return call.status >= 400 ? String(call.status) : "failed";
}

/** The names of spans: `chat gpt-oss-120b`, `execute_tool http_get`, `invoke_agent buy`. */
export const GENAI_SPANS = {
  chat: { operation: "chat", name: (model: string): string => `chat ${model}` },
  tool: { operation: "execute_tool", name: (tool: string): string => `execute_tool ${tool}` },
  session: { operation: "invoke_agent", name: (goal: string): string => `invoke_agent ${goal}` },
} as const;

/** An OpenTelemetry name as Prometheus has it: `gen_ai_client_operation_duration_seconds`. */
export function genAiPrometheusName(metric: GenAiMetric): string {
  const { name, unit } = GENAI_METRICS[metric];
  return `${name.replaceAll(".", "_")}${unit === "s" ? "_seconds" : ""}`;
}

/** An attribute as Prometheus has it, as a label: `gen_ai_request_model`. */
export function genAiPrometheusLabel(attribute: keyof typeof GENAI): string {
  return GENAI[attribute].replaceAll(".", "_");
}
