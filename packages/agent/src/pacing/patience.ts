import type { PersonaConfig } from "@ape/core/config/persona";
import { formatDuration } from "@ape/core/lib/duration";
import type { AbandonReason } from "../session/recovery.ts";

/**
 * A persona's patience. A session that lasted too long is the target's fault where most of its time went into waiting
 * for the target's answers; one that met too many errors is judged by those.
 */
export class Patience {
  readonly #limits: PersonaConfig["patience"];
  #errors = 0;
  #answersMs = 0;

  constructor(limits: PersonaConfig["patience"]) {
    this.#limits = limits;
  }

  /** Notes an answer that was waited for. */
  note(failed: boolean, durationMs: number): void {
    if (failed) this.#errors += 1;
    this.#answersMs += durationMs;
  }

  /** Why the persona leaves after so many milliseconds of session, or undefined. */
  spent(elapsedMs: number): AbandonReason | undefined {
    const { errors, time } = this.#limits;
    if (errors !== undefined && this.#errors >= errors)
      return { reason: `lost patience after ${this.#errors} failed actions`, byTarget: false };
    if (time === undefined || elapsedMs < time) return undefined;
    return {
      reason: `lost patience after ${formatDuration(time)}, ${formatDuration(this.#answersMs)} of it spent waiting for answers`,
      byTarget: this.#answersMs * 2 > elapsedMs,
    };
  }
}
