import type { Clause } from "../goal/clause.ts";
import { VERB_CLASSES } from "../words/lexicon.ts";
import { areKin, verbEntry, verbOfNoun } from "../words/thesaurus.ts";
import { meaningOf, stem } from "../words/words.ts";
import { kinship } from "./operation-agreement.ts";
import type { Operation, OperationCatalog } from "./operation-catalog.ts";
import { isOfSessions, isPurchase, resultNouns, subjectOf } from "./operation-subject.ts";

const DEFINITE = /\b(?:the|this|that|my|your)\s/i;
/** What can be done to an arrangement, whatever it is called. */
const ENDINGS: ReadonlySet<string> = new Set(["~remove", "~confirm"]);

/**
 * Whether a clause speaks of what was made before by a noun that no collection here has: `the hire` after `hire a car`,
 * which made a rental, or `the consultation` that an earlier clause or the summary of an earlier call names.
 */
export function isNameOfMade(
  clause: Clause,
  { operations }: OperationCatalog,
  before: readonly Operation[],
  earlier: readonly Clause[],
): boolean {
  const noun = nounOfMade(clause, before);
  if (noun === undefined) return false;
  // What made it may be called so alone: `scheduleConsultation` of a meeting.
  const nearest = nearestName(
    operations.filter((operation) => !before.includes(operation)),
    noun,
  );
  // What an earlier clause made by its very verb is meant, unless something here is just called so.
  if (earlier.some((other) => makes(other, noun))) return nearest < 1;
  const told =
    earlier.some((other) => other.object.nouns.has(noun)) ||
    before.some((operation) => operation.writes && subjectOf(operation).nouns.has(noun));
  return told && nearest === 0;
}

/**
 * Whether a clause calls off or approves something that nothing here is called, after a thing was booked, hired or the
 * like: `the tenancy` after `rent a plot`, as arrangements have many names. What was simply created has the name that
 * the goal created it by.
 */
export function isNameOfArrangement(
  clause: Clause,
  { operations }: OperationCatalog,
  before: readonly Operation[],
  earlier: readonly Clause[],
): boolean {
  const noun = nounOfMade(clause, before);
  if (noun === undefined || clause.verb === undefined || !ENDINGS.has(clause.verb)) return false;
  const making = earlier.filter(({ active, verb }) => active && verb !== "~login" && !isLook(verb));
  return making.length > 0 && making.every(arranges) && nearestName(operations, noun) === 0;
}

const isLook = (verb: string | undefined): boolean => verb !== undefined && VERB_CLASSES.get(verb) === "read";

/** Whether a clause makes an arrangement about a thing, rather than the thing itself. */
const arranges = ({ verb, acts }: Clause): boolean =>
  verb === undefined ? acts : ["~reserve", "~register", "~buy"].includes(verb);

/** Whether a noun is what a clause's verb makes: `the hire` or `the rental` of `hire a car`, `the order` of `buy a car`. */
export function makes({ lead, leadSynsets, verb }: Clause, noun: string): boolean {
  if (lead === undefined) return false;
  if (areKin(lead, noun)) return true;
  if (verb === "~buy" && isPurchase(noun)) return true;
  return (
    verbEntry(verbOfNoun(noun))
      ?.synsets.slice(0, USUAL_SENSES)
      .some((one) => leadSynsets.has(one)) === true
  );
}
/** Senses of the verb of a noun that the noun usually has: a check is no training. */
const USUAL_SENSES = 3;

/** What a thing is taken by for some time. */
const TAKINGS: readonly string[] = ["reservation", "booking", "rental", "hire", "loan", "lease"].map(stem);

/** Whether a noun is what a thing is taken by, where a clause takes one: `borrow a tool` and `POST /loans`. */
export const isTakingOf = ({ verb }: Pick<Clause, "verb">, noun: string): boolean =>
  verb === "~reserve" && TAKINGS.some((taking) => areKin(taking, noun));

/** The stem of the noun of which a clause says that it is known, `the booking`, if a call before may have made it. */
function nounOfMade({ object, text }: Clause, before: readonly Operation[]): string | undefined {
  if (!DEFINITE.test(text) || !before.some(({ method }) => method === "POST")) return undefined;
  const [[noun] = []] = [...object.nouns].filter(([, weight]) => weight === 1);
  return noun;
}

/** How near a noun is to the nearest name of what operations are about, 0 to 1. */
const nearestName = (operations: readonly Operation[], noun: string): number =>
  Math.max(0, ...operations.map((one) => (isOfSessions(one) ? 0 : nameKinship(one, noun))));

/** How near a noun is to the name of the collection of an operation, 0 to 1. */
function nameKinship(operation: Operation, noun: string): number {
  const subject = subjectOf(operation);
  const names = subject.collection === "" ? [...subject.nouns.keys()] : resultNouns(subject);
  return Math.max(0, ...names.map((name) => kinship(noun, name)));
}

/** The clause with `it` in place of its noun. */
export function asPronoun(clause: Clause): Clause {
  const said = new Set([...clause.object.nouns.keys()].flatMap((noun) => [noun, meaningOf(noun) ?? noun]));
  const weights = new Map([...clause.weights].filter(([token]) => token === clause.verb || !said.has(token)));
  return { ...clause, weights, object: { ...clause.object, nouns: new Map(), refers: true } };
}
