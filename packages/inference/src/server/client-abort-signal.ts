import type { AbortLike } from "../upstream/upstream.ts";

/** Signals a call that its client has disconnected: a minimal AbortSignal, because a server creates one per call. */
export class ClientAbort implements AbortLike {
  aborted = false;
  readonly #listeners = new Set<() => void>();

  addEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.delete(listener);
  }

  abort(): void {
    this.aborted = true;
    for (const listener of this.#listeners) listener();
  }
}

/** The same as an AbortSignal, for interfaces that require one. */
export function clientAbortSignal(stop: AbortLike | undefined): AbortSignal | undefined {
  if (stop === undefined || stop instanceof AbortSignal) return stop;
  const controller = new AbortController();
  if (stop.aborted) controller.abort();
  else stop.addEventListener("abort", () => controller.abort());
  return controller.signal;
}
