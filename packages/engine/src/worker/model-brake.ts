import type { SessionReport } from "@ape/agent/session/session-options";
import { backoff } from "@ape/core/lib/backoff";
import type { FromWorker } from "./protocol.ts";

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** Fruitless sessions in a row, of all agents of a process, after which agents pause. */
const FRUITLESS_ALLOWED = 3;
/** The engine counts failures of all workers in a row, so each worker reports usable answers, at most this often. */
const USABLE_MS = 250;

/**
 * Pauses agents after sessions without a usable answer of the model or without a result, for increasing times, and
 * reports the former to the engine. Otherwise a model that refuses at once would be called as fast as it can refuse.
 */
export class ModelBrake {
  #unusable = 0;
  #fruitless = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  /**
   * Records an ended session: returns the pause of its agent, and the report to the engine.
   * @param now monotonic, in milliseconds
   */
  ended(
    { unusableModel, fruitless, steps }: SessionReport,
    now: number,
  ): { pauseMs: number; message?: FromWorker } {
    if (unusableModel !== undefined) {
      this.#unusable += 1;
      const pauseMs = backoff(this.#unusable, { base: FIRST_PAUSE_MS, longest: LONGEST_PAUSE_MS });
      return { pauseMs, message: { type: "model", reason: unusableModel } };
    }
    this.#fruitless = fruitless === true ? this.#fruitless + 1 : 0;
    const pauseMs =
      this.#fruitless > FRUITLESS_ALLOWED
        ? backoff(this.#fruitless - FRUITLESS_ALLOWED, { base: FIRST_PAUSE_MS, longest: LONGEST_PAUSE_MS })
        : 0;
    // A session that was cut off before its first answer proves nothing.
    if (steps === 0 || (this.#unusable === 0 && now - this.#toldAt < USABLE_MS)) return { pauseMs };
    this.#unusable = 0;
    this.#toldAt = now;
    return { pauseMs, message: { type: "model" } };
  }
}
