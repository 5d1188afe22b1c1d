import type { LimitsConfig } from "@ape/core/config/inference";
import { type AnswerHeaders, requestedWait } from "../upstream/retry.ts";
import { type LimitReading, readLimits } from "./rate-headers.ts";
import { RateWindow } from "./rate-window.ts";
import { TokenBucket } from "./token-bucket.ts";

/** Maximum number of windows; a provider has a few. */
const MOST_WINDOWS = 16;

/** The requests that one organisation may send to one model: by the configuration, and by the provider's headers. */
export class Quota {
  readonly organisation: string;
  readonly #workers: number;
  readonly #requests: TokenBucket | undefined;
  readonly #tokens: TokenBucket | undefined;
  readonly #windows = new Map<string, RateWindow>();
  #countsTokens: boolean;
  #blockedUntil = Number.NEGATIVE_INFINITY;
  #requestsUnderway = 0;
  #tokensUnderway = 0;

  /** @param workers processes that share the quota */
  constructor(organisation: string, limits: LimitsConfig, workers: number, now: number) {
    this.organisation = organisation;
    this.#workers = workers;
    const { requestsPerMinute, tokensPerMinute } = limits;
    if (requestsPerMinute !== undefined) this.#requests = new TokenBucket(requestsPerMinute / workers, now);
    if (tokensPerMinute !== undefined) this.#tokens = new TokenBucket(tokensPerMinute / workers, now);
    this.#countsTokens = tokensPerMinute !== undefined;
  }

  /** Whether tokens are limited at all: otherwise no estimate is needed. */
  get countsTokens(): boolean {
    return this.#countsTokens;
  }

  /** Blocks until the time that the provider has set. */
  get blockedUntil(): number {
    return this.#blockedUntil;
  }

  admits(tokens: number, now: number): boolean {
    return now >= this.#blockedUntil && this.#limiting(tokens, now) === undefined;
  }

  /** When to try again after {@link admits} refused, and which limit applies. */
  next(tokens: number, now: number): { at: number; why: string } {
    if (now < this.#blockedUntil)
      return { at: this.#blockedUntil, why: "the provider asked to wait that long" };
    return this.#limiting(tokens, now) ?? { at: now, why: "" };
  }

  #limiting(tokens: number, now: number): { at: number; why: string } | undefined {
    if (this.#requests?.admits(1, now) === false)
      return { at: this.#requests.readyAt(1, now), why: "limits.requestsPerMinute is used up" };
    if (this.#tokens?.admits(tokens, now) === false)
      return { at: this.#tokens.readyAt(tokens, now), why: "limits.tokensPerMinute is used up" };
    if (this.#windows.size === 0) return undefined;
    for (const [name, window] of this.#windows) {
      const [cost, underway] =
        window.kind === "tokens" ? [tokens, this.#tokensUnderway] : [1, this.#requestsUnderway];
      if (!window.admits(cost, underway, now))
        return {
          at: window.readyAt(cost, underway, now),
          why: `the provider's limit of ${name || "requests"} is used up`,
        };
    }
    return undefined;
  }

  /** Counts a request of this many tokens as sent. */
  send(tokens: number): void {
    this.#requests?.send(1);
    this.#tokens?.send(tokens);
    this.#requestsUnderway += 1;
    this.#tokensUnderway += tokens;
    if (this.#windows.size > 0)
      for (const window of this.#windows.values()) window.send(window.kind === "tokens" ? tokens : 1);
  }

  /**
   * Settles a request.
   * @param tokens as given to {@link send}
   * @param usedTokens actual use; undefined if unknown
   * @param time when it was sent, and when its headers came, by the monotonic clock
   */
  settle(
    tokens: number,
    answer: { status: number; headers: AnswerHeaders; refusal?: string },
    usedTokens: number | undefined,
    time: { sentAt: number; headersAt: number; epoch: number },
  ): void {
    const { status, headers, refusal } = answer;
    this.#requestsUnderway -= 1;
    this.#tokensUnderway -= tokens;
    if (usedTokens !== undefined) this.#tokens?.refund(tokens - usedTokens);
    if (status === 0) return;
    for (const reading of readLimits(headers, time.epoch)) this.#observe(reading, status, time);
    if (status !== 429 && status !== 503) return;
    const wait = requestedWait(headers, status, time.epoch, refusal);
    if (wait === undefined) return;
    this.#blockedUntil = Math.max(this.#blockedUntil, time.headersAt + wait);
    for (const window of this.#windows.values()) window.resume(time.headersAt + wait);
  }

  #observe(reading: LimitReading, status: number, time: { sentAt: number; headersAt: number }): void {
    let window = this.#windows.get(reading.name);
    if (window === undefined) {
      if (this.#windows.size >= MOST_WINDOWS) return;
      window = new RateWindow(reading, this.#workers, time.headersAt);
      this.#windows.set(reading.name, window);
      this.#countsTokens ||= reading.kind === "tokens";
    }
    const underway = reading.kind === "tokens" ? this.#tokensUnderway : this.#requestsUnderway;
    window.observe(reading, time.sentAt, time.headersAt, underway);
    if (status === 429 && reading.remaining <= 0) window.misled(time.sentAt);
  }
}
