/** Readings in agreement, each at a level of its own, before a limit counts as a bucket. */
const AGREEING = 4;
/** By so much two levels differ. */
const APART = 1.15;
/** By so much readings may differ: what remains is rounded to whole requests. */
const TOLERANCE = 0.2;
/** Deficits below this are too coarse to tell anything. */
const LEAST_DEFICIT = 5;
/** Of the rate that was found, so much is counted on. */
const CAUTION = 0.9;

/**
 * Finds out whether a limit is a bucket that fills again steadily, and how fast. The reset of a bucket is the time until it is
 * full, so it grows in proportion to what is missing; that of a fixed window falls while more and more is missing.
 */
export class RefillEstimator {
  #msEach = 0;
  /** Levels seen in agreement, each a power of {@link APART}. */
  readonly #levels = new Set<number>();
  #least = 0;
  #most = 0;

  /** What comes back in a millisecond; 0 as long as the limit may be a fixed window. */
  get perMs(): number {
    return this.#levels.size >= AGREEING && this.#most >= 2 * this.#least ? CAUTION / this.#msEach : 0;
  }

  /** It was wrong: what is known counts no more. */
  forget(): void {
    this.#levels.clear();
  }

  /** @param missing of the limit, when its reset was so many milliseconds away */
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
