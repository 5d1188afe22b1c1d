/** Ends sooner than this belong to the answer before, not to a limit of idle time. */
const LEAST_MS = 100;
/** Requests are kept away from the last part of the time that the server is believed to allow. */
const SAFE_SHARE = 0.8;
/** A connection that lives so much longer than the limit proves that there is no such limit. */
const REFUTED_SHARE = 1.25;

/**
 * How long a server keeps unused connections, learned from those that it has ended. Servers rarely say it, and a request
 * that may not be sent twice must not meet the end on its way.
 */
export class IdleLimit {
  #ms = Number.POSITIVE_INFINITY;

  /** The server has ended a connection that had been unused for so many milliseconds. */
  ended(idleMs: number): void {
    if (idleMs >= LEAST_MS && idleMs < this.#ms) this.#ms = idleMs;
  }

  /** A connection lives although it has been unused for so many milliseconds. */
  lives(idleMs: number): void {
    if (idleMs > this.#ms * REFUTED_SHARE) this.#ms = Number.POSITIVE_INFINITY;
  }

  /** Whether the server may be about to end a connection that has been unused for so many milliseconds. */
  isNear(idleMs: number): boolean {
    return idleMs >= this.#ms * SAFE_SHARE;
  }
}
