import type { Clause } from "../../goal/clause.ts";
import { isInSynset, verbEntry } from "../../words/thesaurus.ts";
import { plain, stem } from "../../words/words.ts";
import type { Field } from "../field.ts";

/** Verbs by which something runs longer. */
const PROLONGS: ReadonlySet<string> = new Set(
  ["prolong", "extend", "renew"].flatMap((verb) => verbEntry(stem(verb))?.synsets.slice(0, 3) ?? []),
);
/** Verbs by which a thing gets another time. */
const MOVES: ReadonlySet<string> = new Set(
  "move shift reschedule postpone delay defer bring push put advance".split(" ").map(stem),
);
/** Names of dates until which something is or runs. */
const UNTIL = /\b(?:ends?|until|till|to|expires?|expiry|expiration|due|return|valid|finish|closing)\b/;
const NEW_DAY = /\b(?:until|till|through|to)\s/i;

/**
 * The day of an update that a clause moves: the end of what it prolongs, `renew the lease until 3 May`, or when the thing at hand is,
 * `postpone it to Friday`.
 */
export function dateMoved(clause: Clause, body: readonly Field[]): Field | undefined {
  const { lead, object, dates, times, text, leadSynsets } = clause;
  if (lead === undefined || dates.length + times.length === 0) return undefined;
  const days = body.filter(
    ({ format }) => format === "date-time" || format === (dates.length > 0 ? "date" : "time"),
  );
  if (MOVES.has(lead) && object.refers && object.nouns.size === 0) return days[0];
  const isLonger =
    lead === stem("renew") || isInSynset(lead, PROLONGS) || [...leadSynsets].some((one) => PROLONGS.has(one));
  if (!isLonger || dates.length !== 1 || !NEW_DAY.test(text)) return undefined;
  return days.find(({ leaf }) => UNTIL.test(plain(leaf))) ?? (days.length === 1 ? days[0] : undefined);
}
