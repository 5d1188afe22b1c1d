import type { Clock } from "@ape/core/lib/clock";
import type { ProviderClient } from "../providers/provider-client.ts";
import { requestedWait } from "./retry.ts";
import type { Upstream, UpstreamRequest, UpstreamResponse } from "./upstream.ts";

export interface FallbackOptions {
  /** The source to ask first, then its fallbacks, in order. */
  sources: readonly [ProviderClient, ...ProviderClient[]];
  /** Attempts of a call in total: the last of them uses the next source. */
  attempts: number;
  /** Longest `retry-after` that is obeyed, in milliseconds. */
  maxWait: number;
  clock: Clock;
}

/**
 * Uses the next source if one cannot answer: at once if it is down, has refused every key, does not know the model or
 * requests too long a wait; otherwise when the call's attempts are used up. Never after the first byte of an answer,
 * and not for an invalid request.
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
    // All are down: the call waits in the queue of the main one.
    return last ?? main.upstream.ask(ask);
  }

  async close(): Promise<void> {
    for (const { upstream } of this.#options.sources) await upstream.close();
  }

  #passesOn(ask: UpstreamRequest, { error, status, headers, unsent, refusal }: UpstreamResponse): boolean {
    if (error === undefined || error.code === "cancelled") return false;
    // Bytes of the answer were already passed to the caller.
    if (status >= 200 && status < 300) return false;
    if (status === 0 && !unsent) return true;
    if (status >= 400 && status < 500 && status !== 429) return OF_THE_SOURCE.has(status);
    if (ask.attempt >= this.#options.attempts) return true;
    return (
      (requestedWait(headers, status, this.#options.clock.epoch(), refusal) ?? 0) > this.#options.maxWait
    );
  }
}

/** Refusals that another source may not share: no key, no money, no permission, no such model. */
const OF_THE_SOURCE: ReadonlySet<number> = new Set([401, 402, 403, 404]);
