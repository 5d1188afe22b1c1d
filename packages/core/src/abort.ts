const LISTENERS = Symbol("listeners");

/** What can be aborted: an AbortSignal, or something that tells of it in the same way. */
export interface Abortable {
  addEventListener(type: "abort", listener: () => void): void;
  [LISTENERS]?: Set<() => void>;
}

/**
 * Calls back when a signal aborts. However often a session's calls come and go, the signal itself has one listener:
 * adding to and taking from an EventTarget costs microseconds, and every call of every agent does both.
 */
export function onAbort(signal: Abortable, listener: () => void): void {
  let known = signal[LISTENERS];
  if (known === undefined) {
    const all = new Set<() => void>();
    known = all;
    signal[LISTENERS] = all;
    signal.addEventListener("abort", () => {
      for (const one of [...all]) one();
    });
  }
  known.add(listener);
}

/** Takes a listener away again. */
export function offAbort(signal: Abortable, listener: () => void): void {
  signal[LISTENERS]?.delete(listener);
}
