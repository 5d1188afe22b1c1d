/** Factor for the limit after an overload. */
const BACK_OFF = 0.7;

/**
 * Limits the number of requests in flight: additive increase, multiplicative decrease (as TCP's congestion avoidance,
 * RFC 5681 section 3.1, with a gentler decrease). Grows by one per full round without overload, and shrinks at most
 * once for the requests sent before it last shrank.
 */
export class Concurrency {
  readonly #most: number;
  #limit: number;
  #underway = 0;
  #shrunkAt = Number.NEGATIVE_INFINITY;

  constructor(most: number) {
    this.#most = most;
    this.#limit = most;
  }

  get limit(): number {
    return Math.floor(this.#limit);
  }

  get underway(): number {
    return this.#underway;
  }

  get free(): boolean {
    return this.#underway < Math.floor(this.#limit);
  }

  send(): void {
    this.#underway += 1;
  }

  /** A request ended in a way that does not indicate overload. */
  settle(well: boolean): void {
    this.#underway -= 1;
    if (well) this.#limit = Math.min(this.#most, this.#limit + 1 / this.#limit);
  }

  /** A request ended because the provider was overloaded. */
  overloaded(sentAt: number, now: number): void {
    this.#underway -= 1;
    if (sentAt <= this.#shrunkAt) return;
    this.#limit = Math.max(1, this.#limit * BACK_OFF);
    this.#shrunkAt = now;
  }
}
