import type { LimitReading } from "./rate-headers.ts";
import { RefillEstimator } from "./refill-estimator.ts";

/** A limit whose reset no header states is tried again after this time. */
const UNTOLD_PERIOD_MS = 1_000;
/** Number of good resets before a misjudged window is trusted again. */
const PENANCE = 10;
/** Share of a limit that several processes leave unused, because none knows the requests of the others. */
const RESERVE = 0.1;

/** The readings of about one round trip. */
interface Round {
  remaining: number;
  resetAt: number;
}

const NOTHING: Round = { remaining: Number.POSITIVE_INFINITY, resetAt: Number.NEGATIVE_INFINITY };

/**
 * One limit of the provider, as far as its headers tell, for fixed windows and for buckets that fill again steadily alike.
 *
 * Answers overtake one another, so which of those that were under way together is the newest cannot be told: the lowest
 * figure of the last two round trips holds. Whatever the provider counted later than that is still under way, so what
 * may be sent is that figure less all that is under way. A reset that lies surely behind the one known replaces all.
 * What is found to be a bucket is counted on to fill meanwhile. At the reset the window counts as full; but where that once led to a 429 (a limit that slides), only one request goes
 * out after a reset until an answer tells more.
 */
export class RateWindow {
  readonly kind: LimitReading["kind"];
  readonly #bornAt: number;
  readonly #workers: number;
  #limit: number;
  #periodMs: number;
  #round = NOTHING;
  #before = NOTHING;
  #roundAt = Number.NEGATIVE_INFINITY;
  /** When the readings of the rounds last changed. */
  #toldAt = 0;
  readonly #refill = new RefillEstimator();
  /** Resets before this time are past. */
  #since = Number.NEGATIVE_INFINITY;
  /** This process's part of what the window has counted. */
  #spent = 0;
  #guessed = false;
  #distrust = 0;

  /** @param workers processes that share the limit, each with an equal part */
  constructor(reading: LimitReading, workers: number, now: number) {
    this.kind = reading.kind;
    this.#bornAt = now;
    this.#workers = workers;
    // Of a limit that is not stated, one request is let through after each reset.
    this.#limit = reading.limit ?? Math.max(1, reading.remaining);
    this.#periodMs = reading.periodMs ?? reading.resetMs ?? UNTOLD_PERIOD_MS;
  }

  /**
   * Whether a request of this cost may be sent, with this much in flight. A cost above the whole limit may if nothing
   * is in flight.
   */
  admits(cost: number, underway: number, now: number): boolean {
    if (now >= this.#resetAt) this.#reset(now);
    if (this.#guessed && this.#distrust > 0) return underway === 0;
    return this.#lacks(cost, underway, now) <= 0;
  }

  /** When to try again after {@link admits} refused. */
  readyAt(cost: number, underway: number, now: number): number {
    const perMs = this.#refill.perMs / this.#workers;
    if (perMs === 0) return this.#resetAt;
    return Math.min(this.#resetAt, now + Math.max(1, this.#lacks(cost, underway, now) / perMs));
  }

  /** Amount that must be restored before a request of this cost may be sent. */
  #lacks(cost: number, underway: number, now: number): number {
    const wanted = Math.min(cost, this.#limit / this.#workers);
    const back = (now - this.#toldAt) * this.#refill.perMs;
    const remaining = Math.min(this.#limit, Math.min(this.#round.remaining, this.#before.remaining) + back);
    if (this.#workers === 1) return wanted - (remaining - underway);
    const left = (remaining - this.#limit * RESERVE) / this.#workers - underway;
    const part = (this.#limit * (1 - RESERVE)) / this.#workers - this.#spent;
    return wanted * (1 - RESERVE) - (this.#refill.perMs > 0 ? left : Math.min(left, part));
  }

  get #resetAt(): number {
    return Math.max(this.#round.resetAt, this.#before.resetAt);
  }

  send(cost: number): void {
    this.#spent += cost;
  }

  /**
   * Records the headers of an answer.
   * @param sentAt when its request was sent
   * @param at when the headers came
   * @param underway other requests in flight
   */
  observe(reading: LimitReading, sentAt: number, at: number, underway: number): void {
    this.#limit = reading.limit ?? Math.max(this.#limit, reading.remaining);
    this.#periodMs = reading.periodMs ?? Math.max(this.#periodMs, reading.resetMs ?? 0);
    const { remaining, resetMs = this.#periodMs, marginMs } = reading;
    // The provider counted between request and answer, so the reset is between the two.
    const earliest = sentAt + resetMs - 2 * marginMs;
    const latest = at + resetMs;
    this.#refill.observe(this.#limit - remaining, resetMs);
    if (earliest < this.#since) return;
    this.#toldAt = at;
    if (earliest > this.#resetAt) {
      if (!this.#guessed) this.#spent = underway;
      this.#before = NOTHING;
      this.#round = { remaining, resetAt: latest };
      this.#roundAt = at;
    } else if (this.#guessed || sentAt >= this.#roundAt) {
      this.#before = this.#guessed ? NOTHING : this.#round;
      this.#round = { remaining, resetAt: latest };
      this.#roundAt = at;
    } else
      this.#round = {
        remaining: Math.min(this.#round.remaining, remaining),
        resetAt: Math.max(this.#round.resetAt, latest),
      };
    if (this.#guessed) this.#distrust = Math.max(0, this.#distrust - 1);
    this.#guessed = false;
  }

  /** The provider refused with 429 what the window had admitted. */
  misled(sentAt: number): void {
    if (sentAt <= this.#bornAt) return;
    this.#distrust = PENANCE;
    this.#refill.forget();
  }

  /** The provider named a time to retry: then one request may try, whatever the reset says. */
  resume(at: number): void {
    if (at >= this.#resetAt || this.#round.remaining >= 1) return;
    this.#distrust = Math.max(1, this.#distrust);
    this.#round = { remaining: this.#round.remaining, resetAt: at };
    this.#before = NOTHING;
  }

  #reset(now: number): void {
    this.#toldAt = now;
    this.#before = NOTHING;
    this.#round = { remaining: this.#limit, resetAt: now + this.#periodMs };
    this.#roundAt = now;
    this.#since = now;
    this.#spent = 0;
    this.#guessed = true;
  }
}
