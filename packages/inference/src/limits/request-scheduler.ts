import type { LimitsConfig } from "@ape/core/config/inference";
import { offAbort, onAbort } from "@ape/core/lib/abort";
import { CircuitBreaker } from "@ape/core/lib/circuit-breaker";
import type { Clock } from "@ape/core/lib/clock";
import type { ModelError } from "@ape/core/protocol/chat";
import { failedResponse } from "../upstream/failed-attempt.ts";
import { requestedWait } from "../upstream/retry.ts";
import { estimateInput } from "../upstream/tokens.ts";
import type { Upstream, UpstreamRequest, UpstreamResponse } from "../upstream/upstream.ts";
import { Concurrency } from "./concurrency.ts";
import { FairQueue, type Waiting } from "./fair-queue.ts";
import { keyRefusal } from "./key-refusal.ts";
import type { Key, KeyRing } from "./key-ring.ts";
import { Quota } from "./quota.ts";

/** Maximum number of waiting calls; further calls are refused at once, so that memory is bounded. */
const MOST_WAITING = 100_000;
/** Longest pause before a provider that failed is tried again. */
const LONGEST_PAUSE_MS = 60_000;

export interface RequestSchedulerOptions {
  provider: string;
  inner: Upstream;
  ring: KeyRing;
  /** Maximum number of requests in flight. */
  connections: number;
  limits: LimitsConfig;
  /** Processes that share the limits. */
  workers: number;
  /** Longest wait, in milliseconds. */
  queueTimeout: number;
  breaker: { failures: number; pause: number };
  /** Reserved for an answer whose request sets no length. */
  maxCompletionTokens: number;
  clock: Clock;
}

interface HeldRequest extends Waiting {
  readonly ask: UpstreamRequest;
  readonly resolve: (attempt: UpstreamResponse | PromiseLike<UpstreamResponse>) => void;
  readonly since: number;
  cancel: (() => void) | undefined;
  /** Estimated when first needed. */
  tokens: number | undefined;
}

/**
 * Sends calls for one model upstream as the provider can take them: within its limits, no more at a time than it can
 * handle, none while it is down, and fairly over agents.
 */
export class RequestScheduler implements Upstream {
  readonly #options: RequestSchedulerOptions;
  readonly #queue = new FairQueue<HeldRequest>();
  /** The same calls in order of arrival: all have the same longest wait, so the first is the next to time out. */
  readonly #held = new Set<HeldRequest>();
  readonly #quotas: readonly Quota[];
  readonly #concurrency: Concurrency;
  readonly #breaker: CircuitBreaker;
  /** The words of the provider's last failure. */
  #lastFailure = "";
  /** Whether any call was answered. */
  #answered = false;
  #turn = 0;
  #wakeAt = Number.POSITIVE_INFINITY;
  #wake: AbortController | undefined;

  constructor(options: RequestSchedulerOptions) {
    const { ring, limits, workers, clock, connections, breaker } = options;
    this.#options = options;
    this.#quotas = ring.organisations.map(
      (organisation) => new Quota(organisation, limits, workers, clock.now()),
    );
    this.#concurrency = new Concurrency(connections);
    this.#breaker = new CircuitBreaker({
      failures: breaker.failures,
      pauseMs: breaker.pause,
      longestMs: LONGEST_PAUSE_MS,
    });
  }

  /** Number of waiting calls. */
  get waiting(): number {
    return this.#queue.size;
  }

  get underway(): number {
    return this.#concurrency.underway;
  }

  /** Requests that may be in flight now. */
  get limit(): number {
    return this.#concurrency.limit;
  }

  /** Whether nothing waits or is in flight, and nothing is known that would keep a call back. */
  get forgettable(): boolean {
    const now = this.#options.clock.now();
    return this.isIdle && !this.#breaker.open && this.#quotas.every((quota) => quota.admits(1, now));
  }

  get isIdle(): boolean {
    return this.waiting === 0 && this.underway === 0;
  }

  /** Whether the circuit is open and no trial request is due. */
  get down(): boolean {
    return !this.#breaker.admits(this.#options.clock.now());
  }

  /** Whether the circuit is open. */
  get open(): boolean {
    return this.#breaker.open;
  }

  ask(ask: UpstreamRequest): Promise<UpstreamResponse> {
    const now = this.#options.clock.now();
    if (this.#queue.size === 0 && this.#concurrency.free && this.#breaker.admits(now)) {
      for (let i = 0; i < this.#quotas.length; i += 1) {
        const quota = this.#nextQuota();
        const tokens = quota.countsTokens ? this.#estimate(ask) : 0;
        if (!quota.admits(tokens, now)) continue;
        const key = this.#options.ring.next(quota.organisation, now);
        if (key !== undefined) return this.#send(ask, quota, key, tokens, now);
      }
    }
    return this.#hold(ask, now);
  }

  /** Cancels waiting calls. Calls in flight end with the upstream itself, which others may use too. */
  close(): Promise<void> {
    this.#wake?.abort();
    for (const held of this.#held)
      this.#release(held, { code: "cancelled", status: 0, message: "the proxy was closed" });
    return Promise.resolve();
  }

  #nextQuota(): Quota {
    this.#turn = (this.#turn + 1) % this.#quotas.length;
    return this.#quotas[this.#turn] as Quota;
  }

  #estimate(ask: UpstreamRequest): number {
    const request = ask.request();
    const { max_completion_tokens: limit, max_tokens: old } = request as {
      max_completion_tokens?: unknown;
      max_tokens?: unknown;
    };
    const output = [limit, old].find((value): value is number => typeof value === "number" && value > 0);
    return estimateInput(request) + (output ?? this.#options.maxCompletionTokens);
  }

  #send(
    ask: UpstreamRequest,
    quota: Quota,
    key: Key,
    tokens: number,
    now: number,
  ): Promise<UpstreamResponse> {
    const { inner } = this.#options;
    quota.send(tokens);
    this.#concurrency.send();
    this.#breaker.send();
    ask.headers = key.headers;
    return inner.ask(ask).then((attempt) => this.#settled(ask, quota, key, tokens, now, attempt));
  }

  #settled(
    ask: UpstreamRequest,
    quota: Quota,
    key: Key,
    tokens: number,
    sentAt: number,
    attempt: UpstreamResponse,
  ): UpstreamResponse | Promise<UpstreamResponse> {
    const { clock, provider, ring } = this.#options;
    const now = clock.now();
    this.#judge(attempt, sentAt, now);
    const { inputTokens, outputTokens, status } = attempt;
    const headersAt = now - attempt.durationMs + (attempt.headersMs ?? attempt.durationMs);
    const used = inputTokens === undefined ? undefined : inputTokens + (outputTokens ?? 0);
    quota.settle(tokens, attempt, used, {
      sentAt: headersAt - (attempt.headersMs ?? 0),
      headersAt,
      epoch: clock.epoch(),
    });
    let again: Promise<UpstreamResponse> | undefined;
    const refused = keyRefusal(attempt);
    // A pause of the only key would change the answers to other requests of a client.
    if (refused !== undefined && (ask.own || ring.hasOther(key, now))) {
      if (ring.refuse(key, refused, provider, attempt.error?.message ?? "", now)) again = this.ask(ask);
    } else if (refused === undefined && status >= 200 && status < 300) ring.accept(key);
    if (this.#queue.size > 0) this.#pump();
    return again ?? attempt;
  }

  /** Records what an outcome shows of the provider's health. */
  #judge({ error, status, headers, unsent, refusal }: UpstreamResponse, sentAt: number, now: number): void {
    if (error === undefined) {
      this.#answered = true;
      this.#breaker.settle(false, now);
      this.#concurrency.settle(true);
    } else if (error.code === "cancelled") {
      this.#breaker.settle(undefined, now);
      this.#concurrency.settle(false);
    } else if (status === 429) {
      this.#breaker.settle(false, now);
      // A provider that names a time has a budget, and is not overloaded.
      if (requestedWait(headers, status, this.#options.clock.epoch(), refusal) === undefined)
        this.#concurrency.overloaded(sentAt, now);
      else this.#concurrency.settle(false);
    } else if (status === 409 || status === 425) {
      // A refusal of this request only.
      this.#breaker.settle(false, now);
      this.#concurrency.settle(false);
    } else if (error.code === "unavailable" || error.code === "timeout" || unsent) {
      this.#lastFailure = error.message;
      this.#breaker.settle(true, now);
      this.#concurrency.overloaded(sentAt, now);
    } else {
      this.#breaker.settle(error.code === "protocol", now);
      this.#concurrency.settle(false);
    }
  }

  #hold(ask: UpstreamRequest, now: number): Promise<UpstreamResponse> {
    const { ring, queueTimeout } = this.#options;
    if (ask.signal?.aborted === true) return Promise.resolve(failedResponse(CANCELLED, 0));
    if (!ring.usable(now))
      return Promise.resolve(failedResponse({ code: "refused", status: 401, message: ring.lastRefusal }, 0));
    if (this.#queue.size >= MOST_WAITING)
      return Promise.resolve(
        failedResponse(
          { code: "limit", status: 0, message: `${MOST_WAITING} calls wait in the proxy already` },
          0,
        ),
      );
    const hopeless = this.#hopeless(ask, now + queueTimeout, now);
    if (hopeless !== undefined) return Promise.resolve(failedResponse(hopeless, 0));
    return new Promise((resolve) => {
      const held: HeldRequest = {
        ask,
        of: ask.session,
        gone: false,
        resolve,
        since: now,
        cancel: undefined,
        tokens: undefined,
      };
      if (ask.signal !== undefined) {
        held.cancel = () => this.#release(held, CANCELLED);
        onAbort(ask.signal, held.cancel);
      }
      this.#queue.add(held);
      this.#held.add(held);
      if (this.#held.size === 1) this.#pump();
    });
  }

  /** Returns an error if nothing can be sent before the deadline, or nothing will be answered: then a call does not wait. */
  #hopeless(ask: UpstreamRequest, deadline: number, now: number): ModelError | undefined {
    const { provider, queueTimeout } = this.#options;
    // A provider that was never there is no outage to wait out.
    if (!this.#answered && this.#breaker.open && !this.#breaker.admits(now))
      return {
        code: "unavailable",
        status: 0,
        message: `${provider} has failed every call so far: ${this.#lastFailure}`,
      };
    const fail = (at: number, what: (seconds: number) => string): ModelError => ({
      code: "limit",
      status: 0,
      message: `${what(Math.ceil((at - now) / 1_000))}, longer than queueTimeout (${queueTimeout / 1_000} s)`,
    });
    const blocked = Math.min(...this.#quotas.map((quota) => quota.blockedUntil));
    if (blocked > deadline) return fail(blocked, (seconds) => `${provider} asked to wait ${seconds} s`);
    // Answers in flight may show more room than is known now.
    if (this.underway > 0) return undefined;
    const [first, ...others] = this.#quotas.map((quota) =>
      quota.next(quota.countsTokens ? this.#estimate(ask) : 0, now),
    );
    if (first === undefined) return undefined;
    const { at, why } = others.reduce((best, one) => (one.at < best.at ? one : best), first);
    return at > deadline
      ? fail(at, (seconds) => `${why} at ${provider} for another ${seconds} s`)
      : undefined;
  }

  /** Sends as many waiting calls as possible, ends those that waited too long, and schedules the next check. */
  #pump(): void {
    const { clock, queueTimeout, ring } = this.#options;
    const now = clock.now();
    for (const held of this.#held) {
      if (held.since + queueTimeout > now) break;
      this.#release(held, this.#tooLong(held, now));
    }
    let wakeAt = Number.POSITIVE_INFINITY;
    for (let head = this.#queue.peek(); head !== undefined; head = this.#queue.peek()) {
      if (!ring.usable(now)) {
        this.#release(head, { code: "refused", status: 401, message: ring.lastRefusal });
        continue;
      }
      const quota = this.#admitting(head, now);
      if (typeof quota === "number") {
        wakeAt = quota;
        break;
      }
      const key = ring.next(quota.organisation, now) as Key;
      this.#queue.shift();
      this.#leave(head);
      const waited = now - head.since;
      head.ask.queuedMs += waited;
      head.resolve(
        this.#send(head.ask, quota, key, head.tokens ?? 0, now).then((attempt) => {
          attempt.queueMs += waited;
          return attempt;
        }),
      );
    }
    const [first] = this.#held;
    if (first !== undefined) this.#wakeBy(Math.min(wakeAt, first.since + queueTimeout), now);
  }

  /** Returns the quota that admits a call now, or when to check again (infinite: when another call ends). */
  #admitting(held: HeldRequest, now: number): Quota | number {
    if (!this.#concurrency.free) return Number.POSITIVE_INFINITY;
    if (!this.#breaker.admits(now))
      return this.#breaker.openUntil > now ? this.#breaker.openUntil : Number.POSITIVE_INFINITY;
    let at = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#quotas.length; i += 1) {
      const quota = this.#nextQuota();
      if (!this.#options.ring.has(quota.organisation, now)) continue;
      if (quota.countsTokens) held.tokens ??= this.#estimate(held.ask);
      if (quota.admits(held.tokens ?? 0, now)) return quota;
      at = Math.min(at, quota.next(held.tokens ?? 0, now).at);
    }
    return at;
  }

  #tooLong(held: HeldRequest, now: number): ModelError {
    const { provider } = this.#options;
    const seconds = Math.round((now - held.since) / 100) / 10;
    const waited = `waited ${seconds} s in the proxy's queue for ${provider}`;
    if (this.#breaker.open)
      return {
        code: "unavailable",
        status: 0,
        message: `${waited}: it failed again and again, so it is spared${this.#lastFailure === "" ? "" : `; its last answer: ${this.#lastFailure}`}`,
      };
    const whys = this.#quotas.map((quota) => quota.next(held.tokens ?? 0, now).why);
    const why = whys.find((one) => one !== "") ?? `${this.#concurrency.underway} calls are under way`;
    return { code: "limit", status: 0, message: `${waited}: ${why}` };
  }

  #release(held: HeldRequest, error: ModelError): void {
    held.gone = true;
    this.#queue.noteRemoved();
    this.#leave(held);
    held.resolve(failedResponse(error, this.#options.clock.now() - held.since));
  }

  #leave(held: HeldRequest): void {
    this.#held.delete(held);
    if (held.cancel !== undefined && held.ask.signal !== undefined) offAbort(held.ask.signal, held.cancel);
  }

  #wakeBy(at: number, now: number): void {
    if (at >= this.#wakeAt) return;
    this.#wake?.abort();
    const wake = new AbortController();
    this.#wake = wake;
    this.#wakeAt = at;
    void this.#options.clock.sleep(Math.max(1, at - now), wake.signal).then(() => {
      if (this.#wake !== wake || wake.signal.aborted) return;
      this.#wake = undefined;
      this.#wakeAt = Number.POSITIVE_INFINITY;
      this.#pump();
    });
  }
}

const CANCELLED: ModelError = { code: "cancelled", status: 0, message: "the call was cancelled" };
