import type { Json } from "@ape/core/lib/json";
import { type Field, isNumeric, isText } from "../operations/field.ts";
import type { ExpectedValue } from "./check-draft.ts";
import type { ChangePart, GoalPart } from "./goal-parts.ts";
import type { ListEntry } from "./list-entry.ts";
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
  /** Fields that a later part may have changed in an unknown way: nothing is expected of them after that. */
  stale: Set<Field>;
  /** Entries that lists of the read must have, or must no longer have. */
  entries: ListEntry[];
  /** The later part that the read must wait for. */
  last: ChangePart | undefined;
  /** Set where the thing is removed: `state` is what it shows if it can still be read. */
  removal: { state: readonly [Field, ExpectedValue] | undefined } | undefined;
  /** The read is of something else than what the part made: it waits for the part. */
  isRelated?: true;
  /** Texts that the read must show, by which the goal tells the thing from others. */
  shows: string[];
  /** The parts that it proves beside those of what is expected. */
  proves: GoalPart[];
}

/** A thing of which nothing is expected yet but what `more` says. */
export const newThing = (
  part: ChangePart,
  read: ThingRead,
  more: Partial<Pick<Thing, "expected" | "entries" | "removal" | "isRelated" | "shows">> = {},
): Thing => ({
  part,
  read,
  expected: new Map(),
  stale: new Set(),
  entries: [],
  last: undefined,
  shows: [],
  removal: undefined,
  proves: [part],
  ...more,
});

export const isAnswered = (value: ExpectedValue | AnsweredValue): value is AnsweredValue =>
  typeof value === "object" && value !== null && "differs" in value;

/** That a value is another one than what the answer showed that made the thing. */
export function changedFrom(thing: Thing, field: Field): ExpectedValue | AnsweredValue | undefined {
  const before = thing.expected.get(field)?.value;
  if (before !== undefined && !isAnswered(before)) return isPlain(before) ? { ne: before } : undefined;
  if (before !== undefined) return before;
  const own = topFields(thing.part.operation.answers).find(({ leaf }) => leaf === field.leaf);
  if (own === undefined || !(isText(own) || isNumeric(own))) return undefined;
  return { of: thing.part, field: own, differs: true };
}

const isPlain = (value: ExpectedValue): value is Json => typeof value !== "object" || value === null;
