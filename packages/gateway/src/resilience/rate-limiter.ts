import type { Clock } from "@ape/core/lib/clock";

/** Admits a limited number of calls at once, and per second; the others wait in order. */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #gapMs: number;
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;
  #next = 0;

  constructor(clock: Clock, limits: { rate?: number | undefined; maxConcurrent?: number | undefined }) {
    this.#clock = clock;
    this.#gapMs = limits.rate === undefined ? 0 : 1_000 / limits.rate;
    this.#most = limits.maxConcurrent ?? Number.POSITIVE_INFINITY;
  }

  /** True if no limit is configured. */
  get open(): boolean {
    return this.#gapMs === 0 && this.#most === Number.POSITIVE_INFINITY;
  }

  /**
   * Waits for admission, at most `ms` milliseconds.
   * @returns whether the call was admitted: then {@link leave} must follow
   */
  async enter(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
    const began = this.#clock.now();
    if (this.#inside < this.#most) this.#inside += 1;
    else if (!(await this.#room(ms, signal))) return false;
    if (this.#gapMs === 0) return true;
    const now = this.#clock.now();
    const at = Math.max(now, this.#next);
    if (at - began <= ms) {
      this.#next = at + this.#gapMs;
      if (at > now) await this.#clock.sleep(at - now, signal);
      if (signal?.aborted !== true) return true;
    }
    this.leave();
    return false;
  }

  #room(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const end = new AbortController();
      const enter = (): void => {
        end.abort();
        resolve(true);
      };
      const giveUp = (): void => {
        const at = this.#waiting.indexOf(enter);
        if (at < 0) return;
        this.#waiting.splice(at, 1);
        resolve(false);
      };
      this.#waiting.push(enter);
      const either = signal === undefined ? end.signal : AbortSignal.any([signal, end.signal]);
      this.#clock.sleep(ms, either).then(giveUp, giveUp);
    });
  }

  /** Admits the next waiting call. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#inside -= 1;
    else next();
  }
}
