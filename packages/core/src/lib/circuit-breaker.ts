/** When a circuit opens, and for how long; times in milliseconds. */
export interface CircuitBreakerOptions {
  /** Failures in a row that open it. */
  failures: number;
  pauseMs: number;
  /** The pause doubles with every try that fails, up to this; where it is absent, every pause is the same. */
  longestMs?: number;
}

/**
 * Spares a server that fails: after so many failures in a row nothing is sent for a pause; then one request tries, and
 * its outcome closes the circuit or opens it again.
 * Source: M. Nygard, Release It!, "Circuit Breaker".
 */
export class CircuitBreaker {
  readonly #failures: number;
  readonly #pauseMs: number;
  readonly #longestMs: number;
  #row = 0;
  #openUntil = Number.NEGATIVE_INFINITY;
  #lastPauseMs = 0;
  #trying = false;

  constructor({ failures, pauseMs, longestMs = pauseMs }: CircuitBreakerOptions) {
    this.#failures = failures;
    this.#pauseMs = pauseMs;
    this.#longestMs = longestMs;
  }

  /** Whether a request may leave; one that does is told of with {@link send}, and how it went with {@link settle}. */
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

  /** @param failed undefined where the outcome says nothing of the server, as when the caller went away */
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
      this.#lastPauseMs = Math.min(this.#longestMs, again ? this.#lastPauseMs * 2 : this.#pauseMs);
      this.#openUntil = now + this.#lastPauseMs;
    }
  }
}
