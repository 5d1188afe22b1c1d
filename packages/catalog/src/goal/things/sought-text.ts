import { VERB_CLASSES } from "../../words/lexicon.ts";
import type { Clause } from "../clause.ts";
import { withoutLead } from "../without-lead.ts";

/** `Check that the lot weighs 700 grams`, `make sure the order is paid`. */
const ASSERTS = /\b(?:check|verify|confirm|ensure|make sure|see)\s+(?:that|whether|if|the|it|my|its)\b/i;
/** What is asserted of a thing, to the end. */
const ASSERTED = /\b(?:is|are|was|were|has|have|had|does|did)\b.*$/is;
const CONDITION = /^\W*(?:if|when|unless)\s/i;
/** The value that something gets, to the end or to where the clause says more. */
const NEW_VALUE =
  /\b(?:to|as|into) (?!the\b|my\b|our\b|its?\b)[\p{L}\p{N}_-]+(?:[ _-][\p{Ll}\p{N}]+)?(?=$|[.,;]| (?:because|for|on|by|at|with|and)\b)/iu;

/** Whether a clause says how something has to be. */
export const asserts = ({ said }: Pick<Clause, "said">): boolean => ASSERTS.test(said);

/** Whether a clause is a condition: `if the hive Birch is sealed`. */
export const isCondition = ({ text }: Pick<Clause, "text">): boolean => CONDITION.test(text);

/** A text without what it asserts: `check that SM-02` of `check that SM-02 is online`. */
export const withoutAsserted = (text: string): string => text.replace(ASSERTED, "");

/**
 * What a clause says of the thing that it is about: without its verb, the value that it sets, `to orange`, and what it asserts,
 * `is completed`. The thing has none of these yet, or need not have it.
 */
export function soughtText(clause: Pick<Clause, "text" | "said" | "lead" | "verb">): string {
  const text = withoutLead(clause);
  if (asserts(clause)) return withoutAsserted(text);
  const isRead = VERB_CLASSES.get(clause.verb ?? "") === "read";
  return isRead ? text : text.replace(NEW_VALUE, "");
}
