import type { Ask, Attempt, Upstream } from "../upstream/upstream.ts";
import { Governor, type GovernorOptions } from "./request-scheduler.ts";

/** Models that are told apart; a client that asks for ever new ones shares the last one's limits. */
const MOST_MODELS = 32;

/** What the governors of a provider are doing. */
export interface GovernorFigures {
  model: string;
  waiting: number;
  underway: number;
  limit: number;
  open: boolean;
}

/** One governor for each model: a provider limits each by itself. */
export class Governors implements Upstream {
  readonly #options: GovernorOptions;
  readonly #byModel = new Map<string, Governor>();
  #last: Governor | undefined;
  #lastModel = "";

  constructor(options: GovernorOptions) {
    this.#options = options;
  }

  ask(ask: Ask): Promise<Attempt> {
    return this.of(ask.model).ask(ask);
  }

  /** The governor of a model. */
  of(model: string): Governor {
    if (this.#last !== undefined && this.#lastModel === model) return this.#last;
    let governor = this.#byModel.get(model);
    if (governor === undefined) {
      if (this.#byModel.size >= MOST_MODELS && this.#last !== undefined) return this.#last;
      governor = new Governor(this.#options);
      this.#byModel.set(model, governor);
    }
    this.#last = governor;
    this.#lastModel = model;
    return governor;
  }

  figures(): GovernorFigures[] {
    return [...this.#byModel].map(([model, { waiting, underway, limit, open }]) => ({
      model,
      waiting,
      underway,
      limit,
      open,
    }));
  }

  async close(): Promise<void> {
    for (const governor of this.#byModel.values()) await governor.close();
    await this.#options.inner.close();
  }
}
