/** Retries that a process may make before its calls have earned any. */
const RESERVE = 10;

/**
 * Bounds the retries of a process: each call earns a share of one, so that attempts are at most `calls * (1 + share) +
 * 10`, whatever the attempts per call. After the retry budgets of Finagle and gRPC (A6).
 */
export class RetryBudget {
  readonly #share: number;
  #left = RESERVE;

  constructor(share: number) {
    this.#share = share;
  }

  /** Counts a first attempt. */
  earn(): void {
    this.#left = Math.min(RESERVE, this.#left + this.#share);
  }

  /** Whether one more attempt is allowed; uses up its cost. */
  spend(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
