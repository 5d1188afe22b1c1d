import type { Clock } from "@ape/core/lib/clock";

interface Sleeper {
  at: number;
  order: number;
  wake: () => void;
}

/** A clock whose time passes only when a test lets it, from one sleeper to the next. */
export class VirtualClock implements Clock {
  #now = 1_000;
  #order = 0;
  #sleepers: Sleeper[] = [];

  now(): number {
    return this.#now;
  }

  epoch(): number {
    return 1_700_000_000_000 + this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      this.#order += 1;
      const sleeper = { at: this.#now + Math.max(0, ms), order: this.#order, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener("abort", () => {
        this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
        resolve();
      });
    });
  }

  /** Lets so much time pass; whoever was to be woken in it acts at that time. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      // All that follows from what has happened happens before time goes on.
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.#sleepers.reduce<Sleeper | undefined>(
        (first, one) =>
          first === undefined || one.at < first.at || (one.at === first.at && one.order < first.order)
            ? one
            : first,
        undefined,
      );
      if (next === undefined || next.at > until) break;
      this.#now = Math.max(this.#now, next.at);
      const due = this.#sleepers.filter((one) => one.at <= this.#now);
      this.#sleepers = this.#sleepers.filter((one) => one.at > this.#now);
      for (const one of due) one.wake();
    }
    this.#now = until;
  }
}
