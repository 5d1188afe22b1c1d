import { isMethod } from "@ape/core/protocol/operations/operation";
import { lastPart } from "@ape/core/protocol/operations/path-words";
import { inputChangedBy } from "../checks/change-by-amount.ts";
import type { Clause } from "../goal/clause.ts";
import { AFFINITY, SPECIFIC_MEANINGS, VERB_CLASSES, VERB_MEANINGS } from "../words/lexicon.ts";
import { isWantedState } from "../words/state-words.ts";
import { isCompoundOf, KIN, nounKinship, verbEntry } from "../words/thesaurus.ts";
import { meaningOf, stemsOf } from "../words/words.ts";
import { isReference } from "./field.ts";
import { fieldOfVerb } from "./field-of-verb.ts";
import type { Operation } from "./operation-catalog.ts";
import {
  ACTED_ON,
  hasSynonym,
  isMadeBy,
  type OperationSubject,
  ownNouns,
  subjectOf,
} from "./operation-subject.ts";
import { movesTo } from "./state-change.ts";

/** Two words of the lexicon with one meaning: a `basket`, a `cart`. */
const SAME_MEANING = 0.7;
/** A kind of what another noun names, by how it is written: a clownfish. A note is a document, too, but is not meant by it. */
const KIND_OF = 0.4;
/** Factor for an operation whose verb is of another class than the clause's: an update where a deletion is asked for. */
const OTHER_CLASS = 0.3;

/** How the words of a clause and an operation agree. */
export interface Agreement {
  /** Of what the verb acts on: 1 for the same noun as the subject of the operation. */
  object: number;
  /** Of the verbs: 1 for the same word, or a synonym. */
  verb: number;
  /** Whether it acts on what an earlier call was about. */
  concerns: boolean;
  /** Whether it can bring a thing into the state that the verb asks for: `cancel it`, by the state `cancelled`. */
  moves: boolean;
  /** Whether it updates a field that the clause names: `change my phone number`. */
  updates: boolean;
  /** Whether it adds to a thing that neither the clause nor the call before is about. */
  strange: boolean;
  /** Whether a noun or a verb that needs none is shared. */
  shares: boolean;
  /** How well its method and the class of its verb fit. */
  fit: number;
}

/** @param about the operation of an earlier call that `it` may refer to */
export function agreementOf(clause: Clause, operation: Operation, about: Operation | undefined): Agreement {
  const subject = subjectOf(operation);
  const canMove = movesTo(clause, operation, subject.verbClass === "create");
  let object = 0;
  let named = false;
  for (const [noun, weight] of clause.object.nouns) {
    // `updateBookingStatus` with a `bookingId` cancels a booking, though a status is what it names last.
    let most = canMove && subject.actsOn.has(noun) ? 1 : 0;
    for (const [other, place] of subject.nouns) most = Math.max(most, place * kinship(noun, other));
    object = Math.max(object, weight * most);
    named ||= most > 0 || subject.words.has(noun);
  }
  // `add it to the cart`: where it has no noun of its own, the others say what it is about.
  if (clause.object.nouns.size === 0)
    for (const [token, weight] of clause.weights)
      named ||= weight >= 1 && !isOfVerb(token, clause) && subject.words.has(token);
  const specific = clause.verb !== undefined && SPECIFIC_MEANINGS.has(clause.verb);
  const synonym = hasSynonym(clause, subject);
  const sameVerb = synonym || hasVerb(clause, subject);
  // `Adopt a pet` brings no adoption into the state `adopted`.
  const moves = canMove && (object > 0 || clause.object.nouns.size === 0);
  // `Assign it to Maria` sets the assignee, `raise its hours by 3` the hours.
  const sets =
    subject.verbClass === "update" &&
    (((object > 0 || clause.object.nouns.size === 0) && fieldOfVerb(clause, operation) !== undefined) ||
      (subject.inputs.size > 0 &&
        (object > 0 || about === undefined || isOnThingOf(operation, about)) &&
        inputChangedBy(clause, operation) !== undefined));
  const brings = bringsInto(clause, subject) && (object > 0 || clause.object.nouns.size === 0);
  const verb =
    moves || sets || brings || sameVerb || namesAction(clause, subject) ? 1 : nounOfVerb(clause, operation);
  // `update the value`: the thing of the call before has it.
  const has = [...clause.object.nouns.keys()].some((noun) => subject.inputs.has(noun));
  const attribute = clause.object.refers || has;
  const updates = sets || (clause.verb === "~update" && subject.verbClass === "update" && has);
  const concerns = attribute && about !== undefined && isOnThingOf(operation, about);
  const shares =
    named ||
    concerns ||
    (specific && (means(clause.verb, operation, subject) || (clause.verb === "~login" && operation.login))) ||
    (verb > 0 && takesThing(clause, operation, subject)) ||
    (clause.lead !== undefined &&
      subject.verbs.has(clause.lead) &&
      (clause.verb === undefined || isWithoutThing(clause)));
  const fit =
    moves || brings || synonym || (clause.lead !== undefined && clause.lead === subject.verb)
      ? 1
      : affinityOf(clause, operation) * classFit(clause, subject, verb) * meaningFit(clause, operation, verb);
  const strange = isStrange(clause, subject, about);
  return { object, verb, concerns, moves, updates, strange, shares, fit };
}

/** Whether an operation that makes something needs the id of what a clause names: `quote a customer`, `POST /quotes`. */
const takesThing = (
  { object }: Clause,
  { writes, inputs }: Operation,
  { isAction, verbClass }: OperationSubject,
): boolean =>
  writes &&
  !isAction &&
  verbClass === "create" &&
  inputs.some(
    (field) =>
      field.required &&
      isReference(field) &&
      [...object.nouns.keys()].some((noun) => field.nameTokens.has(noun)),
  );

/** Whether a clause names what it acts on by a name or a text alone: `plant "Basil"`. */
const isWithoutThing = ({ object, quoted, names }: Clause): boolean =>
  object.nouns.size === 0 &&
  !object.refers &&
  (quoted.length > 0 || names.some(({ preposition }) => preposition === ""));

/** Whether a token of a clause is of its verb, no thing: `order it`. */
const isOfVerb = (token: string, { lead }: Clause): boolean =>
  token === lead || VERB_MEANINGS.has(token) || (lead !== undefined && token === meaningOf(lead));

/** Whether an operation has a meaning as its verb, or as what it makes; not only as the thing that it is done to. */
function means(verb: string | undefined, { head }: Operation, subject: OperationSubject): boolean {
  if (verb === undefined || !head.has(verb)) return false;
  if (subject.within === undefined && !subject.isAction) return true;
  return (
    [...subject.verbs].some((word) => meaningOf(word) === verb) ||
    ownNouns(subject).some((noun) => meaningOf(noun) === verb)
  );
}

/** Whether a verb is among those of an operation, or the name of what it makes: `reserve` and `POST /reservations`. */
export function hasVerb({ lead, acts }: Clause, subject: OperationSubject): boolean {
  if (lead === undefined) return false;
  const { verb, verbs, words, nouns, within, isAction, verbClass } = subject;
  if (verbs.has(lead)) return true;
  // `approveLease` leases nothing.
  if (acts && verb !== undefined && verbClass === undefined) return false;
  // `Adopt a pet` makes an adoption, and shows, changes or removes none.
  if (!isAction && DOES_OTHER.has(verbClass) && (acts || verbClass !== "read")) return false;
  // `Quote a customer` makes a quote, and sends none.
  if (nouns.get(lead) === 1 && !isAction) return true;
  // What is done to a reservation, or written into it, does not reserve.
  return words.has(lead) && within === undefined && !isAction;
}

function isStrange(
  { weights }: Clause,
  { verbClass, within }: OperationSubject,
  about: Operation | undefined,
): boolean {
  if (verbClass !== "create" || within === undefined) return false;
  if (about !== undefined && subjectOf(about).collection === within) return false;
  // `Adopt an animal` is an adoption of a pet.
  const things = stemsOf(lastPart(within));
  for (const token of weights.keys())
    if (things.some((thing) => nounKinship(token, thing) >= KIN)) return false;
  return true;
}

/** Whether a word beside the verb is what the operation does: `mark it as a favourite`, but not `prolong the loan`. */
function namesAction({ weights, acts, object, indefinite }: Clause, { verbs }: OperationSubject): boolean {
  if (!acts) return false;
  for (const verb of verbs) {
    const isKnownThing = object.nouns.get(verb) === 1 && !indefinite;
    if ((weights.get(verb) ?? 0) >= 1 && !isKnownThing) return true;
  }
  return false;
}

/** Whether an action brings a thing into a state that a clause names: `make it public`, `POST /articles/{id}/publish`. */
function bringsInto({ wanted, lead }: Clause, { isAction, verbs }: OperationSubject): boolean {
  if (!isAction || wanted === undefined || wanted.word === lead || wanted.synsets.size > 0) return false;
  return [...verbs].some((verb) => isWantedState(verb, wanted) === true);
}

const DOES_OTHER: ReadonlySet<OperationSubject["verbClass"]> = new Set(["read", "update", "delete"]);

/** How near a verb is to the nouns of a subject: `remark on it` creates a comment. */
function nounOfVerb({ acts, lead }: Clause, operation: Operation): number {
  const subject = subjectOf(operation);
  // `Lease it` makes a lease, and shows, calls off, sends or approves none.
  if (!acts || lead === undefined || operation.verb === "~confirm" || subject.isAction) return 0;
  if (DOES_OTHER.has(subject.verbClass)) return 0;
  if (isTakingAway(lead)) return 0;
  return Math.max(0, ...ownNouns(subject).map((noun) => kinship(lead, noun)));
}

/** Whether a verb takes something away, and so makes none of it: to harvest makes no crop. */
export const isTakingAway = (lead: string): boolean =>
  VERB_CLASSES.get(verbEntry(lead)?.meaning ?? "") === "delete";

/** How near two nouns are, 0 to 1: in the thesaurus, or by one meaning in the lexicon. */
export function kinship(one: string, two: string): number {
  const kin = nounKinship(one, two);
  if (kin >= KIN) return kin;
  const meaning = meaningOf(one);
  const names = meaning !== undefined && (!VERB_MEANINGS.has(meaning) || SPECIFIC_MEANINGS.has(meaning));
  if (names && meaningOf(two) === meaning) return SAME_MEANING;
  return isCompoundOf(one, two) ? KIND_OF : 0;
}

/** Whether an operation is on an item of the collection that another one is about, or on things of the same name. */
export function isOnThingOf(operation: Operation, other: Operation): boolean {
  if (operation.target !== other.target) return false;
  if (operation === other && operation.method === "POST") return false;
  const subject = subjectOf(other);
  const { collection, nouns, actsOn: things } = subject;
  const { nouns: own, verbClass, isAction, collection: place, actsOn } = subjectOf(operation);
  // What adds another thing to the same collection does nothing to this one.
  if (verbClass === "create" && !isAction && collection !== "" && place === collection) return false;
  if (isMethod(operation.call) && collection !== "" && operation.path.startsWith(`${collection}/{`))
    return true;
  for (const thing of actsOn)
    if (things.has(thing) || nouns.get(thing) === 1 || isMadeBy(thing, other)) return true;
  return ownNouns(subject).some((noun) => (own.get(noun) ?? 0) >= ACTED_ON);
}

function classFit({ verb }: Clause, { verbClass }: OperationSubject, verbsAgree: number): number {
  // `Buy it` makes an order; an order's update does that only where its words or its states say so.
  if (verb === "~buy" && verbsAgree === 0 && (verbClass === "update" || verbClass === "delete"))
    return OTHER_CLASS;
  const wanted = verb === undefined ? undefined : VERB_CLASSES.get(verb);
  return wanted === undefined || verbClass === undefined || wanted === verbClass ? 1 : OTHER_CLASS;
}

/** `Book a table` makes a reservation; what confirms one does so only where the verbs agree. */
const meaningFit = ({ verb }: Clause, operation: Operation, verbsAgree: number): number =>
  verb !== undefined && verb !== "~confirm" && operation.verb === "~confirm" && verbsAgree === 0
    ? OTHER_CLASS
    : 1;

/** How well an operation's method fits a clause's verb. */
function affinityOf({ verb, acts }: Clause, { method }: Operation): number {
  if (verb !== undefined) return AFFINITY[verb]?.[method] ?? 1;
  if (method === "DELETE") return 0.4;
  return acts && method === "GET" ? 0.5 : 1;
}
