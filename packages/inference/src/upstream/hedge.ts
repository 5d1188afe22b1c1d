import { offAbort, onAbort } from "@ape/core/lib/abort";
import type { Clock } from "@ape/core/lib/clock";
import { ClientAbort } from "../server/client-abort-signal.ts";
import type { AnswerHeaders } from "./retry.ts";
import type { StreamSink, Upstream, UpstreamRequest, UpstreamResponse } from "./upstream.ts";

/**
 * Sends a call a second time if the first byte of its answer is late; the first to answer wins and the other is
 * cancelled. Shortens the tail of the latencies at the cost of requests that the provider may bill (Dean and Barroso
 * 2013, "The tail at scale").
 */
export class HedgedUpstream implements Upstream {
  readonly #inner: Upstream;
  readonly #after: number;
  readonly #clock: Clock;

  /** @param after milliseconds without a first byte */
  constructor(inner: Upstream, after: number, clock: Clock) {
    this.#inner = inner;
    this.#after = after;
    this.#clock = clock;
  }

  ask(ask: UpstreamRequest): Promise<UpstreamResponse> {
    return new Race(this.#inner, ask).run(this.#clock, this.#after);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}

class Race {
  readonly #inner: Upstream;
  readonly #ask: UpstreamRequest;
  readonly #legs: HedgedAttempt[] = [];
  #winner: HedgedAttempt | undefined;

  constructor(inner: Upstream, ask: UpstreamRequest) {
    this.#inner = inner;
    this.#ask = ask;
  }

  async run(clock: Clock, after: number): Promise<UpstreamResponse> {
    const { signal } = this.#ask;
    const cancel = (): void => {
      for (const leg of this.#legs) leg.stop.abort();
    };
    if (signal?.aborted === true) return this.#inner.ask(this.#ask);
    if (signal !== undefined) onAbort(signal, cancel);
    const timer = new AbortController();
    const first = this.#start();
    const begun = await Promise.race([
      first.done.then(() => true),
      first.begun.then(() => true),
      clock.sleep(after, timer.signal).then(() => false),
    ]);
    timer.abort();
    if (!begun && !first.stop.aborted) this.#start();
    const attempt = await this.#outcome();
    if (signal !== undefined) offAbort(signal, cancel);
    attempt.extra = this.#legs.length - 1;
    return attempt;
  }

  /** The winner's outcome; without a winner, that of the first. */
  async #outcome(): Promise<UpstreamResponse> {
    const left = new Map(this.#legs.map((leg) => [leg, leg.done.then((attempt) => ({ leg, attempt }))]));
    let first: UpstreamResponse | undefined;
    while (left.size > 0) {
      const { leg, attempt } = await Promise.race(left.values());
      left.delete(leg);
      if (attempt.error === undefined) this.claim(leg);
      if (this.#winner === leg) return attempt;
      if (leg === this.#legs[0]) first = attempt;
    }
    return first as UpstreamResponse;
  }

  #start(): HedgedAttempt {
    const leg = new HedgedAttempt(this, this.#inner, this.#ask);
    this.#legs.push(leg);
    return leg;
  }

  /** @returns whether this attempt's answer is used */
  claim(leg: HedgedAttempt): boolean {
    if (this.#winner === undefined) {
      this.#winner = leg;
      for (const other of this.#legs) if (other !== leg) other.stop.abort();
    }
    return this.#winner === leg;
  }
}

/** One of two requests; its answer's head is held back until the first byte makes it the winner. */
class HedgedAttempt implements StreamSink {
  readonly stop = new ClientAbort();
  readonly begun: Promise<void>;
  readonly done: Promise<UpstreamResponse>;
  readonly #race: Race;
  readonly #tap: StreamSink | undefined;
  #begin: () => void = () => undefined;
  #head: Parameters<StreamSink["head"]> | undefined;

  constructor(race: Race, inner: Upstream, ask: UpstreamRequest) {
    this.#race = race;
    this.#tap = ask.tap;
    this.begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
    this.done = inner.ask({ ...ask, signal: this.stop, tap: this });
  }

  head(status: number, headers: AnswerHeaders, queueMs: number): void {
    this.#head = [status, headers, queueMs];
  }

  data(chunk: Uint8Array | string): boolean {
    if (!this.#race.claim(this)) return true;
    this.#tellHead();
    return this.#tap?.data(chunk) ?? true;
  }

  whenDrained(resume: () => void): void {
    this.#tap?.whenDrained(resume);
  }

  end(): void {
    if (!this.#race.claim(this)) return;
    this.#tellHead();
    this.#tap?.end();
  }

  #tellHead(): void {
    if (this.#head === undefined) return;
    this.#begin();
    this.#tap?.head(...this.#head);
    this.#head = undefined;
  }
}
