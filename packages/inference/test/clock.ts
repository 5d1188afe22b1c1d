import type { Clock } from "@ape/core/lib/clock";

/** The machine's clock. */
export const realClock: Clock = {
  now: () => performance.now(),
  epoch: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      if (signal?.aborted === true) done();
      else signal?.addEventListener("abort", done);
    }),
};

/** A clock that stands still but for its sleeps, each of which it remembers and ends at once. */
export class HeldClock implements Clock {
  readonly sleeps: number[] = [];
  #now = 1_000;

  now(): number {
    return this.#now;
  }

  epoch(): number {
    return 1_700_000_000_000 + this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted !== true) {
      this.sleeps.push(ms);
      this.#now += Math.max(0, ms);
    }
    return Promise.resolve();
  }
}
