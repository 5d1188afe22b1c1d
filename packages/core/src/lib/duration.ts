/** The longest that a timer of Node can wait: 2^31 - 1 ms, about 24.8 days (Node.js, "setTimeout"). Beyond, it waits 1 ms. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The longest that a run can be planned for: a year. */
export const LONGEST_RUN_MS = 8_760 * 3_600_000;

const MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h)/g;

/**
 * Reads a duration such as `500ms`, `1.5s`, `2m` or `1h30m` (Go's form, which k6 users write).
 * @returns milliseconds, or undefined for any other text
 */
export function parseDuration(text: string): number | undefined {
  if (!WHOLE.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(PART)) total += Number(amount) * MS[unit as keyof typeof MS];
  return total;
}

/** Milliseconds as a person reads them: `850ms`, `2.41s`, `3m05s`, `1h02m`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return "-";
  if (ms < 1) return `${Math.round(ms * 1000)}us`;
  if (ms < 10) return `${ms.toFixed(2)}ms`;
  if (ms < 999.5) return `${Math.round(ms)}ms`;
  if (ms < 59_995) return `${(ms / 1000).toFixed(2)}s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const two = (n: number): string => String(n).padStart(2, "0");
  if (minutes < 60) return `${minutes}m${two(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`;
}

/** Milliseconds to the microsecond: what is measured beyond that is noise, and costs bytes in every event. */
export function toMicros(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
