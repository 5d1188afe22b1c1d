import type { Upstream, UpstreamRequest, UpstreamResponse } from "../upstream/upstream.ts";
import { RequestScheduler, type RequestSchedulerOptions } from "./request-scheduler.ts";

/** Models that are kept while no call for them waits or is in flight. */
const MOST_MODELS = 64;
/** The same of models of which a limit is known that keeps calls back. */
const MOST_LIMITED = 1_024;

/** State of the schedulers of a provider. */
export interface SchedulerFigures {
  model: string;
  waiting: number;
  underway: number;
  limit: number;
  open: boolean;
}

/** One scheduler per model: a provider limits each separately. */
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

  /** Returns the scheduler of a model. */
  of(model: string): RequestScheduler {
    if (this.#last !== undefined && this.#lastModel === model) return this.#last;
    let scheduler = this.#byModel.get(model);
    if (scheduler === undefined) {
      if (this.#byModel.size >= MOST_MODELS) this.#forgetIdle();
      scheduler = new RequestScheduler({ ...this.#options, ring: this.#options.ring.forModel() });
    } else this.#byModel.delete(model);
    // Moves the last used one to the end, which is forgotten last.
    this.#byModel.set(model, scheduler);
    this.#last = scheduler;
    this.#lastModel = model;
    return scheduler;
  }

  /** Forgets the model that was idle longest; one whose limit is used up only if there are very many. */
  #forgetIdle(): void {
    let idle: string | undefined;
    for (const [model, scheduler] of this.#byModel) {
      if (scheduler.forgettable) {
        this.#byModel.delete(model);
        return;
      }
      if (scheduler.isIdle) idle ??= model;
    }
    if (idle !== undefined && this.#byModel.size >= MOST_LIMITED) this.#byModel.delete(idle);
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
