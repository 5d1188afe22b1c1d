import { type Random, randomFrom } from "@ape/core/lib/random";
import type { RelativeChange } from "@ape/core/report/comparison";

const RESAMPLES = 1_000;
/** Two-sided: the change is outside the interval in one of a hundred such comparisons. */
const CONFIDENCE = 0.99;

/**
 * The relative change of quantiles from one sample to another, by the percentile bootstrap (B. Efron, 1979): both
 * samples are resampled 1,000 times. Seeded: the same samples give the same bounds.
 * @param a sorted, not empty
 * @param b sorted, not empty
 */
export function quantileChanges(
  a: Float64Array,
  b: Float64Array,
  quantiles: readonly number[],
  seed = 1,
): RelativeChange[] {
  const random = randomFrom(seed);
  const countsA = new Uint16Array(a.length);
  const countsB = new Uint16Array(b.length);
  const drawn = quantiles.map(() => new Float64Array(RESAMPLES));
  for (let round = 0; round < RESAMPLES; round += 1) {
    resample(countsA, random);
    resample(countsB, random);
    for (const [index, quantile] of quantiles.entries())
      (drawn[index] as Float64Array)[round] = relative(
        countedQuantile(a, countsA, quantile),
        countedQuantile(b, countsB, quantile),
      );
  }
  return quantiles.map((quantile, index) => {
    const changes = (drawn[index] as Float64Array).sort();
    const valueA = quantileOf(a, quantile);
    const valueB = quantileOf(b, quantile);
    return {
      a: valueA,
      b: valueB,
      change: relative(valueA, valueB),
      low: quantileOf(changes, (1 - CONFIDENCE) / 2),
      high: quantileOf(changes, (1 + CONFIDENCE) / 2),
    };
  });
}

/** Nearest rank of a sorted sample. */
function quantileOf(sorted: Float64Array, quantile: number): number {
  const rank = Math.max(1, Math.ceil(quantile * sorted.length));
  return sorted[Math.min(rank, sorted.length) - 1] as number;
}

function relative(a: number, b: number): number {
  if (a === b) return 0;
  return a === 0 ? Number.POSITIVE_INFINITY : (b - a) / a;
}

function resample(counts: Uint16Array, random: Random): void {
  counts.fill(0);
  for (let n = 0; n < counts.length; n += 1) {
    const at = Math.floor(random() * counts.length);
    counts[at] = (counts[at] as number) + 1;
  }
}

/** The quantile of a weighted sample. */
function countedQuantile(sorted: Float64Array, counts: Uint16Array, quantile: number): number {
  const rank = Math.max(1, Math.ceil(quantile * sorted.length));
  let seen = 0;
  for (let at = 0; at < sorted.length; at += 1) {
    seen += counts[at] as number;
    if (seen >= rank) return sorted[at] as number;
  }
  return sorted[sorted.length - 1] as number;
}

/** The normal quantile of {@link CONFIDENCE}, two-sided. */
const Z = 2.5758293035489004;

/**
 * The change of a share in percentage points / 100, with bounds by Wilson's score intervals combined
 * (R. G. Newcombe, 1998, method 10).
 */
export function shareChange(
  a: { passes: number; total: number },
  b: { passes: number; total: number },
): RelativeChange {
  const shareA = a.passes / a.total;
  const shareB = b.passes / b.total;
  const [lowA, highA] = wilson(shareA, a.total);
  const [lowB, highB] = wilson(shareB, b.total);
  const change = shareB - shareA;
  return {
    a: shareA,
    b: shareB,
    change,
    low: change - Math.hypot(shareB - lowB, highA - shareA),
    high: change + Math.hypot(highB - shareB, shareA - lowA),
  };
}

/** Wilson's score interval of a share; within 0 and 1 by itself, but for rounding. */
function wilson(share: number, total: number): [low: number, high: number] {
  const centre = (share + (Z * Z) / (2 * total)) / (1 + (Z * Z) / total);
  const half =
    (Z * Math.sqrt((share * (1 - share)) / total + (Z * Z) / (4 * total * total))) / (1 + (Z * Z) / total);
  return [centre - half, centre + half];
}
