/** Consistent readings at different levels before a limit counts as a bucket. */
const AGREEING = 4;
/** Minimum ratio of two levels. */
const APART = 1.15;
/** Tolerance between readings: the remaining amount is rounded to whole requests. */
const TOLERANCE = 0.2;
/** Deficits below this are too coarse to measure. */
const LEAST_DEFICIT = 5;
/** Share of the measured rate that is relied on. */
const CAUTION = 0.9;

/**
 * Detects whether a limit is a bucket that refills steadily, and how fast. The reset of a bucket is the time until it
 * is full, so it grows in proportion to the deficit; the reset of a fixed window falls while the deficit grows.
 */
export class RefillEstimator {
  #msEach = 0;
  /** Consistent levels seen, each a power of {@link APART}. */
  readonly #levels = new Set<number>();
  #least = 0;
  #most = 0;

  /** Amount that is restored per millisecond; 0 as long as the limit may be a fixed window. */
  get perMs(): number {
    return this.#levels.size >= AGREEING && this.#most >= 2 * this.#least ? CAUTION / this.#msEach : 0;
  }

  /** Discards what was learned, because it was wrong. */
  forget(): void {
    this.#levels.clear();
  }

  /** @param missing amount missing of the limit when its reset was this many milliseconds away */
  observe(missing: number, resetMs: number): void {
    if (missing < LEAST_DEFICIT || resetMs <= 0) return;
    const each = resetMs / missing;
    if (this.#levels.size > 0 && Math.abs(each / this.#msEach - 1) <= TOLERANCE) {
      this.#msEach = Math.max(this.#msEach, each);
      this.#least = Math.min(this.#least, missing);
      this.#most = Math.max(this.#most, missing);
    } else {
      this.#msEach = each;
      this.#levels.clear();
      this.#least = missing;
      this.#most = missing;
    }
    this.#levels.add(Math.floor(Math.log(missing) / Math.log(APART)));
  }
}
