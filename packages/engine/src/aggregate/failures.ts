import type { Attribution } from "@ape/core/protocol/outcome";
import { shortened } from "@ape/core/report/shortened";

const KEPT = 50;
/** Of a longer reason its beginning and its end are kept. */
export const MAX_REASON_CHARS = 2_000;
/** Reasons that are alike in so much of their beginning and end are similar. */
const KEY_CHARS = 300;

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
    this.#count({ attribution, reason: shortened(reason, MAX_REASON_CHARS), count: 1, trace, session });
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
    const key = reasonKey(failure);
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

/** The same for sessions that failed for a similar reason. */
export function reasonKey({ attribution, reason }: Pick<Failure, "attribution" | "reason">): string {
  return `${attribution} ${shortened(foldReason(shortened(reason, MAX_REASON_CHARS)), KEY_CHARS)}`;
}

/** A reason without the parts that differ from session to session. */
function foldReason(reason: string): string {
  return reason.replace(WITH_DIGIT, (word) => (STATUS.test(word) ? word : "#"));
}
