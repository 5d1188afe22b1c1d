const LISTENERS = Symbol("listeners");
/** A list of this length is searched faster than a set is maintained; the signal of a whole run has more. */
const FEW = 8;

/** Who wants to know of an abort: a function, or an object, which needs no closure of its own for every call. */
export type AbortListener = (() => void) | { aborted(): void };

/** An AbortSignal, or any object with the same `abort` event. */
export interface Abortable {
  addEventListener(type: "abort", listener: () => void): void;
  [LISTENERS]?: AbortListener[] | Set<AbortListener>;
}

/**
 * Calls back when a signal aborts. However often a session's calls come and go, the signal itself has one listener:
 * adding to and taking from an EventTarget costs microseconds, and every call of every agent does both.
 */
export function onAbort(signal: Abortable, listener: AbortListener): void {
  const known = signal[LISTENERS];
  if (known === undefined) {
    signal[LISTENERS] = [listener];
    signal.addEventListener("abort", () => {
      for (const one of [...(signal[LISTENERS] ?? [])]) {
        if (typeof one === "function") one();
        else one.aborted();
      }
    });
  } else if (!Array.isArray(known)) known.add(listener);
  else if (known.length < FEW) known.push(listener);
  else signal[LISTENERS] = new Set(known).add(listener);
}

/** Takes a listener away again. */
export function offAbort(signal: Abortable, listener: AbortListener): void {
  const known = signal[LISTENERS];
  if (known === undefined) return;
  if (!Array.isArray(known)) {
    known.delete(listener);
    return;
  }
  let at = known.length - 1;
  while (at >= 0 && known[at] !== listener) at -= 1;
  const last = at === -1 ? undefined : known.pop();
  if (last !== undefined && at < known.length) known[at] = last;
}
