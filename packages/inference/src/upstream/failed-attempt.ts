import type { ModelError } from "@ape/core/protocol/chat";
import { type Attempt, NO_CALLS } from "./upstream.ts";

/** A try that ended within the proxy: nothing was sent. */
export function unanswered(error: ModelError, queueMs: number): Attempt {
  return { ...blankAttempt(), error, queueMs };
}

/** A try of which nothing is known yet. */
export function blankAttempt(): Attempt {
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
    atBoundary: true,
  };
}
