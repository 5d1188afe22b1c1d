import type { FromWorker } from "./protocol.ts";

/** A worker's connection to the run's cost budget, which the engine keeps. */
export class BudgetLeases {
  readonly #send: (message: FromWorker) => void;
  #granted: ((usd: number) => void) | undefined;

  constructor(send: (message: FromWorker) => void) {
    this.#send = send;
  }

  /** Requests this many US dollars; resolves with what is granted. One request at a time. */
  ask(usd: number): Promise<number> {
    return new Promise((resolve) => {
      this.#granted = resolve;
      this.#send({ type: "budget", usd });
    });
  }

  /** Receives the engine's answer. */
  grant(usd: number): void {
    this.#granted?.(usd);
    this.#granted = undefined;
  }
}
