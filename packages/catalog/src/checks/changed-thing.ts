import type { Json } from "@ape/core/lib/json";
import { isMethod } from "@ape/core/protocol/operations/operation";
import type { Field } from "../operations/field.ts";
import type { Operation } from "../operations/operation-catalog.ts";
import { subjectOf } from "../operations/operation-subject.ts";
import { stateAfter } from "../operations/state-change.ts";
import type { GoalPart } from "./goal-parts.ts";
import type { ThingRead } from "./thing-read.ts";

/** A part of a goal that changes something by a known operation. */
export type ChangePart = GoalPart & { operation: Operation };

/** A thing that a goal makes or changes, and what a read must show of it. */
export interface Thing {
  part: GoalPart;
  read: ThingRead;
  captures: Map<Field, string>;
  expected: Map<Field, Json>;
  /** The later part that the read must wait for. */
  last: GoalPart | undefined;
  isGone: boolean;
  proves: string[];
}

/** Whether a part changes or removes the thing itself, and does not only add something to it. */
export function actsOnThing({ operation }: ChangePart, { part, read }: Thing): boolean {
  const making = part.operation;
  if (making === undefined || operation.target !== making.target) return false;
  const { verbClass, collection, isAction } = subjectOf(operation);
  if (!isMethod(operation.call)) return verbClass !== "create";
  if (operation.method === "POST" && !isAction) return false;
  const own = subjectOf(making).collection;
  return (
    collection === own ||
    collection === subjectOf(read.operation).collection ||
    operation.path.startsWith(`${read.operation.path}/`)
  );
}

/** Adds to a thing what a later part does to it. */
export function applyTo(thing: Thing, part: ChangePart): void {
  const { operation, text } = part;
  const removes =
    operation.method === "DELETE" ||
    (!isMethod(operation.call) && subjectOf(operation).verbClass === "delete");
  if (removes && stateField(thing.read.fields, part) === undefined) {
    // A thing that GraphQL does not find may be an error or null: only a list shows that it is gone.
    thing.isGone = isMethod(operation.call) || thing.read.isList;
    thing.last = part;
    if (thing.isGone) thing.proves = [text];
    return;
  }
  const shown = shownIn(thing.read.fields, part);
  if (shown.size === 0) return;
  for (const [field, value] of shown) thing.expected.set(field, value);
  thing.last = part;
  thing.proves.push(text);
}

const stateField = (fields: readonly Field[], { clause }: GoalPart): Field | undefined =>
  fields.find((field) => stateAfter(clause, field) !== undefined);

/** The fields of an answer that show what a part asks for: values that the goal names, and the state that its verb means. */
export function shownIn(fields: readonly Field[], part: GoalPart): Map<Field, Json> {
  const shown = new Map<Field, Json>();
  for (const [input, value] of part.values) {
    const field = fields.find(({ leaf }) => leaf === input.leaf);
    if (field !== undefined) shown.set(field, value);
  }
  const state = stateField(fields, part);
  const value = state === undefined ? undefined : stateAfter(part.clause, state);
  if (state !== undefined && value !== undefined && !shown.has(state)) shown.set(state, value);
  return shown;
}
