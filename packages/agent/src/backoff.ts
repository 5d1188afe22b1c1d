/** Waits that a session takes by itself after 429 and 503, where the target does not say how long. */
const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * Reads `retry-after`: seconds (fractions are allowed) or an HTTP date. Source: RFC 9110, section 10.2.3.
 * @param now milliseconds since 1970
 * @returns milliseconds, or undefined where the header is neither
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/**
 * Milliseconds to wait after the `attempt`th refusal in a row (from 1): what the target asked for, however long (the
 * session's own time budget cuts it), else doubling from 0.5 s up to 30 s.
 */
export function backoff(retryAfterMs: number | undefined, attempt: number): number {
  return retryAfterMs ?? Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
}
