import { LONGEST_TIMER_MS } from "@ape/core/lib/duration";
import type { LoadProfile } from "@ape/core/lib/schedule";

/** Emits the arrivals of an open load, each when it is due. */
export class Arrivals {
  readonly #dues: Generator<number>;
  readonly #elapsed: () => number;
  readonly #arrive: (due: number) => void;
  #due: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param elapsed milliseconds since the load began
   * @param arrive called with the due time of each arrival, in the same milliseconds
   */
  constructor(profile: LoadProfile, elapsed: () => number, arrive: (due: number) => void) {
    this.#dues = profile.arrivals();
    this.#elapsed = elapsed;
    this.#arrive = arrive;
  }

  start(): void {
    this.#next();
    this.#pump();
  }

  stop(): void {
    this.#due = undefined;
    clearTimeout(this.#timer);
  }

  #next(): void {
    this.#due = this.#dues.next().value ?? undefined;
  }

  #pump(): void {
    while (this.#due !== undefined && this.#due <= this.#elapsed()) {
      this.#arrive(this.#due);
      this.#next();
    }
    if (this.#due === undefined) return;
    const wait = Math.max(0, this.#due - this.#elapsed());
    this.#timer = setTimeout(() => this.#pump(), Math.min(wait, LONGEST_TIMER_MS));
  }
}
