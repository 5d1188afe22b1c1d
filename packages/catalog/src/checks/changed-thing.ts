import { isMethod } from "@ape/core/protocol/operations/operation";
import { type Field, isNumeric, isReference } from "../operations/field.ts";
import { collectionPath } from "../operations/made-resource.ts";
import type { Operation } from "../operations/operation-catalog.ts";
import { subjectOf } from "../operations/operation-subject.ts";
import { plain, stemsOf } from "../words/words.ts";
import { assertedIn } from "./assertions/asserted-value.ts";
import { type ChangeByAmount, changeByAmount, changedNumber } from "./change-by-amount.ts";
import type { ExpectedValue } from "./check-draft.ts";
import { countersOf, sumsOf } from "./counters.ts";
import { fieldOfAction } from "./field-of-action.ts";
import type { ChangePart } from "./goal-parts.ts";
import { entryInList } from "./list-entry.ts";
import { removedState } from "./removal/soft-removal.ts";
import { shownIn } from "./shown-change.ts";
import { type AnsweredValue, changedFrom, type Expected, newThing, type Thing } from "./thing.ts";
import { readWith, type ThingRead } from "./thing-read.ts";

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
  for (const [field, value] of assertedIn(read.fields, part.asserted)) after.set(field, value);
  const relative = changeByAmount(part.clause, part.operation);
  const changed = relative === undefined ? undefined : numberChanged(thing, part, relative);
  if (relative !== undefined && changed !== undefined) {
    const value = valueAfter(thing, changed, relative);
    if (value !== undefined) after.set(changed, value);
  }
  const named =
    relative === undefined && after.size === 0 ? fieldOfAction(read.operation.answers, part) : undefined;
  if (named !== undefined) {
    after.set(...named);
    thing.read = readWith(thing.read, named[0]);
  }
  for (const [field, value] of countersOf(thing, part)) if (!after.has(field)) after.set(field, value);
  const unknown = inputFieldsOf(part, read.fields).filter((field) => !after.has(field));
  if (relative === undefined)
    for (const field of unknown.filter((one) => namesField(part, one) && !isWithin(one, [...after.keys()]))) {
      const value = changedFrom(thing, field);
      if (value !== undefined) after.set(field, value);
    }
  for (const field of statesLeft(thing, part)) if (!after.has(field)) thing.expected.delete(field);
  // What an update takes it keeps where the goal says nothing of it; an action does with it what it is for.
  if (part.operation.method === "POST") for (const field of unknown) thing.stale.add(field);
  // An amount in another unit: of half an hour a number of hours may have changed, too.
  if (relative !== undefined && changed === undefined)
    for (const field of read.fields.filter(isNumeric)) {
      thing.stale.add(field);
      thing.expected.delete(field);
    }
  return expectAfter(thing, part, after);
}

/** The states of a thing that an action may have changed, as no caller gives them: `placed` after `confirm it`. */
const statesLeft = ({ part, read }: Thing, { operation }: ChangePart): Field[] =>
  subjectOf(operation).isAction || (operation.call === "mutation" && operation !== part.operation)
    ? read.fields.filter(
        ({ leaf, enum: options }) =>
          options !== undefined &&
          ![part.operation, operation].some(({ inputs }) => inputs.some((input) => input.leaf === leaf)),
      )
    : [];

/** What the thing shows of a part that adds something to it: an entry of a list, a sum. */
export function addTo(thing: Thing, part: ChangePart): boolean {
  const relative = changeByAmount(part.clause, part.operation);
  if (relative !== undefined) return applyAmount(thing, part, relative);
  const entry = entryInList(thing.read, part);
  if (entry !== undefined) thing.entries.push(entry);
  const isShown = expectAfter(thing, part, new Map(sumsOf(thing, part)));
  if (entry === undefined) return isShown;
  thing.last = part;
  return true;
}

/** The number of a thing that a change by an amount is about: by its unit, else the only one that the operation takes. */
function numberChanged(
  { read }: Thing,
  { operation }: ChangePart,
  relative: ChangeByAmount,
): Field | undefined {
  const unit = changedNumber(read.fields, relative);
  if (unit !== undefined || relative.hasUnit) return unit;
  const [only, ...others] = read.fields.filter(
    (field) =>
      isNumeric(field) &&
      !isReference(field) &&
      operation.inputs.some((input) => input.in === "body" && isNumeric(input) && input.leaf === field.leaf),
  );
  return others.length > 0 ? undefined : only;
}

/** A change by an amount that an operation of its own makes: `POST /bookings/{id}/extensions`. */
function applyAmount(thing: Thing, part: ChangePart, relative: ChangeByAmount): boolean {
  const numbers = thing.read.fields.filter((field) => isNumeric(field) && !isReference(field));
  const changed = numberChanged(thing, part, relative);
  const value = changed && valueAfter(thing, changed, relative);
  for (const field of numbers) thing.stale.add(field);
  if (changed !== undefined && value !== undefined) {
    thing.stale.delete(changed);
    return expectAfter(thing, part, new Map([[changed, value]]));
  }
  for (const field of numbers) thing.expected.delete(field);
  return false;
}

function expectAfter(thing: Thing, part: ChangePart, after: ReadonlyMap<Field, Expected["value"]>): boolean {
  if (after.size === 0) return false;
  for (const field of thing.stale) thing.expected.delete(field);
  thing.stale.clear();
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
  return newThing(part, read, { removal: { state: removedState(read.fields, part) } });
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

/** The fields of a thing that an operation takes in its body, whatever stands before the name: `newDate` for `date`. */
const inputFieldsOf = ({ operation }: ChangePart, fields: readonly Field[]): Field[] =>
  fields.filter(({ leaf }) =>
    operation.inputs.some(
      (input) => input.in === "body" && ` ${plain(input.leaf)}`.endsWith(` ${plain(leaf)}`),
    ),
  );

/** Whether the words of a field are those of another one, which has more: `change the guest name` is not about `guests`. */
const isWithin = ({ leaf }: Field, others: readonly Field[]): boolean =>
  others.some((other) => stemsOf(leaf).every((word) => stemsOf(other.leaf).includes(word)));

/** Whether a part names a field as what it changes. */
function namesField({ clause }: ChangePart, { leaf }: Field): boolean {
  const words = stemsOf(leaf);
  return words.every((word) => clause.object.nouns.has(word));
}
