import type { AttemptTimeouts } from "@ape/core/config/inference";
import type { Clock } from "@ape/core/lib/clock";

/** What a time limit cancels. */
export interface Expiring {
  /** Called once with the limit that passed. */
  expired(message: string): void;
}

const look = (timer: AttemptTimer): void => timer.look();

/**
 * The time limits of one attempt. One timer serves them all: a part of an answer only records its time, and the timer
 * checks again when a limit may have passed. Most answers end before the shortest limit: they cost one timer.
 */
export class AttemptTimer {
  readonly #clock: Clock;
  readonly #timeouts: AttemptTimeouts;
  readonly #attempt: Expiring;
  #timer: NodeJS.Timeout | undefined;
  #sentAt = 0;
  #lastAt: number | undefined;
  #paused = false;
  #stopped = false;

  constructor(clock: Clock, timeouts: AttemptTimeouts, attempt: Expiring) {
    this.#clock = clock;
    this.#timeouts = timeouts;
    this.#attempt = attempt;
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#sentAt = this.#clock.now();
    this.look();
  }

  /** Records that a part of the answer came. */
  part(): void {
    this.#lastAt = this.#clock.now();
  }

  /** Records whether the reader is slow: then no part can come. */
  pause(paused: boolean): void {
    this.#paused = paused;
    if (!paused) this.part();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Checks whether a limit has passed, and when the next may pass. */
  look(): void {
    if (this.#stopped) return;
    const { firstByte = Infinity, idle = Infinity, total = Infinity } = this.#timeouts;
    const now = this.#clock.now();
    const began = this.#lastAt !== undefined;
    const since = this.#paused ? now : (this.#lastAt ?? this.#sentAt);
    const leftOfPart = since + (began ? idle : firstByte) - now;
    const left = Math.min(leftOfPart, this.#sentAt + total - now);
    if (left > 0) {
      // The first part can come at any moment, and the limit between parts counts from it.
      const wait = began ? left : Math.min(left, idle);
      // A timer may fire slightly early.
      if (wait < Infinity) this.#timer = setTimeout(look, Math.max(1, Math.ceil(wait)), this);
    } else if (leftOfPart > 0) this.#attempt.expired(`no complete answer within ${total} ms`);
    else if (began) this.#attempt.expired(`the answer stopped: nothing came for ${idle} ms`);
    else this.#attempt.expired(`no byte of an answer within ${firstByte} ms`);
  }
}
