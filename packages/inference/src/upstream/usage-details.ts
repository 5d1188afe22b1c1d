import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import type { UsageDetails } from "./upstream.ts";

/**
 * Reads the details of an answer, or of a chunk of one, besides its tokens: OpenAI's `prompt_tokens_details` and
 * `completion_tokens_details`, Cerebras' `time_info` and Groq's `usage.total_time` (both in seconds). Sources: OpenAI
 * API reference, "usage"; Cerebras API reference, "chat completions".
 * @param before details of earlier chunks
 */
export function parseUsageDetails(
  json: JsonObject,
  usage: JsonObject,
  before: UsageDetails | undefined,
): UsageDetails | undefined {
  const cached = amount(usage.prompt_tokens_details, "cached_tokens");
  const reasoning = amount(usage.completion_tokens_details, "reasoning_tokens");
  const seconds = amount(json.time_info, "total_time") ?? amount(usage, "total_time");
  if (cached === undefined && reasoning === undefined && seconds === undefined) return before;
  const told: UsageDetails = { ...before };
  if (cached !== undefined) told.cachedTokens = cached;
  if (reasoning !== undefined) told.reasoningTokens = reasoning;
  if (seconds !== undefined) told.providerMs = seconds * 1_000;
  return told;
}

export function hasText(value: Json | undefined): boolean {
  return typeof value === "string" && value !== "";
}

function amount(holder: Json | undefined, key: string): number | undefined {
  const value = isJsonObject(holder) ? holder[key] : undefined;
  return typeof value === "number" && value >= 0 ? value : undefined;
}
