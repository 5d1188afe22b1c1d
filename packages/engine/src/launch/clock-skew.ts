import { decodeEvent } from "../store/event-encoding.ts";

/** Clocks that differ by less are the usual ones, in milliseconds. */
const TOLERATED_MS = 2_000;
/** Messages of a part are late for other reasons, too: its clock counts as slow only if all of these were late. */
const SAMPLES = 10;
/** Interval at which a part is looked at, in milliseconds. */
const LOOK_MS = 1_000;

/** Parts that are reported: a node has many, and where all differ it is the engine's own clock. */
const MOST_REPORTED = 5;

interface PartClock {
  lookedAt: number;
  samples: number;
  /** The shortest time that a message seemed to take: below zero if the part's clock is fast. */
  shortestMs: number;
  isReported: boolean;
}

/** Finds parts of a run whose clock is not the engine's, as on a node without synchronised time, by when their messages come. */
export class ClockSkew {
  readonly #parts = new Map<string, PartClock>();
  #reported = 0;

  /**
   * Looks at a message with events.
   * @param lines its events, one per line, the newest last
   * @param now epoch milliseconds
   * @returns by how many milliseconds the part's clock is fast (slow if negative), once for each of the first such parts
   */
  look(part: string, lines: string, now: number): number | undefined {
    const clock = this.#parts.get(part) ?? {
      lookedAt: 0,
      samples: 0,
      shortestMs: Infinity,
      isReported: false,
    };
    this.#parts.set(part, clock);
    if (clock.isReported || Math.abs(now - clock.lookedAt) < LOOK_MS) return undefined;
    clock.lookedAt = now;
    const whole = lines.trimEnd();
    const last = decodeEvent(whole.slice(whole.lastIndexOf("\n") + 1));
    if (last === undefined) return undefined;
    clock.samples += 1;
    clock.shortestMs = Math.min(clock.shortestMs, now - last.at);
    const isFast = clock.shortestMs < -TOLERATED_MS;
    const isSlow = clock.samples >= SAMPLES && clock.shortestMs > TOLERATED_MS;
    if ((!isFast && !isSlow) || this.#reported === MOST_REPORTED) return undefined;
    clock.isReported = true;
    this.#reported += 1;
    return -clock.shortestMs;
  }
}
