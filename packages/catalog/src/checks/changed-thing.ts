import type { Json } from "@ape/core/lib/json";
import { isMethod } from "@ape/core/protocol/operations/operation";
import { type Field, isMoney, isNumeric, isReference, isText } from "../operations/field.ts";
import { collectionPath } from "../operations/made-resource.ts";
import type { Operation } from "../operations/operation-catalog.ts";
import { ownNouns, subjectOf } from "../operations/operation-subject.ts";
import { plain, stem } from "../words/words.ts";
import type { ExpectedValue } from "./check-draft.ts";
import type { ChangePart, GoalPart } from "./goal-parts.ts";
import { entryInList, type ListEntry } from "./list-entry.ts";
import { type ChangeByAmount, changedNumber, relativeChange } from "./relative-change.ts";
import { shownIn } from "./shown-change.ts";
import { removedState } from "./soft-removal.ts";
import { type ThingRead, topFields } from "./thing-read.ts";

/** A value of an earlier answer that a read is compared with. */
export interface AnsweredValue {
  of: ChangePart;
  field: Field;
  /** The read must show another one: the value was changed since. */
  differs: boolean;
}

/** What a read must show in a field, and the part of the goal that this proves. */
export interface Expected {
  value: ExpectedValue | AnsweredValue;
  part: GoalPart;
}

/** A thing that a goal makes or changes, and what a read must show of it. */
export interface Thing {
  part: ChangePart;
  read: ThingRead;
  expected: Map<Field, Expected>;
  /** Entries that lists of the read must have, or must no longer have. */
  entries: ListEntry[];
  /** The later part that the read must wait for. */
  last: ChangePart | undefined;
  /** Set where the thing is removed: `state` is what it shows if it can still be read. */
  removal: { state: readonly [Field, ExpectedValue] | undefined } | undefined;
  /** The read is of something else than what the part made: it waits for the part. */
  isRelated?: true;
  /** The parts that it proves beside those of what is expected. */
  proves: GoalPart[];
}

export const isAnswered = (value: ExpectedValue | AnsweredValue): value is AnsweredValue =>
  typeof value === "object" && value !== null && "differs" in value;

/** Whether a part changes or removes the thing itself, and does not only add something to it. */
export function actsOnThing({ operation }: ChangePart, { part, read }: Thing): boolean {
  if (operation.target !== part.operation.target) return false;
  const { verbClass, collection, isAction } = subjectOf(operation);
  if (!isMethod(operation.call)) return verbClass !== "create";
  if (operation.method === "POST" && !isAction) return false;
  const own = subjectOf(part.operation).collection;
  return (
    collection === own ||
    collection === subjectOf(read.operation).collection ||
    operation.path.startsWith(`${read.operation.path}/`)
  );
}

/** Adds to a thing what a later part does to it; returns whether the read shows that. */
export function applyTo(thing: Thing, part: ChangePart): boolean {
  if (removes(part.operation) && !isOfPartOnly(part.operation)) return applyRemoval(thing, part);
  const { read } = thing;
  const after = new Map<Field, Expected["value"]>(shownIn(read.fields, part));
  const relative = relativeChange(part.clause);
  const changed = relative === undefined ? undefined : changedNumber(read.fields, relative);
  if (relative !== undefined && changed !== undefined) {
    const value = valueAfter(thing, changed, relative);
    if (value !== undefined) after.set(changed, value);
  }
  for (const [field, value] of countersOf(thing, part)) if (!after.has(field)) after.set(field, value);
  const unknown = inputFieldsOf(part, read.fields).filter((field) => !after.has(field));
  if (relative === undefined)
    for (const field of unknown.filter((one) => namesField(part, one))) {
      const value = changedFrom(thing, field);
      if (value !== undefined) after.set(field, value);
    }
  return expectAfter(thing, part, after, unknown);
}

/** What the thing shows of a part that adds something to it: an entry of a list, a sum. */
export function addTo(thing: Thing, part: ChangePart): boolean {
  const entry = entryInList(thing.read, part);
  if (entry !== undefined) thing.entries.push(entry);
  const isShown = expectAfter(thing, part, new Map(sumsOf(thing, part)), []);
  if (entry === undefined) return isShown;
  thing.last = part;
  return true;
}

function expectAfter(
  thing: Thing,
  part: ChangePart,
  after: ReadonlyMap<Field, Expected["value"]>,
  unknown: readonly Field[],
): boolean {
  if (after.size === 0) return false;
  // Of a value that the part may have changed in an unknown way, nothing is known any more.
  for (const field of unknown) if (part.operation.method === "POST") thing.expected.delete(field);
  for (const [field, value] of after) thing.expected.set(field, { value, part });
  thing.last = part;
  return true;
}

const removes = (operation: Operation): boolean =>
  operation.method === "DELETE" || (!isMethod(operation.call) && subjectOf(operation).verbClass === "delete");

/** Whether a call removes something of a thing, and not the thing: `DELETE /posts/{id}/like`. */
const isOfPartOnly = ({ call, path }: Operation): boolean =>
  isMethod(call) && !collectionPath(path).endsWith("}");

/** A thing that was there before the goal began, and that a part removes; undefined where only a part of it is removed. */
export function removedThing(part: ChangePart, read: ThingRead): Thing | undefined {
  if (isOfPartOnly(part.operation) || read.isList || read.idField?.in !== "path") return undefined;
  const removal = { state: removedState(read.fields, part) };
  return { part, read, expected: new Map(), entries: [], last: undefined, removal, proves: [part] };
}

function applyRemoval(thing: Thing, part: ChangePart): boolean {
  const { read } = thing;
  const { operation } = part;
  const { collection } = subjectOf(operation);
  const entry = thing.entries.find((one) => subjectOf(one.part.operation).collection === collection);
  if (entry !== undefined) {
    entry.exists = false;
    thing.last = part;
    thing.proves = [part];
    return true;
  }
  const isItem =
    !isMethod(operation.call) ||
    collection === subjectOf(thing.part.operation).collection ||
    collection === subjectOf(read.operation).collection;
  if (!isItem || thing.isRelated === true) return false;
  const state = removedState(read.fields, part);
  // A thing that GraphQL does not find may be an error or null: only a list shows that it is gone.
  if (!isMethod(operation.call) && !read.isList) {
    if (state === undefined) return false;
    thing.expected.set(state[0], { value: state[1], part });
  } else thing.removal = { state };
  thing.last = part;
  thing.proves = [part];
  return true;
}

/** A number after a change by an amount: computed from what the goal says, else another one than before. */
function valueAfter(
  thing: Thing,
  field: Field,
  relative: ChangeByAmount,
): ExpectedValue | AnsweredValue | undefined {
  const before = thing.expected.get(field)?.value;
  if (typeof before === "number") return relative.of(before) ?? { ne: before };
  return changedFrom(thing, field);
}

/** That a value is another one than what the answer showed that made the thing. */
function changedFrom(thing: Thing, field: Field): ExpectedValue | AnsweredValue | undefined {
  const before = thing.expected.get(field)?.value;
  if (before !== undefined && !isAnswered(before)) return isPlain(before) ? { ne: before } : undefined;
  if (before !== undefined) return before;
  const own = topFields(thing.part.operation.answers).find(({ leaf }) => leaf === field.leaf);
  if (own === undefined || !(isText(own) || isNumeric(own))) return undefined;
  return { of: thing.part, field: own, differs: true };
}

const isPlain = (value: ExpectedValue): value is Json => typeof value !== "object" || value === null;

/** The fields of a thing that an operation takes in its body. */
const inputFieldsOf = ({ operation }: ChangePart, fields: readonly Field[]): Field[] =>
  fields.filter((field) =>
    operation.inputs.some(({ in: place, leaf }) => place === "body" && leaf === field.leaf),
  );

/** Whether a part names a field as what it changes. */
function namesField({ clause }: ChangePart, { leaf }: Field): boolean {
  const words = plain(leaf).split(" ").map(stem);
  return words.every((word) => clause.object.nouns.has(word));
}

/** Numbers that count an action: shown by its own answer, or other than they were when the thing was made. */
function countersOf(thing: Thing, part: ChangePart): Map<Field, AnsweredValue> {
  const counters = new Map<Field, AnsweredValue>();
  const { operation } = part;
  const isTaken = operation.method === "DELETE";
  if (!isMethod(operation.call) || (!subjectOf(operation).isAction && !isTaken)) return counters;
  for (const field of thing.read.fields) {
    if (!isServersNumber(field, thing.part.operation, operation)) continue;
    const own = topFields(operation.answers).find((one) => one.leaf === field.leaf && isNumeric(one));
    const value =
      isTaken || !isCalledBy(field, operation)
        ? own && { of: part, field: own, differs: false }
        : changedFrom(thing, field);
    if (value !== undefined && isAnswered(value)) counters.set(field, value);
    // What it was before the action was taken back is not known.
    else if (isTaken && isCalledBy(field, operation)) thing.expected.delete(field);
  }
  return counters;
}

/** Numbers of a thing that follow from what is added to it: `balance` after a deposit, `commentCount` after a comment. */
function sumsOf(thing: Thing, part: ChangePart): [Field, AnsweredValue][] {
  const { operation } = part;
  const paid = operation.inputs.some((field) => field.in === "body" && isNumeric(field) && isSum(field));
  return thing.read.fields.flatMap((field): [Field, AnsweredValue][] => {
    if (!isServersNumber(field, thing.part.operation, operation)) return [];
    if (!isCalledBy(field, operation) && !(paid && isSum(field))) return [];
    const value = changedFrom(thing, field);
    return value !== undefined && isAnswered(value) ? [[field, value]] : [];
  });
}

const isSum = (field: Field): boolean => isMoney(field) || /\b(?:balance|credit|amount)\b/.test(field.words);

/** Whether a number of a thing is none that a caller gives. */
const isServersNumber = (field: Field, ...operations: readonly Operation[]): boolean =>
  isNumeric(field) &&
  !isReference(field) &&
  !operations.some(({ inputs }) =>
    inputs.some(({ in: place, leaf }) => place === "body" && leaf === field.leaf),
  );

/** Whether a field has the name of what an operation does or makes: `likes` of `/like`, `commentCount` of `/comments`. */
function isCalledBy({ leaf }: Field, operation: Operation): boolean {
  const subject = subjectOf(operation);
  const last = plain(operation.path.split("/").findLast((part) => !part.includes("{")) ?? "")
    .split(" ")
    .map(stem);
  const names = new Set([...last, ...(subject.isAction ? [] : ownNouns(subject))]);
  return plain(leaf)
    .split(" ")
    .some((word) => names.has(stem(word)));
}
