/** Ends sooner than this belong to the answer before, not to a limit of idle time. */
const LEAST_MS = 100;
/** Requests are kept away from the last part of the time that the server is believed to allow. */
const SAFE_SHARE = 0.8;
/** A connection that lives so much longer than the limit proves that there is no such limit. */
const REFUTED_SHARE = 1.25;

/**
 * How long a server keeps unused connections, learned from those that it has closed. Servers rarely state it, and a
 * request that may not be sent twice must not be lost with its connection.
 */
export class IdleLimit {
  #ms = Number.POSITIVE_INFINITY;

  /** Records that the server has closed a connection that was unused for this long. */
  ended(idleMs: number): void {
    if (idleMs >= LEAST_MS && idleMs < this.#ms) this.#ms = idleMs;
  }

  /** Records that a connection works after being unused for this long. */
  lives(idleMs: number): void {
    if (idleMs > this.#ms * REFUTED_SHARE) this.#ms = Number.POSITIVE_INFINITY;
  }

  /** Whether the server may be about to close a connection that was unused for this long. */
  isNear(idleMs: number): boolean {
    return idleMs >= this.#ms * SAFE_SHARE;
  }
}
