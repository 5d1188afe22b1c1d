/** Opens after so many failures in a row, refuses calls for a while, then lets one through to try. */
export class CircuitBreaker {
  readonly #failures: number;
  readonly #cooldown: number;
  #row = 0;
  #openUntil: number | undefined;
  #trying = false;

  /** @param options `cooldown` in milliseconds */
  constructor(options: { failures: number; cooldown: number }) {
    this.#failures = options.failures;
    this.#cooldown = options.cooldown;
  }

  /** Whether a call may be made at `now`; one that may must be followed by {@link note} or {@link forget}. */
  permits(now: number): boolean {
    if (this.#openUntil === undefined) return true;
    if (now < this.#openUntil || this.#trying) return false;
    this.#trying = true;
    return true;
  }

  /** How a permitted call went. */
  note(failed: boolean, now: number): void {
    const trial = this.#trying;
    this.#trying = false;
    if (!failed) {
      this.#row = 0;
      this.#openUntil = undefined;
      return;
    }
    this.#row += 1;
    if (trial || this.#row >= this.#failures) this.#openUntil = now + this.#cooldown;
  }

  /** A permitted call ended without telling anything, because its caller left. */
  forget(): void {
    this.#trying = false;
  }
}
