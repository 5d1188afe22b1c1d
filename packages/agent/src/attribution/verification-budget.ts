/** Verification reads per action, at most. */
const SHARE = 0.05;

/** Bounds the verification reads of all sessions of a process: at most 5% of their actions, rounded up. */
export class VerificationBudget {
  readonly #off: ReadonlySet<string>;
  #actions = 0;
  #reads = 0;

  /** @param off names of the targets that no verification read may be made at (`verify: false`) */
  constructor(off: Iterable<string> = []) {
    this.#off = new Set(off);
  }

  /** Counts an action that was sent. */
  countAction(): void {
    this.#actions += 1;
  }

  /** Whether one more read may be made at a target; counts it if so. */
  take(target: string): boolean {
    if (this.#off.has(target) || this.#reads >= Math.ceil(this.#actions * SHARE)) return false;
    this.#reads += 1;
    return true;
  }
}
