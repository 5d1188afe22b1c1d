import type { Clock } from "@ape/core/lib/clock";
import { failedResponse } from "../src/upstream/failed-attempt.ts";
import type { AnswerHeaders } from "../src/upstream/retry.ts";
import type { Upstream, UpstreamRequest, UpstreamResponse } from "../src/upstream/upstream.ts";

/** How a provider limits, and what its headers say of it. */
export interface Limit {
  /** @returns whether a request that arrives now is served, and the headers of its answer */
  take(now: number): { served: boolean; headers: AnswerHeaders };
}

const headersOf = (limit: number, remaining: number, resetMs: number, suffix: string): AnswerHeaders => ({
  [`x-ratelimit-limit-${suffix}`]: String(limit),
  [`x-ratelimit-remaining-${suffix}`]: String(Math.max(0, Math.floor(remaining))),
  [`x-ratelimit-reset-${suffix}`]: (resetMs / 1_000).toFixed(3),
});

/** So many requests in every period, the count beginning again with each. */
export function fixedWindow(limit: number, periodMs: number, suffix = "requests"): Limit {
  let window = -1;
  let used = 0;
  return {
    take(now) {
      const current = Math.floor(now / periodMs);
      if (current !== window) {
        window = current;
        used = 0;
      }
      const served = used < limit;
      if (served) used += 1;
      const resetMs = (current + 1) * periodMs - now;
      const headers = headersOf(limit, limit - used, resetMs, suffix);
      return {
        served,
        headers: served ? headers : { ...headers, "retry-after": (resetMs / 1_000).toFixed(3) },
      };
    },
  };
}

/** A bucket that fills again steadily; its reset is the time until it is full. */
export function bucket(limit: number, periodMs: number, suffix = "requests"): Limit {
  let level = limit;
  let at = 0;
  return {
    take(now) {
      level = Math.min(limit, level + ((now - at) * limit) / periodMs);
      at = now;
      const served = level >= 1;
      if (served) level -= 1;
      const headers = headersOf(limit, level, ((limit - level) * periodMs) / limit, suffix);
      const waitMs = ((1 - level) * periodMs) / limit;
      return {
        served,
        headers: served ? headers : { ...headers, "retry-after": (waitMs / 1_000).toFixed(3) },
      };
    },
  };
}

/** A provider on a clock of the test's: it answers after its latency, and counts whom it served and when it refused. */
export class LimitedProvider implements Upstream {
  readonly served: { session: string; at: number }[] = [];
  readonly refused: number[] = [];
  underway = 0;
  readonly #clock: Clock;
  readonly #limit: Limit;
  readonly #latency: () => number;

  constructor(clock: Clock, limit: Limit, latency: () => number) {
    this.#clock = clock;
    this.#limit = limit;
    this.#latency = latency;
  }

  async ask(ask: UpstreamRequest): Promise<UpstreamResponse> {
    const sentAt = this.#clock.now();
    const latency = this.#latency();
    this.underway += 1;
    await this.#clock.sleep(latency / 2);
    const { served, headers } = this.#limit.take(this.#clock.now());
    if (served) this.served.push({ session: ask.session, at: this.#clock.now() });
    else this.refused.push(this.#clock.now());
    await this.#clock.sleep(latency / 2);
    this.underway -= 1;
    const durationMs = this.#clock.now() - sentAt;
    const attempt: UpstreamResponse = {
      ...failedResponse({ code: "limit", status: 429, message: "too many requests" }, 0),
      status: served ? 200 : 429,
      headers,
      headersMs: durationMs,
      durationMs,
      whole: true,
    };
    if (served) attempt.error = undefined;
    return attempt;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** An ask of an agent that wants one answer. */
export function askOf(session: string, more: Partial<UpstreamRequest> = {}): UpstreamRequest {
  return {
    model: "m",
    session,
    own: true,
    streamed: false,
    request: () => ({ model: "m", messages: [] }),
    body: () => "",
    traceparent: "",
    attempt: 1,
    signal: undefined,
    tap: undefined,
    queuedMs: 0,
    ...more,
  };
}
