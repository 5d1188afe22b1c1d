import { hexOf } from "../lib/random.ts";

/**
 * A W3C trace id (16 bytes as 32 hex digits, never all zero) of what names a session: seed, worker and number.
 * Source: W3C Trace Context, section 3.2.2.3.
 */
export function traceId(...parts: readonly (string | number)[]): string {
  const id = hexOf("trace", ...parts);
  return /^0+$/.test(id) ? `${id.slice(1)}1` : id;
}

/** The span id of a session's step: the trace's own digits mixed with the step, so that it needs no randomness. */
export function spanId(trace: string, step: number): string {
  const low = (Number.parseInt(trace.slice(0, 8), 16) ^ Math.imul(step + 1, 0x9e3779b1)) >>> 0;
  return trace.slice(8, 16) + low.toString(16).padStart(8, "0");
}

/** The number that represents the verification read of a step in {@link spanId}: no step has it. */
export function verificationSpan(step: number): number {
  return -1 - step;
}

/** The `traceparent` header of a step, sampled. Source: W3C Trace Context, section 3.2. */
export function traceparent(trace: string, step: number): string {
  return `00-${trace}-${spanId(trace, step)}-01`;
}
