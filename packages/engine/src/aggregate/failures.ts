import type { Attribution } from "@ape/core/protocol/outcome";
import type { Remark } from "@ape/core/report/remark-text";
import { shortened } from "@ape/core/report/shortened";
import { MostFrequent } from "./most-frequent.ts";

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

/** The reasons why sessions did not succeed; similar ones count as one, of which the most frequent are kept. */
export class Failures extends MostFrequent<Failure> {
  constructor() {
    super(reasonKey);
  }

  add(attribution: Attribution, reason: string, trace: string, session: string): void {
    this.count({ attribution, reason: shortened(reason, MAX_REASON_CHARS), count: 1, trace, session });
  }
}

/** What successful sessions said of words of their goals that they did not follow, as {@link Failures} keeps reasons. */
export class Remarks extends MostFrequent<Remark> {
  constructor() {
    super(({ goal, text }) => `${goal} ${shortened(foldReason(text), KEY_CHARS)}`);
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
