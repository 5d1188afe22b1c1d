import type { Upstream, UpstreamRequest, UpstreamResponse } from "../upstream/upstream.ts";
import { RequestScheduler, type RequestSchedulerOptions } from "./request-scheduler.ts";

/** Models that are told apart; a client that asks for ever new ones shares the last one's limits. */
const MOST_MODELS = 32;

/** What the governors of a provider are doing. */
export interface SchedulerFigures {
  model: string;
  waiting: number;
  underway: number;
  limit: number;
  open: boolean;
}

/** One governor for each model: a provider limits each by itself. */
export class RequestSchedulers implements Upstream {
  readonly #options: RequestSchedulerOptions;
  readonly #byModel = new Map<string, RequestScheduler>();
  #last: RequestScheduler | undefined;
  #lastModel = "";

  constructor(options: RequestSchedulerOptions) {
    this.#options = options;
  }

  ask(ask: UpstreamRequest): Promise<UpstreamResponse> {
    return this.of(ask.model).ask(ask);
  }

  /** The governor of a model. */
  of(model: string): RequestScheduler {
    if (this.#last !== undefined && this.#lastModel === model) return this.#last;
    let scheduler = this.#byModel.get(model);
    if (scheduler === undefined) {
      if (this.#byModel.size >= MOST_MODELS && this.#last !== undefined) return this.#last;
      scheduler = new RequestScheduler(this.#options);
      this.#byModel.set(model, scheduler);
    }
    this.#last = scheduler;
    this.#lastModel = model;
    return scheduler;
  }

  figures(): SchedulerFigures[] {
    return [...this.#byModel].map(([model, { waiting, underway, limit, open }]) => ({
      model,
      waiting,
      underway,
      limit,
      open,
    }));
  }

  async close(): Promise<void> {
    for (const scheduler of this.#byModel.values()) await scheduler.close();
    await this.#options.inner.close();
  }
}
