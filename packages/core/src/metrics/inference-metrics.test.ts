import { expect, test } from "vitest";
import type { InferenceEnded } from "../protocol/events.ts";
import { INFERENCE_METRICS, inferenceFailed, inferenceValues } from "./inference-metrics.ts";

const CALL: InferenceEnded = {
  type: "inference",
  at: 0,
  inference: "i",
  session: "s",
  step: 1,
  provider: "p",
  model: "m",
  status: 200,
  streamed: true,
  attempts: 1,
  queueMs: 3,
  durationMs: 1_100,
  firstTokenMs: 100,
  inputTokens: 50,
  outputTokens: 11,
  costUsd: 0.5,
};
const valuesOf = (more: Partial<InferenceEnded> = {}) => {
  const values: Record<string, number> = {};
  inferenceValues({ ...CALL, ...more }, (metric, value) => {
    values[metric] = value;
  });
  return values;
};

test("a streamed call gives its first token, its rate of the tokens after it, and its use", () => {
  expect(valuesOf()).toEqual({
    time_to_first_token: 100,
    tokens_per_second: 10,
    inference_queue: 3,
    inference_duration: 1_100,
    inference_failed: 0,
    tokens_input: 50,
    tokens_output: 11,
    cost_usd: 0.5,
  });
});

test.each<[string, Partial<InferenceEnded>, number | undefined]>([
  ["an answer of one token", { outputTokens: 1 }, undefined],
  ["an answer of no token", { outputTokens: 0 }, undefined],
  ["an answer of two tokens", { outputTokens: 2 }, 1],
  ["an answer that came at once", { firstTokenMs: 1_100 }, undefined],
  ["an answer that was cut", { error: { code: "protocol", message: "" } as never }, undefined],
  ["an answer that was not streamed", { streamed: false }, undefined],
  ["a call without a first token", { firstTokenMs: undefined as never }, undefined],
])("%s has %j tokens per second", (_name, more, rate) => {
  expect(valuesOf(more).tokens_per_second).toBe(rate);
});

test("what a provider tells beside is passed on, zeros included", () => {
  const told = { firstReasoningMs: 0, providerMs: 0, cachedTokens: 0, reasoningTokens: 0 };
  expect(valuesOf(told)).toMatchObject({
    time_to_first_reasoning: 0,
    provider_time: 0,
    tokens_cached: 0,
    tokens_reasoning: 0,
  });
  expect(Object.keys(valuesOf(told)).sort()).toEqual([...INFERENCE_METRICS].sort());
});

test.each<[Partial<InferenceEnded>, boolean]>([
  [{}, false],
  [{ status: 399 }, false],
  [{ status: 400 }, true],
  [{ status: 0 }, true],
  [{ error: { code: "protocol", message: "" } as never }, true],
])("a call with %j failed: %j", (more, failed) => {
  expect(inferenceFailed({ ...CALL, ...more })).toBe(failed);
  expect(valuesOf(more).inference_failed).toBe(failed ? 1 : 0);
});
