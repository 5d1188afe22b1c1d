/** What a summary says of CPU limits that held APE's processes back. */
export function throttlingText(throttledMs: number): string {
  return `A CPU limit held APE's processes back, one of them for ${(throttledMs / 1_000).toFixed(1)} s: latencies include that. Raise the limit or remove it.`;
}
