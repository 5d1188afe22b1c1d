import { AsyncLocalStorage } from "node:async_hooks";

type Setter = "setTimeout" | "setInterval";
const SETTERS: readonly Setter[] = ["setTimeout", "setInterval"];
const CLEARERS = ["clearTimeout", "clearInterval"] as const;

/**
 * Timers that a test itself sets, directly or in what it waits for. Test files share a process: one that is over may have left
 * something that sets timers, too, which `vi.getTimerCount` and a spy on `setTimeout` count. Those that are faked have to be so before.
 */
export class OwnTimers {
  readonly #context = new AsyncLocalStorage<OwnTimers>();
  readonly #running = new Set<unknown>();
  readonly #delays: (number | undefined)[] = [];
  readonly #undo: (() => void)[] = [];

  constructor() {
    this.#context.enterWith(this);
    for (const name of SETTERS) this.#watch(name);
    for (const name of CLEARERS) {
      const clear = globalThis[name] as (timer: unknown) => void;
      this.#replace(name, (timer: unknown) => {
        this.#running.delete(timer);
        clear(timer);
      });
    }
  }

  /** Timers that run now. */
  get count(): number {
    return this.#running.size;
  }

  /** Milliseconds of each timer that was set, those that are over included. */
  get delays(): readonly (number | undefined)[] {
    return this.#delays;
  }

  /** Gives the functions back as they were. */
  restore(): void {
    for (const undo of this.#undo.splice(0).reverse()) undo();
    this.#context.disable();
  }

  #watch(name: Setter): void {
    const set = globalThis[name] as (...given: unknown[]) => unknown;
    const own = (callback: (...given: unknown[]) => void, ms?: number, ...given: unknown[]): unknown => {
      if (this.#context.getStore() !== this) return set(callback, ms, ...given);
      const timer = set(
        (...passed: unknown[]) => {
          if (name === "setTimeout") this.#running.delete(timer);
          callback(...passed);
        },
        ms,
        ...given,
      );
      this.#running.add(timer);
      this.#delays.push(ms);
      return timer;
    };
    this.#replace(name, own);
  }

  #replace(name: Setter | (typeof CLEARERS)[number], by: (...given: never[]) => unknown): void {
    const before = globalThis[name];
    // Fake timers know by what their functions carry what to give back: without it they leave no such function at all.
    for (const key of Reflect.ownKeys(before))
      if (!(key in by)) Object.assign(by, { [key]: Reflect.get(before, key) });
    Object.assign(globalThis, { [name]: by });
    this.#undo.push(() => {
      // Timers that are real again meanwhile are left so.
      if ((globalThis[name] as unknown) === by) Object.assign(globalThis, { [name]: before });
    });
  }
}
