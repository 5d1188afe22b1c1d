import { decodeBuckets, encodeBuckets } from "./bucket-text.ts";

/** Sub-buckets of one power of two: 128 keep the error of a percentile below 0.4%. */
const SUB_BITS = 7;
const SUB = 1 << SUB_BITS;
const MAX_VALUE = 2 ** 47;

/**
 * A histogram as plain JSON. Buckets are sparse pairs of index and count, in rising order: as text of `encodeBuckets`, or
 * as numbers where it was decoded already, and in digests of earlier versions.
 */
export interface HistogramSnapshot {
  count: number;
  sum: number;
  min: number;
  max: number;
  buckets: string | number[];
}

/**
 * A mergeable log-linear histogram of non-negative integers, after HdrHistogram: values below 128 are exact,
 * larger ones fall into 128 buckets for each power of two, so a percentile is off by less than 0.4%.
 * Memory: one 1 KiB block for each power of two that was seen, whatever the number of values.
 */
export class Histogram {
  readonly #blocks: (Float64Array | undefined)[] = [];
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  get count(): number {
    return this.#count;
  }
  get sum(): number {
    return this.#sum;
  }
  /** Exact; 0 without values. */
  get min(): number {
    return this.#count === 0 ? 0 : this.#min;
  }
  /** Exact; 0 without values. */
  get max(): number {
    return this.#max;
  }
  get mean(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count;
  }

  /** Counts a value; it is rounded, and clamped to 0 .. 2^47. */
  add(value: number): void {
    const whole = value > 0 ? (value < MAX_VALUE ? Math.round(value) : MAX_VALUE) : 0;
    this.#bump(indexOf(whole), 1);
    this.#count += 1;
    this.#sum += whole;
    if (whole < this.#min) this.#min = whole;
    if (whole > this.#max) this.#max = whole;
  }

  #bump(index: number, by: number): void {
    const block = index >>> SUB_BITS;
    let counts = this.#blocks[block];
    if (counts === undefined) {
      counts = new Float64Array(SUB);
      this.#blocks[block] = counts;
    }
    const slot = index & (SUB - 1);
    counts[slot] = (counts[slot] as number) + by;
  }

  /**
   * The smallest value that at least `q` percent of the values do not exceed (nearest rank).
   * @param q 0 to 100
   */
  percentile(q: number): number {
    if (this.#count === 0) return 0;
    const rank = Math.max(1, Math.ceil((q / 100) * this.#count));
    if (rank >= this.#count) return this.#max;
    let seen = 0;
    for (const [block, counts] of this.#blocks.entries()) {
      if (counts === undefined) continue;
      for (let slot = 0; slot < SUB; slot += 1) {
        seen += counts[slot] as number;
        if (seen >= rank)
          return Math.min(Math.max(middleOf((block << SUB_BITS) | slot), this.#min), this.#max);
      }
    }
    return this.#max;
  }

  merge(other: Histogram): void {
    this.mergeSnapshot(other.snapshot());
  }

  mergeSnapshot(snapshot: HistogramSnapshot): void {
    if (snapshot.count === 0) return;
    const pairs = pairsOf(snapshot);
    for (let i = 0; i < pairs.length; i += 2) this.#bump(pairs[i] as number, pairs[i + 1] as number);
    this.#count += snapshot.count;
    this.#sum += snapshot.sum;
    this.#min = Math.min(this.#min, snapshot.min);
    this.#max = Math.max(this.#max, snapshot.max);
  }

  snapshot(): HistogramSnapshot {
    const buckets: number[] = [];
    for (const [block, counts] of this.#blocks.entries()) {
      if (counts === undefined) continue;
      for (let slot = 0; slot < SUB; slot += 1)
        if (counts[slot] !== 0) buckets.push((block << SUB_BITS) | slot, counts[slot] as number);
    }
    const text = encodeBuckets(buckets);
    return { count: this.#count, sum: this.#sum, min: this.min, max: this.#max, buckets: text };
  }

  reset(): void {
    this.#blocks.length = 0;
    this.#count = 0;
    this.#sum = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = 0;
  }
}

const pairsOf = ({ buckets }: HistogramSnapshot): number[] =>
  typeof buckets === "string" ? decodeBuckets(buckets) : buckets;

/** A snapshot that is merged into several histograms, decoded once. */
export function decodedHistogram(snapshot: HistogramSnapshot): HistogramSnapshot {
  return { ...snapshot, buckets: pairsOf(snapshot) };
}

function indexOf(value: number): number {
  if (value < SUB) return value;
  if (value < 2 ** 31) {
    const shift = 31 - Math.clz32(value) - SUB_BITS;
    return ((shift + 1) << SUB_BITS) | ((value >>> shift) - SUB);
  }
  const shift = Math.floor(Math.log2(value)) - SUB_BITS;
  const slot = Math.min(Math.floor(value / 2 ** shift) - SUB, SUB - 1);
  return ((shift + 1) << SUB_BITS) | slot;
}

function middleOf(index: number): number {
  const block = index >>> SUB_BITS;
  const slot = index & (SUB - 1);
  if (block === 0) return slot;
  const width = 2 ** (block - 1);
  return (SUB + slot) * width + Math.floor((width - 1) / 2);
}

/**
 * The number of a snapshot's values up to each bound, as cumulative bucket counts of other formats. A bucket counts by
 * its middle, so values within 0.4% of a bound may be on its other side.
 * @param bounds in rising order
 */
export function countsUpTo(snapshot: HistogramSnapshot, bounds: readonly number[]): number[] {
  const counts: number[] = [];
  const pairs = pairsOf(snapshot);
  let seen = 0;
  let at = 0;
  for (const bound of bounds) {
    while (at < pairs.length && middleOf(pairs[at] as number) <= bound) {
      seen += pairs[at + 1] as number;
      at += 2;
    }
    counts.push(seen);
  }
  return counts;
}
