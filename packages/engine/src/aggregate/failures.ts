import type { Attribution } from "@ape/core/protocol/outcome";

const KEPT = 50;
const REASON_CHARS = 300;

/** Sessions that failed for a similar reason. */
export interface Failure {
  attribution: Attribution;
  /** In the words of the first of them. */
  reason: string;
  count: number;
  trace: string;
  session: string;
}

/**
 * The reasons why sessions did not succeed; similar ones count as one. At most 50 are kept: a new one then replaces the
 * rarest, so the count of a rare reason is a lower bound.
 */
export class Failures {
  readonly #byKey = new Map<string, Failure>();

  add(attribution: Attribution, reason: string, trace: string, session: string): void {
    const short = reason.length > REASON_CHARS ? `${reason.slice(0, REASON_CHARS)}…` : reason;
    this.#count({ attribution, reason: short, count: 1, trace, session });
  }

  merge(failures: readonly Failure[]): void {
    for (const failure of failures) this.#count({ ...failure });
  }

  /** The most frequent first. */
  top(count: number): Failure[] {
    return [...this.#byKey.values()].sort((a, b) => b.count - a.count).slice(0, count);
  }

  /** Returns everything and starts again at zero. */
  take(): Failure[] {
    const taken = [...this.#byKey.values()];
    this.#byKey.clear();
    return taken;
  }

  #count(failure: Failure): void {
    const key = `${failure.attribution} ${foldReason(failure.reason)}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      known.count += failure.count;
      return;
    }
    if (this.#byKey.size >= KEPT) this.#dropRarest();
    this.#byKey.set(key, failure);
  }

  #dropRarest(): void {
    let rarest: string | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const [key, { count }] of this.#byKey)
      if (count < least) {
        rarest = key;
        least = count;
      }
    if (rarest !== undefined) this.#byKey.delete(rarest);
  }
}

/** Words with a digit: ids, amounts, times. A whole word that can be an HTTP status is significant and stays. */
const WITH_DIGIT = /[\w.%~-]*\d[\w.%~-]*/g;
const STATUS = /^[1-5]\d\d[.]?$/;

/** A reason without the parts that differ from session to session. */
export function foldReason(reason: string): string {
  return reason.replace(WITH_DIGIT, (word) => (STATUS.test(word) ? word : "#"));
}
