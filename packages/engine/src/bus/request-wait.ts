import { systemClock as clock } from "../host/clock.ts";

/** A request that waits less than this is slow; the bus is not away. */
const SLOW_MS = 2_000;

/** Measures for how long a message bus has not answered, by the requests that wait for it. */
export class RequestWait {
  #waiting = 0;
  /** Since when no request was answered, while one waits. */
  #since: number | undefined;

  /** Call it when a request begins; the returned function takes whether the bus answered it. */
  begin(): (answered: boolean) => void {
    this.#waiting += 1;
    this.#since ??= clock.now();
    return (answered) => {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#since = undefined;
      else if (answered) this.#since = clock.now();
    };
  }

  /** As of `MessageBus`. */
  get awayMs(): number {
    const waited = this.#since === undefined ? 0 : clock.now() - this.#since;
    return waited < SLOW_MS ? 0 : waited;
  }
}
