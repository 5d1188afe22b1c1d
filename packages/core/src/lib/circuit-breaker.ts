/** When a circuit opens, and for how long; times in milliseconds. */
export interface CircuitBreakerOptions {
  /** Failures in a row that open it. */
  failures: number;
  pauseMs: number;
  /** Upper bound of the pause, which doubles with every failed attempt; without it every pause is the same. */
  longestMs?: number;
}

/**
 * Protects a failing server: after a number of failures in a row nothing is sent for a pause; then one request tries,
 * and its outcome closes the circuit or opens it again. Source: M. Nygard, Release It!, "Circuit Breaker".
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

  /** Whether a request may be sent: call {@link send} before and {@link settle} after each one that is. */
  admits(now: number): boolean {
    return this.#lastPauseMs === 0 || (now >= this.#openUntil && !this.#trying);
  }

  /** Time until which nothing is sent; in the past if the circuit is closed or a trial request is due. */
  get openUntil(): number {
    return this.#openUntil;
  }

  get open(): boolean {
    return this.#lastPauseMs > 0;
  }

  send(): void {
    if (this.#lastPauseMs > 0) this.#trying = true;
  }

  /** @param failed undefined if the outcome shows nothing about the server, as after a disconnect of the caller */
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
