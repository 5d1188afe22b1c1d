/** After an overload, this much of the limit is left. */
const BACK_OFF = 0.7;

/**
 * How many requests may be under way: additive increase, multiplicative decrease (as TCP's congestion avoidance, RFC 5681
 * section 3.1, with a gentler decrease). It grows by one for each full round that went well, and shrinks at most once
 * for what was sent before it last shrank.
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

  /** A request ended, well or badly, in a way that says nothing of overload. */
  settle(well: boolean): void {
    this.#underway -= 1;
    if (well && this.#limit < this.#most) this.#limit = Math.min(this.#most, this.#limit + 1 / this.#limit);
  }

  /** A request ended because the provider had too much to do. */
  overloaded(sentAt: number, now: number): void {
    this.#underway -= 1;
    if (sentAt <= this.#shrunkAt) return;
    this.#limit = Math.max(1, this.#limit * BACK_OFF);
    this.#shrunkAt = now;
  }
}
