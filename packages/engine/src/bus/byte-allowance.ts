import type { Clock } from "@ape/core/lib/clock";

/** Seconds of the rate that may be saved up, and that may be overdrawn. */
const SAVED_SECONDS = 2;
const OVERDRAWN_SECONDS = 10;

/** Bytes that may be sent at a rate: a message may overdraw it, and the next ones wait until that is made up for. */
export class ByteAllowance {
  readonly #bytesPerSecond: number;
  readonly #clock: Pick<Clock, "now">;
  #balance: number;
  #at: number;

  constructor(bytesPerSecond: number, clock: Pick<Clock, "now">) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#clock = clock;
    this.#balance = bytesPerSecond * SAVED_SECONDS;
    this.#at = clock.now();
  }

  /** Whether something that can be left out may be sent. */
  get hasRoom(): boolean {
    return this.#read() > 0;
  }

  /** Whether not even what matters may be sent. */
  get isOverdrawn(): boolean {
    return this.#read() < -OVERDRAWN_SECONDS * this.#bytesPerSecond;
  }

  spend(bytes: number): void {
    this.#balance = this.#read() - bytes;
  }

  #read(): number {
    const now = this.#clock.now();
    const earned = ((now - this.#at) / 1_000) * this.#bytesPerSecond;
    this.#balance = Math.min(this.#balance + earned, this.#bytesPerSecond * SAVED_SECONDS);
    this.#at = now;
    return this.#balance;
  }
}
