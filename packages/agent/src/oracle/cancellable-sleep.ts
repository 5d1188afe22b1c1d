import { offAbort, onAbort } from "@ape/core/lib/abort";
import type { Clock } from "@ape/core/lib/clock";

/** Pauses of one session's probes, which `end` ends all at once. */
export class CancellableSleep {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #wakers: Set<() => void> | undefined;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Waits until the pauses are ended or the signal aborts, and for at most `ms` where it is given. */
  wait(ms: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#wakers?.delete(wake);
        offAbort(this.#signal, wake);
        resolve();
      };
      this.#wakers ??= new Set();
      this.#wakers.add(wake);
      onAbort(this.#signal, wake);
      if (this.#signal.aborted) wake();
      else if (ms !== undefined) this.#clock.sleep(ms, this.#signal).then(wake, wake);
    });
  }

  /** Ends every pause. */
  end(): void {
    if (this.#wakers !== undefined) for (const wake of this.#wakers) wake();
  }
}
