import type { Upstream, UpstreamRequest, UpstreamResponse } from "../upstream/upstream.ts";
import { RequestScheduler, type RequestSchedulerOptions } from "./request-scheduler.ts";

/** Models whose limits are kept while no call for them waits or is in flight. */
const MOST_MODELS = 64;

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

  /** Forgets the model that was idle longest. */
  #forgetIdle(): void {
    for (const [model, { waiting, underway }] of this.#byModel)
      if (waiting === 0 && underway === 0) {
        this.#byModel.delete(model);
        return;
      }
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
