/** Waits that a session takes by itself after 429 and 503, where the target does not say how long. */
const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * Milliseconds to wait after the `attempt`th refusal in a row (from 1): what the target asked for, however long (the
 * session's own time budget cuts it), else doubling from 0.5 s up to 30 s.
 */
export function backoff(retryAfterMs: number | undefined, attempt: number): number {
  return retryAfterMs ?? Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
}
