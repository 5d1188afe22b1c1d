import type { LimitReading } from "./rate-headers.ts";
import { RefillEstimator } from "./refill-estimator.ts";

/** A limit whose reset no header tells is asked again after this long. */
const UNTOLD_PERIOD_MS = 1_000;
/** Resets that went well before a window that was misjudged is trusted again. */
const PENANCE = 10;
/** What several processes leave of a limit between them, because none knows what the others have under way. */
const RESERVE = 0.1;

/** What the answers of about one round trip told. */
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
  /** When the figures of the rounds last changed. */
  #toldAt = 0;
  readonly #refill = new RefillEstimator();
  /** Resets before this are of the past. */
  #since = Number.NEGATIVE_INFINITY;
  /** This process's own part of what the window has seen. */
  #spent = 0;
  #guessed = false;
  #distrust = 0;

  /** @param workers processes that share the limit, each of which takes an equal part */
  constructor(reading: LimitReading, workers: number, now: number) {
    this.kind = reading.kind;
    this.#bornAt = now;
    this.#workers = workers;
    this.#limit = reading.limit ?? reading.remaining;
    this.#periodMs = reading.periodMs ?? reading.resetMs ?? UNTOLD_PERIOD_MS;
  }

  /** Whether a request of this cost may leave, with so much under way. A cost above the whole limit may when nothing is. */
  admits(cost: number, underway: number, now: number): boolean {
    if (now >= this.#resetAt) this.#reset(now);
    if (this.#guessed && this.#distrust > 0) return underway === 0;
    return this.#lacks(cost, underway, now) <= 0;
  }

  /** When to ask again, where {@link admits} said no. */
  readyAt(cost: number, underway: number, now: number): number {
    const perMs = this.#refill.perMs / this.#workers;
    if (perMs === 0) return this.#resetAt;
    return Math.min(this.#resetAt, now + Math.max(1, this.#lacks(cost, underway, now) / perMs));
  }

  /** What has to come back before a request of this cost may leave. */
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
   * Takes what the headers of an answer say.
   * @param sentAt when its request was sent
   * @param at when the headers came
   * @param underway what is under way besides
   */
  observe(reading: LimitReading, sentAt: number, at: number, underway: number): void {
    this.#limit = reading.limit ?? Math.max(this.#limit, reading.remaining);
    this.#periodMs = reading.periodMs ?? Math.max(this.#periodMs, reading.resetMs ?? 0);
    const { remaining, resetMs = this.#periodMs, marginMs } = reading;
    // The provider counted somewhere between sending and answer: so the reset lies between these two.
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

  /** The provider refused with 429 what the window had let through. */
  misled(sentAt: number): void {
    if (sentAt <= this.#bornAt) return;
    this.#distrust = PENANCE;
    this.#refill.forget();
  }

  /** The provider named a time to come back: then one request may try, whatever the reset says. */
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
