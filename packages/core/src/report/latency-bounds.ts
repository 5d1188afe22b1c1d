/** Upper bounds of latency distributions in milliseconds: about five for each power of ten. */
export const LATENCY_BOUNDS_MS: readonly number[] = [
  0.5, 1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1_000, 1_500, 2_000, 3_000,
  5_000, 7_000, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000,
];

/** The index of the first bound that a latency does not exceed; the number of bounds if it exceeds all. */
export function latencyIndex(ms: number): number {
  let low = 0;
  let high = LATENCY_BOUNDS_MS.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ms <= (LATENCY_BOUNDS_MS[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}
