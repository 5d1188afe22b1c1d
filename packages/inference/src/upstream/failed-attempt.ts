import type { ModelError } from "@ape/core/protocol/chat";
import { NO_CALLS, type UpstreamResponse } from "./upstream.ts";

/** An attempt that ended within the proxy: nothing was sent. */
export function failedResponse(error: ModelError, queueMs: number): UpstreamResponse {
  return { ...emptyResponse(), error, queueMs };
}

/** An attempt without a result yet. */
export function emptyResponse(): UpstreamResponse {
  return {
    status: 0,
    headers: {},
    content: "",
    toolCalls: NO_CALLS,
    inputTokens: undefined,
    outputTokens: undefined,
    told: undefined,
    error: undefined,
    unsent: false,
    queueMs: 0,
    firstTokenMs: undefined,
    headersMs: undefined,
    durationMs: 0,
    whole: false,
    body: "",
    refusal: "",
    finish: undefined,
    refused: "",
    atBoundary: true,
  };
}
