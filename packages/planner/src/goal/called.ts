import { choiceConstraints } from "@ape/catalog/goal/choice-constraints";
import type { Clause } from "@ape/catalog/goal/clause";
import type { StatedName } from "@ape/catalog/goal/goal-text";
import { isMove, saysMove } from "@ape/catalog/goal/phrases/move";
import { isWordOf } from "@ape/catalog/goal/phrases/named-thing";
import { thingsOf } from "@ape/catalog/goal/phrases/numbered-thing";
import { nameOf, type ThingName, thingNamed } from "@ape/catalog/goal/phrases/thing-name";
import { nounNamedBy, numberBeside } from "@ape/catalog/goal/stated-values";
import { nameAt } from "@ape/catalog/goal/unquoted-name";
import { changedFields, isPlainUpdate } from "@ape/catalog/operations/changed-fields";
import { type Field, isReference } from "@ape/catalog/operations/field";
import { collectionOfParameter } from "@ape/catalog/operations/item-identifier";
import { namesMade } from "@ape/catalog/operations/made-resource";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { ownNouns, subjectOf } from "@ape/catalog/operations/operation-subject";
import { isOfPerson } from "@ape/catalog/operations/states/person-field";
import { lastWord, plain, stem, stemsOf } from "@ape/catalog/words/words";
import { isIdName, isPlainIdName } from "@ape/core/protocol/id-name";
import { lastPart } from "@ape/core/protocol/operations/path-words";
import { quotedThing } from "./names/quoted-thing.ts";
import { numberOf } from "./numbered-names.ts";
import type { Step } from "./plan.ts";

/** Whether a value is a name, or has it in it: a quoted text in which it stands gives it to nothing. */
const isGiven = (
  text: string,
  values: ReadonlyMap<Field, unknown>,
  { quoted }: Pick<Clause, "quoted">,
): boolean =>
  [...values.values()].flat().some((value) => {
    const given = String(value);
    return plain(given) === plain(text) || (!quoted.includes(given) && plain(given).includes(plain(text)));
  });

/**
 * What a clause calls the thing that a field chooses: the person that something is given to, the number behind the thing, or
 * its name.
 */
export function calledBy(
  operation: Operation,
  clause: Clause,
  field: Field,
  choices: number,
  values: ReadonlyMap<Field, unknown>,
): ThingName | undefined {
  const numbered = numberOf(operation, clause, field);
  if (numbered !== undefined) return numbered;
  const moved =
    choices > 1 && nameOfDestination(clause) !== undefined ? nameOfMoved(clause, field) : undefined;
  if (moved !== undefined && !isGiven(moved, values, clause)) return nameOf(moved);
  const noun = plain(field.leaf).replace(/ (?:id|uuid|code|key|ref)$/, "");
  const number = numberBeside({ ...field, leaf: noun }, clause);
  if (number !== undefined && ![...values.values()].includes(number)) return nameOf(String(number));
  const named =
    nameOfThing(operation, clause, field) ??
    quotedThing(field, clause) ??
    nameInCollection(operation, clause, field);
  if (named !== undefined && !isGiven(named, values, clause)) return nameOf(named);
  const direct = clause.names.find(({ preposition }) => preposition === "");
  if (direct !== undefined && choices === 1 && !isGiven(direct.text, values, clause))
    return nameOf(direct.text);
  const [name, ...others] = clause.names.filter(({ preposition }) => preposition === "to");
  const isAssigned = clause.object.refers && choices === 1;
  const isSet = isAssigned || isOnlyChange(operation, clause, field);
  if (
    field.in === "body" &&
    isSet &&
    others.length === 0 &&
    name !== undefined &&
    !isGiven(name.text, values, clause)
  )
    return nameOf(name.text);
  return nameOfActedOn(operation, clause, field, values);
}

/** What a clause that moves a thing calls it, or the place that it is moved to: `move Zephyr to North Tower`. */
const nameOfMoved = (clause: Clause, field: Field): string | undefined =>
  field.in === "path"
    ? clause.names.find(({ preposition }) => preposition === "")?.text
    : nameOfDestination(clause);

/** The name of the place to which a clause moves something; undefined where it gives none. */
export const nameOfDestination = (clause: Clause): string | undefined =>
  isMove(clause) || saysMove(clause)
    ? clause.names.find(({ preposition }) => /^(?:to|into|onto)$/.test(preposition))?.text
    : undefined;

/** Whether a clause changes nothing of a thing but a field: what it is changed to is that of no other. */
function isOnlyChange(operation: Operation, clause: Clause, field: Field): boolean {
  if (!isPlainUpdate(clause, operation)) return false;
  const [only, ...more] = changedFields(clause, operation);
  return only === field && more.length === 0;
}

/**
 * The name of what a clause acts on, where a field takes the id of that.
 * @param values what the clause gives to the inputs: {@link statedValues}
 */
export function nameOfActedOn(
  operation: Operation,
  clause: Clause,
  field: Field,
  values: ReadonlyMap<Field, unknown>,
): ThingName | undefined {
  const name = thingNamed(clause);
  if (name === undefined || isGiven(name.text, values, clause) || isGiven(name.whole, values, clause))
    return undefined;
  const own = idActedOn(operation, clause, name);
  if (own !== undefined) return own === field ? name : undefined;
  return isActedOn(operation, field, name) && !isWordOf(name, operation) ? name : undefined;
}

/**
 * The id of what a clause acts on by a name alone: of what the summary of the operation says first that it acts on, the actor of
 * `cast Mila Sand as Nina` where it is `Cast an actor in a role`, else of the only person.
 */
function idActedOn(
  { inputs, summary }: Operation,
  { names }: Clause,
  { text, nouns, of }: ThingName,
): Field | undefined {
  if (nouns.length > 0 || of) return undefined;
  const ids = inputs.filter((one) => one.in === "path" || isReference(one));
  if (ids.length < 2) return undefined;
  const words = stemsOf(summary);
  const placed = ids
    .map((field) => ({ field, at: words.indexOf(stem(nounOf(field))) }))
    .filter(({ at }) => at > 0)
    .sort((one, two) => one.at - two.at);
  if (placed[0] !== undefined) return placed[0].field;
  if (!PERSON.test(text) || names.some(({ preposition }) => RECEIVES.test(preposition))) return undefined;
  const [person, ...others] = ids.filter(isOfPerson);
  return others.length === 0 ? person : undefined;
}
const nounOf = ({ leaf }: Field): string => lastWord(plain(leaf).replace(/ (?:id|uuid|code|key|ref)$/, ""));
const PERSON = /^(?!(?:The|An?)\s)\p{Lu}[\p{L}'’.-]*(?: \p{L}[\p{L}'’.-]*){0,2} \p{Lu}[\p{L}'’-]+$/u;
/** Behind these is who gets what is given away. */
const RECEIVES = /^(?:to|with|by)$/;

/**
 * What a clause calls the things that it chooses and that have no name by its other words: `as` names the innermost one,
 * `cast Mila Sand as Nina in The Seagull`, and the only other name is that of the outermost one.
 * @param chosen the inputs that choose from what has names, outermost first, and what each is called so far
 * @param values the values of the other inputs
 */
export function leftNames(
  { names, quoted }: Clause,
  chosen: ReadonlyMap<Field, ThingName | undefined>,
  values: ReadonlyMap<Field, unknown>,
): Map<Field, ThingName> {
  const found = new Map<Field, ThingName>();
  const used = [...chosen.values()].map((name) => name?.text);
  const open = [...chosen].flatMap(([field, name]) => (name === undefined ? field : []));
  const free = names.filter(
    ({ text, preposition }) =>
      preposition !== "" && !used.includes(text) && !isGiven(text, values, { quoted }),
  );
  const [role, ...roles] = free.filter(({ preposition }) => preposition === "as");
  const inner = open.findLast(({ in: place }) => place === "path");
  if (role !== undefined && roles.length === 0 && inner !== undefined) {
    found.set(inner, nameOf(role.text));
    open.splice(open.indexOf(inner), 1);
  }
  const [rest, ...more] = free.filter(({ preposition }) => preposition !== "as");
  const [outer, ...others] = open;
  if (rest === undefined || outer === undefined) return found;
  if (more.length === 0) found.set(outer, nameOf(rest.text));
  // Which of several names is that of the only thing with a name, its list shows.
  else if (others.length === 0) found.set(outer, { ...nameOf(rest.text), or: more.map(({ text }) => text) });
  return found;
}

/** Behind these a clause says where the thing is that it changes or removes, or whose: `cancel the stay in Fox Den`. */
const DESCRIBES = /^(?:in|at|on|onto|near|from|for|to|with|by|of|under|about)$/i;

/** Behind these it says of what else something is made: `reserve 4 seats for a play directed by Mina Rao`. */
const DESCRIBES_PARENT = /^(?:by|in|at|on|near|of|to|from)$/i;

/** `In the cabin Fox Den`. */
const DESCRIBED_BY =
  /\b(in|at|on|near|from|for|to|with|by|of|under)\s+(?:(?:the|my|our|his|her|their)\s+)?(?:\p{Ll}[\p{Ll}-]+\s+)?(\p{Ll}[\p{Ll}-]+)\s+(?=(\p{Lu}.*$))/gu;

/**
 * The names by which a clause describes the thing that it changes or removes, where it does not call it so: no other one will do.
 * @param used names that inputs are chosen by
 * @param values what the clause gives to the inputs
 */
export function namesDescribing(
  { names, verb, text, quoted }: Clause,
  operation: Operation,
  used: readonly string[],
  values: ReadonlyMap<Field, unknown>,
): ThingName[] {
  const { verbClass, isAction } = subjectOf(operation);
  const isRemoved = operation.method === "DELETE" || verbClass === "delete" || verb === "~remove";
  const makes = verbClass === "create" && !isAction && !isRemoved;
  const isOfOther = (field: Field): boolean =>
    field.in === "path" || (field.in === "body" && field.required && isReference(field));
  if (makes && !operation.inputs.some(isOfOther)) return [];
  const describes = makes ? DESCRIBES_PARENT : DESCRIBES;
  if (!makes && !isRemoved && !isAction && verbClass !== "update") return [];
  // What a thing is changed to is no other thing.
  const isNew = (preposition: string): boolean => preposition === "to" && verbClass === "update";
  const described = names.flatMap((one) =>
    (describes.test(one.preposition) || (makes && isOfParent(one, text, operation))) &&
    !isNew(one.preposition)
      ? { name: one.text, nouns: [] }
      : [],
  );
  const behind = Array.from(text.matchAll(DESCRIBED_BY)).flatMap(
    ([, preposition = "", noun = "", rest = ""]) =>
      makes && preposition !== "of" ? [] : { name: nameAt(rest, true) ?? "", nouns: [stem(plain(noun))] },
  );
  return [...described, ...behind]
    .filter(({ name }) => name !== "" && !used.some((one) => one.includes(name)))
    .filter(({ name }) => !isGiven(name, values, { quoted }))
    .map(({ name, nouns }) => ({ ...nameOf(name), nouns, of: true }));
}

/**
 * Whether a name behind `for` or `with` says which one it is of the things that are there: a code is no person, and `the trip for Ann`
 * is hers, where somebody is added to the trip.
 */
function isOfParent({ text: name, preposition }: StatedName, text: string, { path }: Operation): boolean {
  if (!/^(?:for|with)$/.test(preposition)) return false;
  if (/\d/.test(name)) return true;
  const [, parent] = /\/([^/{}]+)\/\{[^/]+\}/.exec(path) ?? [];
  const before = text.slice(0, text.indexOf(name)).replace(/\s*\b(?:for|with)\s+(?:the\s+)?$/i, "");
  return parent !== undefined && stemsOf(parent).includes(stem(lastWord(before)));
}

/** The values that a clause gives, other than for what ids are of: of what the goal has made before, or of what is chosen. */
export function statedValues(
  operation: Operation,
  clause: Clause,
  steps: readonly Step[],
): ReadonlyMap<Field, unknown> {
  const kindOf = (field: Field): string =>
    field.in === "path" && !isMade(steps, operation, field) ? "choice" : "id";
  const ids = operation.inputs.filter(isReference);
  const bindings = new Map(ids.map((id) => [id, { kind: kindOf(id) }]));
  return choiceConstraints({ operation, clause, bindings }, []);
}

/** Whether a field is the id of the thing that has a name, rather than of what it is in or what something is made of. */
function isActedOn(operation: Operation, field: Field, { nouns, of }: ThingName): boolean {
  const all = operation.inputs.filter((one) => one.in === "path" || (one.required && isReference(one)));
  // `An inspection of Dune by Iris Moss` is of what it is of, and not of a person.
  const things = of && nouns.length === 0 ? all.filter((one) => !isOfPerson(one)) : all;
  const ids = things.length > 0 ? things : all;
  const isMeant = (one: Field): boolean => nouns.some((noun) => isNounFor(noun, one, operation));
  if (isMeant(field)) return true;
  if (ids.some(isMeant) || operation.inputs.some((one) => one.required && isMeant(one))) return false;
  if (!ids.includes(field)) return ids.length === 0;
  const subject = subjectOf(operation);
  const makes = subject.verbClass === "create" && !subject.isAction;
  // `Add the target "SS Cyg"` makes it.
  if (makes && !of && nouns.some((noun) => ownNouns(subject).includes(noun))) return false;
  if (field.in !== "path") return ids.at(-1) === field || ids.length === 1;
  const isOfThing = ids.findLast(({ in: place }) => place === "path") === field;
  return isOfThing && (!makes || of || !ids.some(({ in: place }) => place === "body"));
}

/** The name that a clause gives to what a field is the id of: `for the customer called Uli`. */
export function nameOfThing(operation: Operation, clause: Clause, field: Field): string | undefined {
  const at = clause.labels.findIndex((label) => {
    const noun = nounNamedBy(label, clause);
    return noun !== undefined && isNounFor(noun, field, operation);
  });
  const text = clause.quoted[at];
  if (text !== undefined && !/^\{\{/.test(text)) return text;
  for (const [, noun = "", behind = ""] of clause.text.matchAll(NOUN_AND_NAME))
    if (isNounFor(stem(plain(noun)), field, operation))
      return nameAt(behind.replace(AMOUNT_BEHIND, "."), true);
  return undefined;
}

/**
 * Whether a noun is one for what a field takes the id of. The context of a field that is called `id` alone says more than that:
 * of `/trips/{id}/guide`, `Assign a guide to a trip`, it is that of the trip.
 */
function isNounFor(noun: string, field: Field, operation: Operation): boolean {
  if (!field.nameTokens.has(noun)) return false;
  if (!isPlainIdName(field.leaf) || field.in !== "path") return true;
  const things = thingsOf(field, operation);
  const isOther = operation.inputs.some(
    (other) => other !== field && isIdName(other.leaf) && stemsOf(other.leaf).includes(noun),
  );
  return !isOther || things.includes(noun);
}

/** The name behind the noun of the collection of which a path takes an id: `for the course Pottery`. */
function nameInCollection(operation: Operation, { text }: Clause, field: Field): string | undefined {
  const collection = collectionOfParameter(field, operation);
  if (collection === undefined) return undefined;
  const nouns = stemsOf(lastPart(collection));
  for (const [, noun = "", behind = ""] of text.matchAll(NOUN_AND_NAME))
    if (nouns.includes(stem(plain(noun)))) return nameAt(behind.replace(AMOUNT_BEHIND, "."), true);
  return undefined;
}
/** A number with a unit behind a name: `the tank Marsh 10 grams`. */
const AMOUNT_BEHIND = /(?<=\p{Ll})\s+\d[\d.]*\s+\p{Ll}.*$/u;
/** `to the tank Abyss`, `in room Blue`. */
const NOUN_AND_NAME =
  /(?:\b(?:the|in|to|from|into|at|for|by|of)\s+|,\s*)(\p{Ll}[\p{Ll}-]+)\s+(?=(\p{Lu}.*$))/gu;

/** Whether the goal has made a thing of the kind whose id a field takes. */
export const isMade = (steps: readonly Step[], owner: Operation, field: Field): boolean =>
  steps.some(
    ({ operation }) =>
      operation !== owner && operation.method === "POST" && namesMade(field, owner, operation),
  );

/** A thing that the goal itself has made under a name. */
export interface MadeByName {
  /** The step that made it. */
  at: number;
  /** Which of the calls of its operation that step is. */
  nth: number;
  /** Whether a later step has removed it. */
  isGone: boolean;
}

/** The step that has made what a clause calls by a name: one whose clause gave it that name, or a later one about it. */
export function madeByName(
  steps: readonly Step[],
  owner: Operation,
  field: Field,
  { text, numbered }: ThingName,
): MadeByName | undefined {
  // `Order 2 pizzas` has made no order 2.
  const words = numbered === undefined ? plain(text) : plain(numbered.said);
  const says = ({ clause }: Step): boolean =>
    clause !== undefined && ` ${plain(clause.said)} `.includes(` ${words} `);
  const takes = (step: Step, at: number): boolean =>
    [...step.bindings.values()].some((binding) => binding.kind === "answer" && binding.step === at);
  const at = steps.findLastIndex(
    (step, place) =>
      step.operation !== owner &&
      step.operation.method === "POST" &&
      namesMade(field, owner, step.operation) &&
      (says(step) ||
        steps.some((later, after) => after > place && renames(later) && takes(later, place) && says(later))),
  );
  if (at < 0) return undefined;
  const { operation } = steps[at] as Step;
  return {
    at,
    nth: steps.slice(0, at).filter((step) => step.operation === operation).length,
    isGone: steps.some((later) => later.operation.method === "DELETE" && lastIdOf(later) === at),
  };
}

const renames = ({ operation: { method } }: Step): boolean => method === "PATCH" || method === "PUT";

/** The step that gave the id of the very thing that a step acts on. */
function lastIdOf({ bindings }: Step): number | undefined {
  const last = [...bindings].findLast(([field]) => field.in === "path")?.[1];
  return last?.kind === "answer" ? last.step : undefined;
}
