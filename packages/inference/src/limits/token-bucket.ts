/**
 * A configured budget per minute, spent evenly: a bucket that fills steadily and holds one second's amount, or one
 * request if that is more. So no minute exceeds the budget plus that second.
 */
export class TokenBucket {
  readonly #perMs: number;
  readonly #most: number;
  #room: number;
  #at: number;

  /** @param perMinute of this process */
  constructor(perMinute: number, now: number) {
    this.#perMs = perMinute / 60_000;
    this.#most = Math.max(1, this.#perMs * 1_000);
    this.#room = this.#most;
    this.#at = now;
  }

  /**
   * Whether a request of this cost may be sent; one that costs more than the bucket holds may if the bucket is full.
   */
  admits(cost: number, now: number): boolean {
    return this.#fill(now) >= Math.min(cost, this.#most) - 1e-9;
  }

  /** When to try again after {@link admits} refused. */
  readyAt(cost: number, now: number): number {
    return now + Math.max(0, Math.min(cost, this.#most) - this.#fill(now)) / this.#perMs;
  }

  send(cost: number): void {
    this.#room -= cost;
  }

  /** Returns an amount that was reserved and not used. */
  refund(cost: number): void {
    this.#room = Math.min(this.#most, this.#room + cost);
  }

  #fill(now: number): number {
    this.#room = Math.min(this.#most, this.#room + Math.max(0, now - this.#at) * this.#perMs);
    this.#at = Math.max(this.#at, now);
    return this.#room;
  }
}
