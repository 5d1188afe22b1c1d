import { toMicros } from "@ape/core/lib/duration";
import type {
  Attempt,
  Timing,
  ToolResult,
  TransportError,
  TransportErrorCode,
} from "@ape/core/protocol/tool-call";
import type { HttpResponse } from "../http-exchange.ts";

const RETRIED: readonly TransportErrorCode[] = ["refused", "reset", "timeout", "dns"];
const RETRIED_STATUS = [429, 502, 503, 504];
const PARTS = ["queue", "dns", "connect", "tls", "firstByte", "body"] as const;

/** Joins the results of two requests of one call: the answer of the later one, the times and attempts of both. */
export function joinResults(first: ToolResult, second: ToolResult): ToolResult {
  const timing = { ...second.timing };
  for (const part of PARTS) timing[part] = toMicros(first.timing[part] + second.timing[part]);
  return { ...second, timing, attempts: [...first.attempts, ...second.attempts] };
}

/** Whether an answer is of a kind that another attempt may change. */
export function isRetried({ error, status }: HttpResponse): boolean {
  return error === undefined ? RETRIED_STATUS.includes(status) : RETRIED.includes(error.code);
}

/** Adds the times of one attempt to those of its call. */
export function addTiming(timing: Timing, answer: HttpResponse): void {
  const { fresh } = answer;
  timing.queue = toMicros(timing.queue + answer.queue);
  timing.firstByte = toMicros(timing.firstByte + answer.firstByte);
  timing.body = toMicros(timing.body + answer.bodyMs);
  if (fresh === undefined) return;
  timing.dns = toMicros(timing.dns + fresh.dns);
  timing.connect = toMicros(timing.connect + fresh.connect);
  timing.tls = toMicros(timing.tls + fresh.tls);
}

/** @param pause milliseconds before the attempt */
export function attemptOf(answer: HttpResponse, pause: number, error: TransportError | undefined): Attempt {
  const { fresh } = answer;
  const connecting = fresh === undefined ? 0 : fresh.dns + fresh.connect + fresh.tls;
  const duration = toMicros(connecting + answer.firstByte + answer.bodyMs);
  const attempt: Attempt = { status: answer.status, duration, backoff: pause };
  if (answer.resent) attempt.resent = true;
  if (error !== undefined) attempt.error = error;
  return attempt;
}
