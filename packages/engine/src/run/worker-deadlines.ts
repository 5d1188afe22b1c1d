/**
 * What follows when a time that workers were given is over. While workers cannot be reached, nothing does: they get the
 * whole time again once they can.
 */
export class WorkerDeadlines {
  readonly #isForced: () => boolean;
  #isReachable = true;
  readonly #postponed: (() => void)[] = [];

  /** @param isForced whether deadlines hold even for workers that cannot be reached */
  constructor(isForced: () => boolean) {
    this.#isForced = isForced;
  }

  /** Acts after so many milliseconds. Keeps no process alive. */
  after(ms: number, act: () => void): void {
    setTimeout(() => {
      if (this.#isReachable || this.#isForced()) act();
      else this.#postponed.push(() => this.after(ms, act));
    }, ms).unref();
  }

  setReachable(isReachable: boolean): void {
    this.#isReachable = isReachable;
    if (isReachable) for (const begin of this.#postponed.splice(0)) begin();
  }
}
