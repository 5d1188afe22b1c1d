/** One worker's levels as JSON: `[worker, active, its minimum, its maximum, waiting, its minimum, its maximum]`. */
export type LevelSnapshot = [number, number, number, number, number, number, number];

interface WorkerLevels {
  active: number;
  waiting: number;
  leastActive: number;
  mostActive: number;
  leastWaiting: number;
  mostWaiting: number;
  changed: boolean;
}

/** Active and waiting agents of each worker: a run reports the sums. */
export class Levels {
  readonly #workers = new Map<number, WorkerLevels>();
  #active = 0;
  #waiting = 0;

  /** The sum of the last level of every worker. */
  get active(): number {
    return this.#active;
  }
  get waiting(): number {
    return this.#waiting;
  }

  set(worker: number, active: number, waiting: number): void {
    const levels = this.#of(worker);
    this.#active += active - levels.active;
    this.#waiting += waiting - levels.waiting;
    levels.active = active;
    levels.waiting = waiting;
    levels.leastActive = Math.min(levels.leastActive, active);
    levels.mostActive = Math.max(levels.mostActive, active);
    levels.leastWaiting = Math.min(levels.leastWaiting, waiting);
    levels.mostWaiting = Math.max(levels.mostWaiting, waiting);
    levels.changed = true;
  }

  /** The workers that changed since the last call, with the extremes since then. */
  take(): LevelSnapshot[] {
    const taken: LevelSnapshot[] = [];
    for (const [worker, levels] of this.#workers) {
      if (!levels.changed) continue;
      taken.push([
        worker,
        levels.active,
        levels.leastActive,
        levels.mostActive,
        levels.waiting,
        levels.leastWaiting,
        levels.mostWaiting,
      ]);
      levels.changed = false;
      levels.leastActive = levels.mostActive = levels.active;
      levels.leastWaiting = levels.mostWaiting = levels.waiting;
    }
    return taken;
  }

  #of(worker: number): WorkerLevels {
    let levels = this.#workers.get(worker);
    if (levels === undefined) {
      levels = {
        active: 0,
        waiting: 0,
        leastActive: Number.POSITIVE_INFINITY,
        mostActive: Number.NEGATIVE_INFINITY,
        leastWaiting: Number.POSITIVE_INFINITY,
        mostWaiting: Number.NEGATIVE_INFINITY,
        changed: false,
      };
      this.#workers.set(worker, levels);
    }
    return levels;
  }
}
