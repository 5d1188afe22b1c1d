import { Exposition } from "@ape/core/metrics/exposition";
import { GENAI_METRICS, type GenAiMetric, genAiPrometheusName } from "@ape/core/metrics/genai";
import type { InferenceEnded } from "@ape/core/protocol/events";
import { expect, test } from "vitest";
import { GenAiMetrics } from "./genai-metrics.ts";

const call = (more: Partial<InferenceEnded> = {}): InferenceEnded => ({
  type: "inference",
  at: 1,
  inference: "i1",
  session: "s",
  step: 1,
  provider: "cerebras",
  model: "gpt-oss-120b",
  streamed: true,
  status: 200,
  attempts: 1,
  queueMs: 0,
  firstTokenMs: 90,
  durationMs: 500,
  inputTokens: 1_500,
  outputTokens: 42,
  costUsd: 0,
  ...more,
});
const shown = (...calls: InferenceEnded[]): string[] => {
  const figures = new GenAiMetrics();
  for (const one of calls) figures.add(one);
  const page = new Exposition("prometheus");
  figures.show(page);
  return page.text().split("\n");
};
const LABELS =
  'gen_ai_operation_name="chat",gen_ai_provider_name="cerebras",gen_ai_request_model="gpt-oss-120b"';

test("every mapped metric is shown with its conventional buckets", () => {
  const lines = shown(call());
  for (const metric of Object.keys(GENAI_METRICS) as GenAiMetric[]) {
    const name = genAiPrometheusName(metric);
    expect(lines).toContain(`# TYPE ${name} histogram`);
    const bounds = lines
      .filter((line) => line.startsWith(`${name}_bucket`) && !line.includes('"output"'))
      .map((line) => /le="([^"]+)"/.exec(line)?.[1]);
    expect(bounds).toEqual([...GENAI_METRICS[metric].bounds.map(String), "+Inf"]);
  }
  expect(lines).toContain(`gen_ai_client_operation_duration_seconds_bucket{${LABELS},le="0.32"} 0`);
  expect(lines).toContain(`gen_ai_client_operation_duration_seconds_bucket{${LABELS},le="0.64"} 1`);
  expect(lines).toContain(`gen_ai_client_token_usage_sum{${LABELS},gen_ai_token_type="input"} 1500`);
  expect(lines).toContain(`gen_ai_client_token_usage_sum{${LABELS},gen_ai_token_type="output"} 42`);
  expect(lines).toContain(`gen_ai_server_time_to_first_token_seconds_sum{${LABELS}} 0.09`);
  expect(lines).toContain(`gen_ai_server_time_per_output_token_seconds_sum{${LABELS}} 0.01`);
});

test("a failed call has its error's type and counts no tokens; a whole answer has no first token", () => {
  const lines = shown(
    call({ status: 429, error: "limit" }),
    call({ status: 0, error: "refused" }),
    call({ streamed: false, model: "other-model" }),
  );
  const counts = lines.filter((line) => line.includes("duration_seconds_count"));
  expect(counts.map((line) => /error_type="([^"]*)"/.exec(line)?.[1])).toEqual(["429", "failed", undefined]);
  expect(lines.filter((line) => line.includes("token_usage_count"))).toHaveLength(2);
  expect(lines.some((line) => line.startsWith("gen_ai_server_time_to_first_token_seconds_count"))).toBe(
    false,
  );
});

test("models beyond what a page can hold count as other", () => {
  const lines = shown(...Array.from({ length: 300 }, (_, i) => call({ model: `m${i}` })));
  const models = lines.filter((line) => line.startsWith("gen_ai_client_operation_duration_seconds_count"));
  expect(models).toHaveLength(129);
  expect(models.some((line) => line.includes('model="other"') && line.endsWith(" 172"))).toBe(true);
});
