import type { Clock } from "@ape/core/lib/clock";
import type { ProviderClient } from "../providers/provider-client.ts";
import { askedWait } from "./retry.ts";
import type { Upstream, UpstreamRequest, UpstreamResponse } from "./upstream.ts";

export interface FallbackOptions {
  /** The one to ask, then those to ask in its place, in order. */
  sources: readonly [ProviderClient, ...ProviderClient[]];
  /** Tries that a call has in all: the last of them goes on to the next source. */
  attempts: number;
  /** Longest wait that a `retry-after` is obeyed for, in milliseconds. */
  maxWait: number;
  clock: Clock;
}

/**
 * Asks the next source where one cannot answer: at once where it is down, has refused every key, does not know the
 * model or asks for too long a wait, else when the call's tries are used up. Never after the first byte of an answer,
 * and not for a request that is wrong by itself.
 */
export class FallbackUpstream implements Upstream {
  readonly #options: FallbackOptions;

  constructor(options: FallbackOptions) {
    this.#options = options;
  }

  async ask(ask: UpstreamRequest): Promise<UpstreamResponse> {
    const [main, ...others] = this.#options.sources;
    let last = main.down(ask.model) ? undefined : await main.upstream.ask(ask);
    let queueMs = last?.queueMs ?? 0;
    for (const source of others) {
      if (last !== undefined && !this.#passesOn(ask, last)) return last;
      const { model } = source.resolved;
      if (source.down(model)) continue;
      queueMs += last?.durationMs ?? 0;
      last = await source.upstream.ask({
        ...ask,
        model,
        queuedMs: ask.queuedMs + queueMs,
        request: () => ({ ...ask.request(), model }),
        body: (_, edits) => ask.body(model, edits),
      });
      last.source = source.resolved;
      queueMs += last.queueMs;
      last.queueMs = queueMs;
    }
    // All are down: the main one's queue is the place to wait.
    return last ?? main.upstream.ask(ask);
  }

  async close(): Promise<void> {
    for (const { upstream } of this.#options.sources) await upstream.close();
  }

  #passesOn(ask: UpstreamRequest, { error, status, headers, unsent, refusal }: UpstreamResponse): boolean {
    if (error === undefined || error.code === "cancelled") return false;
    // Bytes of the answer are on their way to whoever asked.
    if (status >= 200 && status < 300) return false;
    if (status === 0 && !unsent) return true;
    if (status >= 400 && status < 500 && status !== 429) return OF_THE_SOURCE.has(status);
    if (ask.attempt >= this.#options.attempts) return true;
    return (askedWait(headers, status, this.#options.clock.epoch(), refusal) ?? 0) > this.#options.maxWait;
  }
}

/** Refusals that another source need not share: no key, no money, no permission, no such model. */
const OF_THE_SOURCE: ReadonlySet<number> = new Set([401, 402, 403, 404]);
