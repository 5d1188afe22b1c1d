import { isMethod } from "@ape/core/protocol/operations/operation";
import { lastPart } from "@ape/core/protocol/operations/path-words";
import { accountsFor } from "../goal/accounted-nouns.ts";
import { type Clause, fetches, onlyChooses } from "../goal/clause.ts";
import { plainNameOf } from "../goal/phrases/plain-name.ts";
import { thingNamed } from "../goal/phrases/thing-name.ts";
import { VERB_CLASSES, VERB_MEANINGS } from "../words/lexicon.ts";
import { mainNouns } from "../words/object-phrase.ts";
import { areKin, verbOfNoun } from "../words/thesaurus.ts";
import { meaningOf, plain, stem, tokens } from "../words/words.ts";
import { addingOperation, changingOperation, notingOperation, puttingOperation } from "./adding-operation.ts";
import { isNumeric, isReference } from "./field.ts";
import { asPronoun, isNameOfArrangement, isNameOfMade } from "./name-of-made.ts";
import { type Agreement, agreementOf, hasVerb } from "./operation-agreement.ts";
import type { Operation, OperationCatalog } from "./operation-catalog.ts";
import { hasSynonym, isOfSessions, ownNouns, resultNouns, subjectOf } from "./operation-subject.ts";
import { assertedRead } from "./states/asserted-read.ts";
import { participleOperation } from "./states/participle-operation.ts";
import { referenceChange } from "./states/reference-change.ts";
import { putsInto, updateToOption } from "./states/update-to-option.ts";
import { takingOperation } from "./taking-operation.ts";
import { isAboutOther } from "./verbs/other-thing.ts";
import { partOperation } from "./verbs/part-operation.ts";
import { withPlainVerb } from "./verbs/plain-verb.ts";
import { servesVerb } from "./verbs/verb-relation.ts";

/** Minimum score: below it a clause asks for nothing that the APIs offer. */
const LEAST = 0.8;
/** Weight of another verb that creates or lists: as much as the clause's own has in all. */
const CREATES = 3;
/** Affinity from which an operation can serve a clause at all. */
const FITS = 0.4;

/** What it costs a list that it was asked for before, where one of its things is wanted. */
const LISTED = 0.8;

/** From this nearness on, two nouns name the same thing. */
const SAME_THING = 0.7;

/** How much less near to a clause's noun a thing is that is not meant, where another one is nearer. */
const FARTHER = 0.15;

/** What it costs a read that it shows only a part of a thing. */
const OF_PART = 0.7;

const isOfPart = ({ writes, path }: Operation): boolean => !writes && path.includes("}/");

/** How well an operation does what a clause asks for. */
function operationMatchScore(
  clause: Clause,
  operation: Operation,
  agreement: Agreement,
  creates: boolean,
  { words }: OperationCatalog,
): number {
  let shared = 0;
  for (const [token, weight] of clause.weights) {
    const there = operation.weights.get(token);
    if (there !== undefined) shared += weight * there * words.of(token);
  }
  let score =
    shared +
    2.5 * agreement.object +
    (clause.verb === undefined ? 2 : 0.3) * agreement.verb +
    (agreement.concerns ? 1.5 : 0);
  if (agreement.updates || agreement.moves) score += 1.5;
  if (agreement.strange) score -= 1;
  if (isOnlyAdded(clause, operation)) score -= ONLY_ADDS;
  if (clause.verb === "~login" && operation.login) score += 2;
  if (score === 0) return 0;
  let alien = 0;
  for (const token of operation.head.keys()) if (!clause.weights.has(token)) alien += words.of(token);
  score -= 0.12 * alien;
  if (clause.verb !== undefined && operation.verb === clause.verb) score += words.of(clause.verb);
  if (clause.verb === "~find") {
    score += operation.list === undefined ? -0.5 : 0.8;
    // A search result is not in a list that belongs to one thing whose id would have to be known.
    if (operation.inputs.some((field) => field.in === "path")) score -= 0.6;
  }
  const { verbClass } = subjectOf(operation);
  // `Open it` shows the thing itself rather than a part of it.
  if (clause.object.refers && clause.object.nouns.size === 0 && isOfPart(operation) && agreement.verb === 0)
    score -= OF_PART;
  if (clause.verb !== undefined && verbClass !== undefined && VERB_CLASSES.get(clause.verb) === verbClass)
    score +=
      0.6 +
      ((verbClass === "create" || (clause.verb === "~find" && operation.list !== undefined)) &&
      !operation.weights.has(clause.verb)
        ? CREATES * words.of(clause.verb)
        : 0);
  if (creates && agreement.verb === 0 && verbClass === "create") score += 1.2;
  if (clause.plural && operation.list !== undefined) score += 1;
  if (!clause.plural && isForMany(operation) && !MANY.test(clause.text)) score -= FOR_MANY;
  if (clause.plural && operation.verb === "~find") score += 2 * words.of("~find");
  return score > 0 ? score * agreement.fit : score;
}

/** Whether an operation only adds to others what a clause buys: what is put somewhere is not bought yet. */
const isOnlyAdded = (clause: Clause, { verb, head }: Operation): boolean =>
  clause.verb === "~buy" && verb === "~add" && head.has("add");
/** What such an operation loses. */
const ONLY_ADDS = 0.5;

/** What an operation on many things at once loses where a clause is about one: `POST /runs/bulk_set_state`. */
const FOR_MANY = 1.5;
const MANY = /\b(?:bulk|batch|mass)\b/i;
const ofMany = new WeakMap<Operation, boolean>();

function isForMany(operation: Operation): boolean {
  let found = ofMany.get(operation);
  if (found === undefined) {
    found = operation.writes && MANY.test(plain(`${operation.key} ${operation.summary}`));
    ofMany.set(operation, found);
  }
  return found;
}

/** How a clause agrees with each operation, where `it` is the latest thing that something fitting can be done to. */
function agreementsOf(
  clause: Clause,
  { operations }: OperationCatalog,
  before: readonly Operation[],
): readonly Agreement[] {
  let first: readonly Agreement[] | undefined;
  for (const about of before.toReversed()) {
    const agreements = operations.map((operation) => agreementOf(clause, operation, about));
    if (agreements.some(({ concerns, fit, verb }) => concerns && fit >= FITS && (verb > 0 || !clause.acts)))
      return agreements;
    first ??= agreements;
    if (!clause.object.refers) break;
  }
  return first ?? operations.map((operation) => agreementOf(clause, operation, undefined));
}

/**
 * The operation that a clause asks for, if any does. An operation that shares no noun with the clause is not chosen if
 * another one that fits does, nor for a clause that names things that no operation has.
 * @param before the operations of earlier calls, latest last: `it` refers to what one of them was about
 * @param earlier the clauses before it
 */
export function operationFor(
  said: Clause,
  catalog: OperationCatalog,
  before: readonly Operation[] = [],
  earlier: readonly Clause[] = [],
): Operation | undefined {
  const found = servingOne(said, catalog, before, earlier);
  return found !== undefined && isForOtherKind(said, found, catalog) ? undefined : found;
}

/** Whether an operation makes things of another kind than a clause does, and the other kind is known here: `register a technician`. */
function isForOtherKind(clause: Clause, operation: Operation, { operations }: OperationCatalog): boolean {
  const subject = subjectOf(operation);
  if (!clause.indefinite || !NEW_KINDS.has(clause.verb) || !operation.writes) return false;
  if (subject.verbClass !== "create" || subject.isAction) return false;
  const [noun] = mainNouns(clause);
  if (noun === undefined || operation.weights.has(noun)) return false;
  const own = [...resultNouns(subject), ...ownNouns(subject)];
  if (own.some((one) => areKin(one, noun) || verbOfNoun(one) === clause.lead)) return false;
  return operations.some(
    (other) => other.list !== undefined && !other.writes && resultNouns(subjectOf(other)).includes(noun),
  );
}
const NEW_KINDS: ReadonlySet<string | undefined> = new Set(["~register", "~create"]);

function servingOne(
  said: Clause,
  catalog: OperationCatalog,
  before: readonly Operation[],
  earlier: readonly Clause[],
): Operation | undefined {
  const clause = shownIfOpened(withPlainVerb(said), catalog);
  if (isNameOfMade(clause, catalog, before, earlier)) {
    const found = bestMatch(asPronoun(clause), catalog, before);
    if (found !== undefined) return found;
  }
  const direct =
    checkOut(clause, catalog, before) ??
    participleOperation(clause, catalog, before) ??
    referenceChange(clause, catalog) ??
    partOperation(clause, catalog) ??
    assertedRead(clause, catalog);
  if (direct !== undefined) return direct;
  const first = bestMatch(clause, catalog, before);
  // `Mark SM-02 as online` brings nothing into that state that cannot be in it.
  const found =
    first !== undefined && (!hasNoun(clause, first) || putsInto(clause))
      ? (updateToOption(clause, catalog) ?? first)
      : first;
  const matched = found && (doingWithin(clause, found, catalog) ?? found);
  const matching =
    matched === undefined || !hasNoun(clause, matched) ? (makingOfKind(clause, catalog) ?? matched) : matched;
  const best = matching && (doingOperation(clause, matching, catalog) ?? matching);
  const taking = takingOperation(clause, catalog, listedLast(before));
  if (
    taking !== undefined &&
    accountsFor(clause, taking, catalog) &&
    !isSecond(clause, taking, before) &&
    !(best?.verb === "~buy" && isOnlyAdded(clause, taking)) &&
    (best === undefined || isOnlyRelated(clause, best))
  )
    return taking;
  const only =
    best ??
    endingSession(clause, catalog) ??
    addingOperation(clause, catalog, before) ??
    puttingOperation(clause, catalog, before) ??
    notingOperation(clause, catalog, before) ??
    changingOperation(clause, catalog, before) ??
    updateToOption(clause, catalog) ??
    listWithOption(clause, catalog) ??
    onNumbers(clause, catalog);
  if (only !== undefined) return only;
  if (isNameOfArrangement(clause, catalog, before, earlier))
    return bestMatch(asPronoun(clause), catalog, before);
  return onThingOfName(clause, catalog, before);
}

/** A clause that opens a thing as one that shows it, where nothing here opens any: `open preparation 32` finishes none. */
function shownIfOpened(clause: Clause, { operations }: OperationCatalog): Clause {
  if (clause.lead !== OPEN || clause.verb !== undefined || clause.indefinite) return clause;
  const opens = (operation: Operation): boolean =>
    operation.writes &&
    (operation.weights.has(OPEN) ||
      subjectOf(operation).verbs.has(OPEN) ||
      operation.inputs.some(({ enum: options }) => options?.some((one) => plain(String(one)) === OPEN)));
  if (operations.some(opens)) return clause;
  return { ...clause, verb: "~show", weights: new Map([...clause.weights, ["~show", 2]]) };
}
const OPEN = stem("open");

/**
 * The operation that a clause asks for by its verb alone, as it calls the thing by its name: `scrap the Little Dragon` is
 * `DELETE /kilns/{id}` of what is called so. To look for a thing of a name, there must be one list alone.
 */
function onThingOfName(
  clause: Clause,
  catalog: OperationCatalog,
  before: readonly Operation[],
): Operation | undefined {
  const called = thingNamed(clause);
  const name = called ?? plainNameOf(clause, catalog);
  if (name === undefined) return undefined;
  const said = new Set(tokens(name.whole));
  const without = <Kept>(words: ReadonlyMap<string, Kept>): Map<string, Kept> =>
    new Map([...words].filter(([word]) => !said.has(word)));
  const { object, weights } = clause;
  const bare = { ...clause, weights: without(weights), object: { ...object, nouns: without(object.nouns) } };
  if (bare.object.nouns.size > 0) return undefined;
  if (called !== undefined && VERB_CLASSES.get(clause.verb ?? "") === "read") {
    const lists = catalog.operations.filter(
      ({ list, writes, inputs }) => list !== undefined && !writes && !inputs.some(({ required }) => required),
    );
    return lists.length === 1 ? lists[0] : undefined;
  }
  const found = bestMatch(bare, catalog, before);
  const isOfThing = found?.inputs.some(
    (field) => field.in === "path" || (field.required && field.in === "body" && isReference(field)),
  );
  // A name in small letters may be another word for what there is: the very verb of the operation must be said.
  const isMeant = called !== undefined || (found !== undefined && hasOwnVerb(clause, found, catalog));
  return isOfThing === true && isMeant ? found : undefined;
}

/** Whether an operation has the very verb of a clause, and no other one that writes has it: `scrap the tile cutter`. */
const hasOwnVerb = (
  { lead = "" }: Clause,
  operation: Operation,
  { operations }: OperationCatalog,
): boolean => {
  const has = (one: Operation): boolean => one.writes && subjectOf(one).verbs.has(lead);
  if (!has(operation)) return false;
  return meaningOf(lead) === undefined || (!GENERAL.has(lead) && operations.filter(has).length === 1);
};
/** Verbs that say nothing of the thing, and that any API has. */
const GENERAL: ReadonlySet<string> = new Set(
  "delete remove create add make update change edit set get cancel close open".split(" ").map(stem),
);

const CHECKS_OUT = /\bcheck(?:s|ed|ing)?\b(?:[- ]\p{L}+){0,3}?[- ]?out\b/iu;

/** The operation that is called a check-out, of the thing at hand first: elsewhere those words ask to buy. */
function checkOut(
  { text, verb }: Clause,
  { operations }: OperationCatalog,
  before: readonly Operation[],
): Operation | undefined {
  if (verb !== "~buy" || !CHECKS_OUT.test(text)) return undefined;
  const named = operations.filter(
    ({ writes, path, login }) =>
      writes && !login && /(?:^|[ /])check ?out$/.test(plain(lastPart(path) || path)),
  );
  const collections = new Set(before.map((operation) => subjectOf(operation).collection));
  const ofThing = named.filter((operation) => collections.has(subjectOf(operation).collection));
  const [only, ...others] = ofThing.length > 0 ? ofThing : named;
  return others.length > 0 ? undefined : only;
}

/** What has listed the things that `it` is one of; what was made of one since is meant instead. */
export function listedLast(before: readonly Operation[]): Operation | undefined {
  const listed = before.findLastIndex(({ list, writes }) => list !== undefined && !writes);
  const isUsed = before
    .slice(listed + 1)
    .some((made) => made.writes && subjectOf(made).verbClass === "create");
  return isUsed ? undefined : before[listed];
}

/** Whether a clause about `it` would make a second thing of the kind that was made just before. */
const isSecond = (clause: Clause, operation: Operation, before: readonly Operation[]): boolean =>
  clause.object.refers &&
  clause.object.nouns.size === 0 &&
  !clause.another &&
  isRepeated(clause, operation, before);

/**
 * Whether a clause asks for no call of its own after a step: it repeats the step's read, or only chooses from what the step
 * listed.
 * @param operation what serves the clause
 * @param last what serves the step before
 */
export function continuesStep(
  clause: Clause,
  operation: Operation | undefined,
  last: Operation | undefined,
): boolean {
  if (last === undefined) return false;
  if (last === operation && !operation.writes) return true;
  return last.list !== undefined && onlyChooses(clause) && operation?.writes !== true;
}

/**
 * The operation that does to a thing what a verb of looking is the name of: `inspect it` is `POST /hives/{id}/inspections` rather
 * than a read. `View it` makes none of its `views`.
 */
function doingOperation(
  { verb, lead }: Clause,
  { writes, target, path: shown }: Operation,
  { operations }: OperationCatalog,
): Operation | undefined {
  if (verb !== "~show" || writes || lead === undefined) return undefined;
  const things = shown.replace(/\/\{[^/]+\}$/, "");
  const doing = operations.filter((operation) => {
    const name = plain(lastPart(operation.path));
    return (
      operation.target === target &&
      operation.writes &&
      operation.method !== "DELETE" &&
      operation.path.startsWith(`${things}/{`) &&
      stem(name) === lead &&
      name.replace(/s$/, "") !== lead
    );
  });
  return doing.length === 1 ? doing[0] : undefined;
}

/** The operation that ends a session where none is called so: the removal of what logging in makes. */
function endingSession({ verb }: Clause, { operations }: OperationCatalog): Operation | undefined {
  if (verb !== "~logout") return undefined;
  const logins = operations.filter(({ login, call }) => login && isMethod(call));
  return operations.find(
    ({ method, target, path, inputs }) =>
      method === "DELETE" &&
      !inputs.some((field) => field.in === "path") &&
      logins.some((login) => login.target === target && `${path}/`.startsWith(`${login.path}/`)),
  );
}

/** The only operation that needs just as many numbers as a clause gives, and nothing else: `add 17 and 25`. */
function onNumbers(
  { object, amounts, active }: Clause,
  { operations }: OperationCatalog,
): Operation | undefined {
  if (!active || object.nouns.size > 0 || amounts.length < 2) return undefined;
  const fitting = operations.filter(({ inputs, login }) => {
    const needed = inputs.filter(({ required }) => required);
    return !login && needed.length === amounts.length && needed.every(isNumeric);
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** The only list whose things are of a kind that a clause names: `find a greek meal`, by a kitchen that can be `greek`. */
function listWithOption({ verb, object }: Clause, { operations }: OperationCatalog): Operation | undefined {
  if (verb !== "~find") return undefined;
  const lists = operations.filter(
    ({ list, writes }) =>
      !writes &&
      list?.fields.some((field) =>
        field.enum?.some((option) => typeof option === "string" && object.nouns.has(stem(plain(option)))),
      ),
  );
  return lists.length === 1 ? lists[0] : undefined;
}

/**
 * The operation that does within a thing what the verb says, where another one would make such a thing: `enrol for a course` is
 * `POST /courses/{id}/enrolments`.
 */
function doingWithin(
  { lead, text }: Clause,
  { method, path, target }: Operation,
  { operations }: OperationCatalog,
): Operation | undefined {
  if (method !== "POST" || lead === undefined || lead.startsWith("~") || !WITHIN.test(text)) return undefined;
  const own = stem(lastPart(path));
  const doing = operations.filter(
    (operation) =>
      operation.target === target &&
      operation.method === "POST" &&
      operation.path.startsWith(`${path}/{`) &&
      stem(lastPart(operation.path)) !== own &&
      !subjectOf(operation).isAction &&
      (subjectOf(operation).verbs.has(lead) || verbOfNoun(stem(lastPart(operation.path))) === lead),
  );
  return doing.length === 1 ? doing[0] : undefined;
}
/** What something is done for or in is not made. */
const WITHIN = /\b(?:for|in|into|to|on|at)\s+(?:an?|the|my|our)\b/i;

const KIND_FIELD = /\b(?:species|type|kind|category|sort|class|variety|breed)$/;

/** The only operation that makes things of a kind that a clause makes one of: `add a cat`, where an animal has a species. */
function makingOfKind(clause: Clause, { operations }: OperationCatalog): Operation | undefined {
  if (!clause.indefinite || !MAKING.has(clause.verb)) return undefined;
  const [head] = mainNouns(clause);
  if (head === undefined) return undefined;
  const making = operations.filter(
    (operation) =>
      operation.method === "POST" &&
      subjectOf(operation).verbClass === "create" &&
      operation.inputs.some(
        ({ in: place, leaf, enum: options }) =>
          place === "body" &&
          KIND_FIELD.test(plain(leaf)) &&
          options?.some((option) => typeof option === "string" && stem(plain(option)) === head),
      ),
  );
  return making.length === 1 ? making[0] : undefined;
}
const MAKING: ReadonlySet<string | undefined> = new Set(["~create", "~add", "~register", undefined]);

/** Whether a noun of a clause is among the words of an operation. */
function hasNoun({ object }: Clause, operation: Operation): boolean {
  const { words } = subjectOf(operation);
  return [...object.nouns.keys()].some((noun) => words.has(noun));
}

/**
 * Whether an operation has not both the verb of a clause that uses a thing and a noun of it, and not its very noun, or
 * only shows such things: `buy a painting` is no list of paintings, `arrange a meeting` sets no list up.
 */
function isOnlyRelated(clause: Clause, operation: Operation): boolean {
  const subject = subjectOf(operation);
  const isNamed = clause.object.nouns.size === 0 || hasNoun(clause, operation);
  if (hasVerb(clause, subject) || hasSynonym(clause, subject))
    return !isNamed && agreementOf(clause, operation, undefined).object < SAME_THING;
  return !operation.writes || !isNamed;
}

const ONE = /\b(?:an?|one|another|any|single)\s/i;

/**
 * Whether a clause wants to see one thing where an operation lists: one of those that a call before has listed (`show one
 * product`), or what was made before (`look at it`).
 */
function showsOneOf(
  { verb, text, object }: Clause,
  operation: Operation,
  before: readonly Operation[],
): boolean {
  if (verb !== "~show" || operation.list === undefined || operation.writes) return false;
  if (before.includes(operation) && ONE.test(text)) return true;
  return object.refers && before.some((made) => subjectOf(made).verbClass === "create");
}

function bestMatch(
  clause: Clause,
  catalog: OperationCatalog,
  before: readonly Operation[],
): Operation | undefined {
  let best: Operation | undefined;
  let most = LEAST;
  for (const { operation, score } of scoredOperations(clause, catalog, before))
    if (score > most) {
      best = operation;
      most = score;
    }
  return best;
}

/** The operations that can serve a clause, and how well each does. */
export function scoredOperations(
  clause: Clause,
  catalog: OperationCatalog,
  before: readonly Operation[],
): { operation: Operation; score: number }[] {
  const agreements = agreementsOf(clause, catalog, before);
  const sharing = agreements.some(({ shares, fit }) => shares && fit >= FITS);
  // `Rent it` makes nothing where it is nothing that is known; `revise it` may say first what there is.
  const uses = clause.verb === "~buy" || VERB_CLASSES.get(clause.verb ?? "") === "create";
  const naming = clause.object.nouns.size > 0 || (clause.object.refers && (before.length > 0 || uses));
  // A verb that no operation has, and something new: `file a ticket`.
  const creates =
    clause.verb === undefined &&
    clause.indefinite &&
    !agreements.some(({ verb, shares }) => verb > 0 && shares);
  // One that does just this to the thing at hand: a thing with a related name is not meant.
  const exact = agreements.some(({ verb, concerns, fit }) => verb === 1 && concerns && fit >= FITS);
  // One that does just this to what is nearer to the noun: `the booking` is a reservation rather than an album.
  const nearest = Math.max(
    0,
    ...agreements.map(({ verb, object, fit }) => (verb === 1 && fit >= FITS ? object : 0)),
  );
  // `Approve the order` makes no order where an operation brings one into that state.
  const moves = agreements.some((one) => one.moves && one.shares && one.fit >= FITS);
  const scored: { operation: Operation; score: number }[] = [];
  for (const [index, operation] of catalog.operations.entries()) {
    const agreement = agreements[index] as Agreement;
    if (!agreement.moves && !accountsFor(clause, operation, catalog)) continue;
    if (!servesVerb(clause, operation, agreement)) continue;
    // No list of enrolments enrols anybody.
    if (!operation.writes && clause.verb !== undefined && CHANGES.has(VERB_CLASSES.get(clause.verb) ?? ""))
      continue;
    if (fetches(clause) && agreement.object === 0 && !namesLead(clause, operation)) continue;
    if (moves && agreement.verb === 0 && subjectOf(operation).verbClass === "create") continue;
    if (exact && !agreement.concerns && agreement.verb === 0 && agreement.object < 1) continue;
    if (isMadeAgain(clause, operation, agreement, before) || isOtherAction(clause, operation, agreement))
      continue;
    if (isAboutOther(clause, operation)) continue;
    if (isOfSessions(operation) && !SESSIONS.has(clause.verb ?? "") && agreement.object < 1) continue;
    const isFarther = !agreement.concerns && agreement.object < nearest - FARTHER;
    if (isFarther && !hasNoun(clause, operation)) continue;
    const otherwise = agreement.updates || (clause.verb === undefined && agreement.verb > 0);
    if ((sharing || naming) && !agreement.shares && (sharing || !otherwise)) continue;
    if (clause.acts && agreement.verb === 0 && !(creates && subjectOf(operation).verbClass === "create"))
      continue;
    const score =
      operationMatchScore(clause, operation, agreement, creates, catalog) -
      (showsOneOf(clause, operation, before) ? LISTED : 0);
    scored.push({ operation, score });
  }
  return scored;
}

const CHANGES: ReadonlySet<string> = new Set(["create", "update", "delete"]);

/** Whether the verb of a clause is among the words of an operation: `Download the label`, `GET /parcels/{id}/tracking`. */
const namesLead = ({ lead }: Clause, { weights }: Operation): boolean =>
  lead !== undefined && weights.has(lead);

const DIRECT = /^\s*(?:(?:then|also|please|finally|now|and)\s+)*\S+\s+(?:it|them|him|her)\b/i;
const PRONOUN = /\b(?:it|them|this|that)\b/i;

/**
 * Whether an operation would make another thing where a clause is about the one that there is: `publish it` is no second
 * `POST /articles`, nor does it make anything inside of the article.
 */
function isMadeAgain(
  clause: Clause,
  operation: Operation,
  { verb }: Agreement,
  before: readonly Operation[],
): boolean {
  const { verbClass, isAction } = subjectOf(operation);
  if (verbClass !== "create" || isAction || before.length === 0) return false;
  if (clause.another || !PRONOUN.test(clause.text)) return false;
  // `Paint it blue` is about the thing, `add a note to it` is about a note.
  if (clause.object.nouns.size > 0 && !DIRECT.test(clause.text)) return false;
  return isRepeated(clause, operation, before) || (clause.verb === "~create" && verb === 0);
}

/**
 * Whether a clause about `it` would do once more what was done just before. Another thing that was found since can be taken,
 * too: a cart takes a second product.
 */
function isRepeated({ text }: Clause, operation: Operation, before: readonly Operation[]): boolean {
  const done = before.lastIndexOf(operation);
  if (done < 0 || AGAIN.test(text)) return false;
  const takesIt = operation.inputs.some(
    (field) => (field.required || field.in === "path") && isReference(field),
  );
  return !takesIt || !before.slice(done + 1).some(({ list, writes }) => list !== undefined && !writes);
}
const AGAIN = /\b(?:again|once more|twice|a second time)\b/i;

/** Whether something else is done to a thing than a clause says, which names only the thing: `send it` does not close it. */
function isOtherAction({ object, verb, text }: Clause, operation: Operation, agreement: Agreement): boolean {
  const { isAction, verbs, actsOn } = subjectOf(operation);
  const acts = isAction || (operation.call === "mutation" && actsOn.size > 0);
  if (!acts || agreement.verb > 0) return false;
  if (!object.refers || (object.nouns.size > 0 && !DIRECT.test(text))) return false;
  // Verbs that make something are no synonyms where they do something to it: to print it does not send it.
  if (verb === "~create") return true;
  return operation.verb !== verb && ![...verbs].some((word) => meaningOf(word) === verb);
}

const SESSIONS: ReadonlySet<string> = new Set(["~login", "~logout", "~register"]);

/** How similar the subjects of two operations are, without their verbs. */
export function operationSimilarity(one: Operation, two: Operation, catalog: OperationCatalog): number {
  let shared = 0;
  let all = 0;
  for (const [token, weight] of one.head) {
    if (VERB_MEANINGS.has(token)) continue;
    const value = weight * catalog.words.of(token);
    all += value;
    shared += value * Math.min(1, two.weights.get(token) ?? 0);
  }
  return all === 0 ? 0 : shared / all;
}
