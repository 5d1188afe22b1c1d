import { offAbort, onAbort } from "@ape/core/lib/abort";
import type { Clock } from "@ape/core/lib/clock";
import { LONGEST_TIMER_MS } from "@ape/core/lib/duration";

const ORIGIN = performance.timeOrigin;

/** The machine's own clock: monotonic, with the wall time of the process's start added for `epoch`. */
export const systemClock: Clock = {
  now: () => performance.now(),
  epoch: () => Math.round((ORIGIN + performance.now()) * 100) / 100,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true || ms <= 0) {
        resolve();
        return;
      }
      const done = (): void => {
        clearTimeout(timer);
        if (signal !== undefined) offAbort(signal, done);
        resolve();
      };
      const until = performance.now() + ms;
      // A wait longer than a timer's maximum is split.
      const part = (): NodeJS.Timeout => {
        const left = until - performance.now();
        return left <= LONGEST_TIMER_MS
          ? setTimeout(done, left)
          : setTimeout(() => {
              timer = part();
            }, LONGEST_TIMER_MS);
      };
      let timer = ms <= LONGEST_TIMER_MS ? setTimeout(done, ms) : part();
      if (signal !== undefined) onAbort(signal, done);
    }),
};
