/** Operations whose last success is remembered. */
const MAX_OPERATIONS = 50;

/**
 * The writes that targets accepted from a session. An operation is prepared where one was accepted since it last went
 * well itself: a conflict (409) is then with something that the target had agreed to, such as a checkout after the
 * cart was filled. Without one, as with a checkout of an empty cart, the session asked for it too early.
 */
export class AcceptedWrites {
  #writes = 0;
  #lastSuccess: Map<string, number> | undefined;

  /** @param key target and shape of the operation */
  note(key: string): void {
    this.#writes += 1;
    this.#lastSuccess ??= new Map();
    if (this.#lastSuccess.has(key) || this.#lastSuccess.size < MAX_OPERATIONS)
      this.#lastSuccess.set(key, this.#writes);
  }

  /** The answer to a write was lost: it may have been accepted, and nobody told the session. */
  lost(): void {
    this.#writes += 1;
  }

  isPrepared(key: string): boolean {
    return this.#writes > (this.#lastSuccess?.get(key) ?? 0);
  }
}
