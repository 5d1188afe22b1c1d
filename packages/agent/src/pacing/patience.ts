import type { PersonaConfig } from "@ape/core/config/persona";
import { formatDuration } from "@ape/core/lib/duration";
import type { AbandonReason } from "../session/recovery.ts";

/**
 * A persona's patience. A session that lasted too long is the target's fault if most of the time was spent waiting for
 * its answers; a session with too many errors is judged by those.
 */
export class Patience {
  readonly #limits: PersonaConfig["patience"];
  readonly #leavesAfter: number;
  #actions = 0;
  #errors = 0;
  #answersMs = 0;

  /** @param leavesAfter number of actions after which the session leaves for no reason of the target's */
  constructor(limits: PersonaConfig["patience"], leavesAfter = Number.POSITIVE_INFINITY) {
    this.#limits = limits;
    this.#leavesAfter = leavesAfter;
  }

  /** Counts an answer and the time it took. */
  note(failed: boolean, durationMs: number): void {
    this.#actions += 1;
    if (failed) this.#errors += 1;
    this.#answersMs += durationMs;
  }

  /** Why the persona leaves after this many milliseconds, or undefined. */
  spent(elapsedMs: number): AbandonReason | undefined {
    const { errors, time } = this.#limits;
    if (this.#actions >= this.#leavesAfter)
      return {
        reason: `left after ${this.#actions} actions, as its persona sometimes does (\`detours.abandon\`)`,
        byTarget: false,
        byChoice: true,
      };
    if (errors !== undefined && this.#errors >= errors)
      return { reason: `lost patience after ${this.#errors} failed actions`, byTarget: false };
    if (time === undefined || elapsedMs < time) return undefined;
    return {
      reason: `lost patience after ${formatDuration(time)}, ${formatDuration(this.#answersMs)} of it spent waiting for answers`,
      byTarget: this.#answersMs * 2 > elapsedMs,
    };
  }
}
