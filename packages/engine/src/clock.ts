import { offAbort, onAbort } from "@ape/core/abort";
import type { Clock } from "@ape/core/clock";

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
      const timer = setTimeout(done, ms);
      if (signal !== undefined) onAbort(signal, done);
    }),
};
