/** Longest pause, however often the provider has failed. */
const LONGEST_MS = 60_000;

/**
 * Spares a provider that fails: after so many failures in a row nothing is sent for a pause; then one request tries, and
 * its outcome closes the circuit or doubles the pause.
 */
export class Breaker {
  readonly #failures: number;
  readonly #pauseMs: number;
  #row = 0;
  #openUntil = Number.NEGATIVE_INFINITY;
  #lastPauseMs = 0;
  #trying = false;

  constructor(failures: number, pauseMs: number) {
    this.#failures = failures;
    this.#pauseMs = pauseMs;
  }

  /** Whether a request may leave. */
  admits(now: number): boolean {
    return this.#lastPauseMs === 0 || (now >= this.#openUntil && !this.#trying);
  }

  /** Until when nothing is sent; in the past where the circuit is closed or a try is due. */
  get openUntil(): number {
    return this.#openUntil;
  }

  get open(): boolean {
    return this.#lastPauseMs > 0;
  }

  send(): void {
    if (this.#lastPauseMs > 0) this.#trying = true;
  }

  /** @param failed undefined where the outcome says nothing of the provider, as when the caller went away */
  settle(failed: boolean | undefined, now: number): void {
    if (failed === undefined) this.#trying = false;
    else if (!failed) {
      this.#row = 0;
      this.#lastPauseMs = 0;
      this.#trying = false;
    } else {
      this.#row += 1;
      const again = this.#trying;
      // Failures of requests that left before the circuit opened do not lengthen its pause.
      if (this.#lastPauseMs > 0 && !again) return;
      if (this.#row < this.#failures && !again) return;
      this.#trying = false;
      this.#lastPauseMs = Math.min(LONGEST_MS, again ? this.#lastPauseMs * 2 : this.#pauseMs);
      this.#openUntil = now + this.#lastPauseMs;
    }
  }
}
