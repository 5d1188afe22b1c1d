import type { Clause } from "@ape/catalog/goal/clause";
import { nameOf, type ThingName } from "@ape/catalog/goal/phrases/thing-name";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { resultNouns, subjectOf } from "@ape/catalog/operations/operation-subject";
import { areKin } from "@ape/catalog/words/thesaurus";
import { lastWord, plain, stem, stemsOf } from "@ape/catalog/words/words";
import { isComposite, isJsonObject, type Json } from "@ape/core/lib/json";
import { isNumber, writeJson } from "@ape/core/lib/lossless-number";
import { isIdName, isPlainIdName, withoutIdSuffix } from "@ape/core/protocol/id-name";
import { type ListChoice, nothingAbout, nothingCalled, nothingElse } from "../../goal/plan.ts";
import { itemsShown, type PlanningContext, type Request, successfulCalls } from "../../planning-context.ts";
import { nextPage } from "../listed/paging.ts";
import { itemFields, readItem, visibleList } from "../response-values.ts";
import { matchOfItem } from "./called-item.ts";
import { searchByName } from "./search-by-name.ts";

/** Lists that are asked for a name behind one choice, at each level. */
const MOST_LISTS = 3;
/** A ticket is for a performance, and that of a play: what is behind the second one is not looked for. */
const MOST_LEVELS = 2;

/** An id of another thing in the items of a list, and the list of such things. */
interface Reference {
  key: string;
  listing: Operation;
}

/** The names that the goal gives for a choice and for what it is about. */
const namesOf = ({ called, about = [] }: ListChoice): ThingName[] => [
  ...(called === undefined ? [] : [called]),
  ...about,
];

/**
 * Tells whether an item of a list has all names that the goal gives: it shows them, or it is about a thing that is called so, as the
 * reservation with `buyerId: 2` is, where buyer 2 has the name.
 */
export function isNamedSo(
  choice: ListChoice,
  operation: Operation,
  context: PlanningContext,
): (item: Json) => boolean {
  const tests = namesOf(choice).map((name) => {
    const own = { ...choice, called: name };
    const related = relatedTo(own, operation, context);
    return (item: Json): boolean => isShownBy(item, own, operation) || related?.(item) === true;
  });
  return (item) => tests.every((isMeant) => isMeant(item));
}

/** Whether an item is called so, or says words in small letters in any of its texts: `with long tusks` of `the skull with the tusks`. */
function isShownBy(item: Json, choice: ListChoice, operation: Operation): boolean {
  if (matchOfItem(item, choice, operation) > 0) return true;
  const { called } = choice;
  if (called?.of !== true || called.text !== called.text.toLowerCase() || !isJsonObject(item)) return false;
  const said = stemsOf(writeJson(Object.values(item))).join(" ");
  return ` ${said} `.includes(` ${stemsOf(called.text).join(" ")} `);
}

/**
 * Whether an item is about a thing that is called so, or that is about such a thing itself; undefined where no list that was
 * read has a thing of that name.
 */
function relatedTo(
  choice: ListChoice,
  operation: Operation,
  context: PlanningContext,
  levels = MOST_LEVELS,
): ((item: Json) => boolean) | undefined {
  const known = referencesOf(choice, operation, context)
    .map(({ key, listing }) => ({ key, ids: idsCalled(choice, listing, context, levels - 1) }))
    .filter(({ ids }) => ids.size > 0);
  if (known.length === 0) return undefined;
  return (item) => isJsonObject(item) && known.some(({ key, ids }) => ids.has(String(item[key])));
}

/** The same choice by the kind of thing that the goal looks for. */
const byKind = ({ kind, ...choice }: ListChoice): ListChoice | undefined => {
  if (kind === undefined) return undefined;
  const { about: _, ...others } = choice;
  return { ...others, called: kind.name };
};

/** Of items that fit, those of the kind that the goal looks for; all of them where none shows it. */
export function ofSoughtKind(
  items: Json[],
  choice: ListChoice,
  operation: Operation,
  context: PlanningContext,
): Json[] {
  const own = byKind(choice);
  const found = own === undefined ? items : items.filter(isNamedSo(own, operation, context));
  return found.length > 0 ? found : items;
}

/** Whether a list that was read shows things of the kind that the goal looks for. */
export function showsKind(choice: ListChoice, context: PlanningContext): boolean {
  const own = byKind(choice);
  const operation = context.plan.steps[choice.step]?.operation;
  return (
    own !== undefined &&
    operation !== undefined &&
    itemsShown(operation, context).some(isNamedSo(own, operation, context))
  );
}

/** The kinds of what was chosen that nothing has shown, where all that was read is still visible. */
export function unshownKinds(context: PlanningContext): string[] {
  const { plan, progress } = context;
  const isVisible = progress.calls.every(
    ({ ok, operation, answer }) => !ok || operation?.writes !== false || answer !== undefined,
  );
  if (!isVisible) return [];
  return plan.choices.flatMap((choice) =>
    choice.kind === undefined || choice.kind.clause !== undefined || showsKind(choice, context)
      ? []
      : choice.kind.name.whole,
  );
}

/** The call that looks for the kind of thing that the goal looks for among what the items of a list are about. */
export function lookForKind(
  choice: ListChoice,
  operation: Operation,
  context: PlanningContext,
): Request | undefined {
  const own = byKind(choice);
  return own === undefined || showsKind(choice, context) ? undefined : lookFor(own, operation, context, 1);
}

/** Says why no item of a list has the names that the goal gives; undefined where it gives none. */
export function whyNotNamed(
  choice: ListChoice,
  operation: Operation,
  context: PlanningContext,
): string | undefined {
  const names = namesOf(choice);
  const shown = itemsShown(operation, context);
  for (const called of names) {
    const own = { ...choice, called };
    if (shown.some((item) => isShownBy(item, own, operation))) continue;
    const related = relatedTo(own, operation, context);
    if (related === undefined) return nothingCalled(called);
    if (!shown.some(related)) return nothingAbout(called);
  }
  const [name, ...more] = names;
  if (name === undefined)
    return choice.described === undefined ? undefined : nothingCalled(nameOf(choice.described.text));
  // What is called so is taken already, or does not suit.
  const isShown = shown.some((item) => matchOfItem(item, { ...choice, called: name }, operation) > 0);
  if (more.length === 0 && isShown && choice.apart) return nothingElse(name);
  return more.length === 0 ? nothingCalled(name) : nothingAbout(...names);
}

/** The call that looks for the names among what the items of a list are about; undefined where all of that was looked through. */
export function lookBehind(
  choice: ListChoice,
  operation: Operation,
  context: PlanningContext,
): Request | undefined {
  const shown = itemsShown(operation, context);
  for (const called of namesOf(choice)) {
    const own = { ...choice, called };
    if (shown.some((item) => isShownBy(item, own, operation))) continue;
    const request = lookFor(own, operation, context);
    if (request !== undefined) return request;
  }
  return narrowed(choice, operation, context);
}

/**
 * The call that shows of a long list only what is about the thing that the goal names, where the list can be asked for that:
 * `GET /segments?coreId=12` for `segment 4 of core NEEM-2`.
 */
function narrowed(choice: ListChoice, operation: Operation, context: PlanningContext): Request | undefined {
  const calls = successfulCalls(context, operation);
  const last = calls.at(-1);
  const isWhole =
    last === undefined ||
    (visibleList(last.answer?.body, operation)?.hidden === 0 && nextPage(last, operation) === undefined);
  if (isWhole || last.method === undefined) return undefined;
  for (const called of namesOf(choice)) {
    const own = { ...choice, called };
    for (const { key, listing } of referencesOf(own, operation, context)) {
      const filter = operation.inputs.find((field) => field.in === "query" && field.leaf === key);
      const [id, ...others] = idsCalled(own, listing, context, MOST_LEVELS - 1);
      if (filter === undefined || id === undefined || others.length > 0) continue;
      if (calls.some((call) => call.query[filter.name] === id)) continue;
      return { target: last.target, method: last.method, path: last.path, query: { [filter.name]: id } };
    }
  }
  return undefined;
}

function lookFor(
  choice: ListChoice,
  operation: Operation,
  context: PlanningContext,
  levels = MOST_LEVELS,
): Request | undefined {
  const references = referencesOf(choice, operation, context);
  for (const { listing } of references) {
    const calls = successfulCalls(context, listing);
    if (calls.length === 0) {
      const isRefused = context.progress.calls.some((call) => call.operation === listing);
      if (isRefused) continue;
      return { target: listing.target, method: listing.call, path: listing.path };
    }
    if (idsCalled(choice, listing, context, levels - 1).size > 0) return undefined;
    const further = searchByName(choice, listing, context);
    if (further !== undefined) return further;
  }
  if (levels > 1)
    for (const { listing } of references) {
      const further = lookFor(choice, listing, context, levels - 1);
      if (further !== undefined) return further;
    }
  return undefined;
}

/**
 * The ids of the things of a list that are called so, else of those that are about such a thing.
 * @param levels of lists that may be looked through for that
 */
function idsCalled(
  choice: ListChoice,
  listing: Operation,
  context: PlanningContext,
  levels: number,
): Set<string> {
  const fields = itemFields(listing);
  const own = fields.find(({ leaf }) => isPlainIdName(leaf));
  const shown = itemsShown(listing, context);
  const found = shown
    .map((item) => ({ item, match: matchOfItem(item, choice, listing) }))
    .filter(({ match }) => match > 0);
  const most = Math.max(0, ...found.map(({ match }) => match));
  const related = found.length > 0 || levels < 1 ? undefined : relatedTo(choice, listing, context, levels);
  const meant =
    related === undefined
      ? found.flatMap(({ item, match }) => (match < most ? [] : [item]))
      : shown.filter(related);
  const ids = meant.flatMap((item) => {
    const id = own === undefined ? undefined : readItem(item, own, fields);
    return id === undefined || id === null || isComposite(id) ? [] : String(id);
  });
  return new Set(ids);
}

/** What the items of a list are about by their ids, where another list has such things: those that the goal names first. */
function referencesOf(choice: ListChoice, operation: Operation, context: PlanningContext): Reference[] {
  const { called } = choice;
  if (called === undefined || called.numbered !== undefined) return [];
  // `The desk Birch` is called so itself.
  const own = resultNouns(subjectOf(operation));
  if (!called.of && called.nouns.some((noun) => own.includes(noun))) return [];
  // A note on Ruth Amsel is none on what she examines.
  if (choice.clauses.some(isTextFor) && !choice.clauses.some((clause) => speaksOf(clause, own))) return [];
  const said = new Set(choice.clauses.flatMap(({ object }) => [...object.nouns.keys()]));
  const isSaid = ({ key }: Reference): number =>
    said.has(nounOf(key)) || called.nouns.includes(nounOf(key)) ? 0 : 1;
  const items = itemsShown(operation, context);
  // `dog: 3` or `volcano: "KER"`, where there is a list of dogs, or of volcanoes.
  const named = items
    .flatMap(keysOfCodes)
    // A state is no district, though people may call one so.
    .filter(
      (key) =>
        !itemFields(operation).some(({ leaf, enum: options }) => leaf === key && options !== undefined),
    )
    .filter((key) => listOf(nounOf(key), operation, context) !== undefined);
  const keys = new Set([...items.flatMap(keysOf), ...named]);
  return [...keys]
    .flatMap((key) => {
      const listing = listOf(nounOf(key), operation, context);
      return listing === undefined ? [] : { key, listing };
    })
    .sort((one, two) => isSaid(one) - isSaid(two))
    .slice(0, MOST_LISTS);
}

/** Whether a clause sets a text of what it names: `set the note of Ruth Amsel to "..."`. */
const isTextFor = ({ verb, quoted, labels }: Clause): boolean =>
  verb === "~update" && quoted.length > 0 && labels.some((label) => /\bto\s*$/.test(label));

/** Whether a clause has a noun of things, or one that is akin to it. */
const speaksOf = ({ weights, object }: Clause, nouns: readonly string[]): boolean =>
  object.refers ||
  [...weights.keys()].some((word) => nouns.some((noun) => word === noun || areKin(word, noun)));

const keysOf = (item: Json): string[] =>
  isJsonObject(item)
    ? Object.entries(item).flatMap(([key, value]) =>
        isIdName(key) && !isPlainIdName(key) && value !== null && !isComposite(value) ? key : [],
      )
    : [];

/** The keys of whole numbers and of codes that are called by one word, as what an item is about may be. */
const keysOfCodes = (item: Json): string[] =>
  isJsonObject(item)
    ? Object.entries(item).flatMap(([key, value]) =>
        isCode(value) && /^\p{L}+$/u.test(key) && plain(key) === key ? key : [],
      )
    : [];

const isCode = (value: Json): boolean =>
  isNumber(value)
    ? Number.isInteger(Number(value))
    : typeof value === "string" && /^[\w.-]{1,40}$/.test(value);

const nounOf = (key: string): string => stem(lastWord(plain(withoutIdSuffix(key))));

/** The list of the things that a noun names, which needs nothing to be read. */
const listOf = (
  noun: string,
  { target, ...own }: Operation,
  { catalog }: PlanningContext,
): Operation | undefined =>
  catalog.operations.find(
    (other) =>
      other.target === target &&
      other.key !== own.key &&
      other.list !== undefined &&
      !other.writes &&
      !other.inputs.some(({ required }) => required) &&
      resultNouns(subjectOf(other)).some((name) => areKin(name, noun)),
  );
