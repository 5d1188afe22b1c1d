import type { Clause } from "../../goal/clause.ts";
import { areKin } from "../../words/thesaurus.ts";
import { plain, stem, stemsOf } from "../../words/words.ts";
import type { Operation } from "../operation-catalog.ts";
import { ownNouns, subjectOf } from "../operation-subject.ts";

/** Verbs that take something out of an application, and leave it as it is. */
const TAKES_OUT: ReadonlySet<string> = new Set("print export download".split(" ").map(stem));
/** What something is of, or for: `display` of `a review of the display Hawk Walk`. */
const OF_THING = /\b(?:of|for|about|on) (?:the|my|our|this|that) ([\p{L}-]+(?: [\p{L}-]+)?)/giu;
/** Who takes part in something makes no other one: `sign up for the course`. */
const TAKES_PART = /^\W*\S+ (?:up |in )?for (?:the|my|our|this|that)\b/i;

/**
 * Whether an operation makes, or does something to, another thing than a clause is about: nothing prints by making what is to be
 * printed, a review of a display is no display, and who registers a visitor for it opens none.
 */
export function isAboutOther(clause: Clause, operation: Operation): boolean {
  if (!operation.writes || operation.login) return false;
  if (TAKES_OUT.has(clause.lead ?? "") && !operation.weights.has(clause.lead ?? "")) return true;
  const subject = subjectOf(operation);
  const own = subject.isAction ? stemsOf(subject.collection).slice(-1) : ownNouns(subject);
  const isOwn = (noun: string): boolean => own.some((one) => areKin(one, noun));
  const [noun] = [...clause.object.nouns].flatMap(([one, weight]) => (weight === 1 ? [one] : []));
  if (noun === undefined) return false;
  const makes = subject.verbClass === "create" && !subject.isAction;
  if (makes && clause.verb === "~register" && TAKES_PART.test(clause.said))
    return [...clause.object.nouns.keys()].some(isOwn);
  if (isOwn(noun) || stemsOf(operation.path).includes(noun) || takes(noun, operation)) return false;
  if (subject.isAction)
    return clause.indefinite && !subject.verbs.has(clause.lead ?? "") && isOf(clause, isOwn);
  return makes && !operation.weights.has(noun) && isOf(clause, isOwn);
}

/** Whether what a clause acts on is of, or for, a thing that it names by its kind. */
const isOf = ({ said }: Clause, isOwn: (noun: string) => boolean): boolean =>
  Array.from(said.matchAll(OF_THING), ([, words = ""]) => plain(words).split(" ").map(stem)).some((nouns) =>
    nouns.some(isOwn),
  );

const takes = (noun: string, { inputs }: Operation): boolean =>
  inputs.some(({ in: place, nameTokens }) => place !== "path" && nameTokens.has(noun));
