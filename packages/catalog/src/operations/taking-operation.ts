import { isPlainIdName } from "@ape/core/protocol/id-name";
import type { Clause } from "../goal/clause.ts";
import { isMove } from "../goal/phrases/move.ts";
import { mainNouns } from "../words/object-phrase.ts";
import { KIN, nounKinship, verbEntry, verbOfNoun } from "../words/thesaurus.ts";
import { meaningOf, plain, stem, stemsOf } from "../words/words.ts";
import { type Field, isReference } from "./field.ts";
import { isTakingOf, makes } from "./name-of-made.ts";
import { isTakingAway } from "./operation-agreement.ts";
import type { Operation, OperationCatalog } from "./operation-catalog.ts";
import { hasSynonym, ownNouns, resultNouns, subjectOf } from "./operation-subject.ts";
import { isPaying } from "./verbs/paying.ts";
import { isPlainly } from "./verbs/plain-verb.ts";

/** What a further free text costs: something that is written about a thing is no use of it. */
const WRITTEN = 0.3;

/**
 * The operation by which a thing is used, where no operation has the verb: `hire a boat` is `POST /charters` with a
 * `boatId`. It creates something of another kind, and needs the id of such a thing.
 * @param listed the operation that has listed the things that `it` is one of
 */
export function takingOperation(
  clause: Clause,
  catalog: OperationCatalog,
  listed: Operation | undefined,
): Operation | undefined {
  if (!usesThing(clause)) return undefined;
  const nouns = nounsOf(clause, listed);
  const arranging = catalog.operations.filter(arranges);
  const taking = arranging.filter(
    (operation) =>
      takes(operation, nouns, catalog) &&
      isUse(clause, operation) &&
      !isAboutOther(clause, operation, catalog),
  );
  return (
    best(taking, clause) ??
    // `Hire a garment` makes a rental of a dress: what is made is named after the verb.
    best(
      arranging.filter((operation) => isNamedAfterVerb(operation, clause)),
      clause,
    )
  );
}

function best(operations: readonly Operation[], clause: Clause): Operation | undefined {
  let found: Operation | undefined;
  let most = 0;
  for (const operation of operations) {
    const score = 1 + verbKinship(clause, operation) - WRITTEN * freeTexts(operation);
    if (score > most) {
      found = operation;
      most = score;
    }
  }
  return found;
}

/** Whether a clause acts on what another collection has, and an operation neither needs such a thing nor makes one: to renew a loan. */
function isAboutOther(clause: Clause, operation: Operation, { operations }: OperationCatalog): boolean {
  const [head] = mainNouns(clause);
  if (head === undefined || operation.inputs.some((field) => field.nameTokens.has(head))) return false;
  if (resultNouns(subjectOf(operation)).includes(head) || operation.weights.has(head)) return false;
  return operations.some((other) => other !== operation && resultNouns(subjectOf(other)).includes(head));
}

/**
 * Whether a verb without a meaning of its own is that of what an operation makes, as to sharpen a tool is no loan of it; or something
 * new is made about the thing, `arrange a talk with a vet`.
 */
function isUse(clause: Clause, operation: Operation): boolean {
  if (
    puts(operation) &&
    takesForTime(clause) &&
    !resultNouns(subjectOf(operation)).some((noun) => isTakingOf({ verb: "~reserve" }, noun))
  )
    return false;
  if (isMove(clause)) return isCalledBy(clause, operation);
  const { lead = "" } = clause;
  if (clause.acts && isTakingAway(lead) && !subjectOf(operation).verbs.has(lead)) return false;
  const isAkin = verbKinship(clause, operation) >= KIN;
  // What says by a verb of its own what it does, `Record a check of a dog`, takes nothing for anybody.
  if (!isAkin && hasStrangeVerb(operation)) return false;
  if (!clause.acts || isAkin || takesByVerb(clause)) return true;
  if (resultNouns(subjectOf(operation)).some((noun) => makes(clause, noun))) return true;
  const [head] = mainNouns(clause);
  return (
    clause.indefinite && head !== undefined && !operation.inputs.some((field) => field.nameTokens.has(head))
  );
}

/** Whether an operation has the very verb of a clause, or makes what that is the verb of: `transfer it`, `POST /transfers`. */
const isCalledBy = ({ lead = "" }: Clause, operation: Operation): boolean =>
  subjectOf(operation).verbs.has(lead) ||
  resultNouns(subjectOf(operation)).some((noun) => noun === lead || verbOfNoun(noun) === lead);

/** Whether the summary of an operation begins with a verb that has no common meaning, and it makes nothing that things are taken by. */
function hasStrangeVerb(operation: Operation): boolean {
  const subject = subjectOf(operation);
  const { verb } = subject;
  return (
    verb !== undefined &&
    meaningOf(verb) === undefined &&
    verbEntry(verb) !== undefined &&
    !ARRANGES.has(verb) &&
    !resultNouns(subject).some((noun) => isTakingOf({ verb: "~reserve" }, noun))
  );
}

const ARRANGES: ReadonlySet<string> = new Set("schedule arrange plan organize".split(" ").map(stem));

/** Whether an operation puts something into a thing, which is no use of that: `addCrop(plotId)`. */
const puts = ({ verb, head }: Operation): boolean => verb === "~add" && head.has("add");

/** Whether a verb takes a thing for some time. */
const takesForTime = ({ lead = "", verb }: Clause): boolean =>
  verb === "~reserve" || isPlainly(lead, "~reserve");

/** Whether a verb is another word for one by which a thing is taken: to lease is to rent. */
const takesByVerb = ({ lead = "" }: Clause): boolean =>
  ["~reserve", "~buy", "~register"].some((meaning) => isPlainly(lead, meaning));

/** Whether an operation makes something, or has a verb that says no more of it: `scheduleMeeting(doctorId)`. */
function arranges(operation: Operation): boolean {
  if (operation.login) return false;
  const { verbClass, verb } = subjectOf(operation);
  if (verbClass !== undefined) return verbClass === "create";
  return operation.call === "mutation" && verb !== undefined && operation.verb === undefined;
}

/** Whether an operation needs the id of a thing and makes of it what a clause's verb makes: `buy it`, `POST /purchases`. */
function isNamedAfterVerb(operation: Operation, clause: Clause): boolean {
  const subject = subjectOf(operation);
  const made = resultNouns(subject);
  const isMade =
    hasSynonym(clause, subject) ||
    made.some((noun) => makes(clause, noun) || (clause.object.nouns.size > 0 && isTakingOf(clause, noun)));
  return (
    isMade && !isTakingAway(clause.lead ?? "") && operation.inputs.some((field) => isOfOther(field, made))
  );
}

/** Whether an input is the id of something else than an operation is about. */
const isOfOther = (field: Field, own: readonly string[]): boolean =>
  (field.required || field.in === "path") &&
  isReference(field) &&
  !own.some((noun) => field.nameTokens.has(noun));

/** Whether a verb does something with a thing, other than looking at it, making, changing or removing it. */
function usesThing(clause: Clause): boolean {
  const { active, verb, acts } = clause;
  return (
    active && !isPaying(clause) && (acts || verb === "~reserve" || verb === "~register" || verb === "~buy")
  );
}

/** Nouns for what is used: the verb's object, what stands beside it (`a consultation with a doctor`), or what was listed. */
function nounsOf({ object, weights, text, lead }: Clause, listed: Operation | undefined): readonly string[] {
  // The verb itself is no thing, though its word may be: `order a seedling` needs no `orderId`.
  const nouns = [...weights].flatMap(([token, weight]) =>
    weight >= 0.5 && !token.startsWith("~") && (token !== lead || object.nouns.has(token)) ? [token] : [],
  );
  if (listed === undefined || (object.nouns.size > 0 && !PRONOUN.test(text))) return nouns;
  return [...nouns, ...ownNouns(subjectOf(listed))];
}

const PRONOUN = /\b(?:it|them|him|her|one)\b/i;

/** Whether an operation needs the id of a thing with such a name, and is about another. */
function takes(operation: Operation, nouns: readonly string[], catalog: OperationCatalog): boolean {
  const subject = subjectOf(operation);
  const kin = (noun: string, words: string) =>
    plain(words)
      .split(" ")
      .some((word) => nounKinship(noun, stem(word)) >= KIN);
  return nouns.some(
    (noun) =>
      subject.nouns.get(noun) !== 1 &&
      operation.inputs.some(
        (field) =>
          (field.required || field.in === "path") &&
          ((isReference(field) && (kin(noun, field.leaf) || namesAfter(noun, field))) ||
            (kin(noun, field.leaf) && catalog.takesListed(operation, field))),
      ),
  );
}

/** Whether the description of an id without a noun of its own says what it is of: `ref`, "the slot to book". */
const namesAfter = (noun: string, { leaf, description }: Field): boolean =>
  isPlainIdName(leaf) && stemsOf(description).includes(noun);

function verbKinship(clause: Clause, operation: Operation): number {
  const { lead } = clause;
  if (lead === undefined) return 0;
  const subject = subjectOf(operation);
  if (subject.verbs.has(lead) || subject.words.has(lead) || hasSynonym(clause, subject)) return 1;
  if (isTakingAway(lead)) return 0;
  return Math.max(0, ...ownNouns(subject).map((noun) => nounKinship(lead, noun)));
}

const freeTexts = ({ inputs }: Operation): number =>
  inputs.filter(
    (field) =>
      field.in === "body" &&
      field.required &&
      field.type === "string" &&
      field.enum === undefined &&
      field.format === undefined &&
      !isReference(field),
  ).length;
