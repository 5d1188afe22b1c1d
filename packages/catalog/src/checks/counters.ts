import { isMethod } from "@ape/core/protocol/operations/operation";
import { type Field, isMoney, isNumeric, isReference } from "../operations/field.ts";
import type { Operation } from "../operations/operation-catalog.ts";
import { ownNouns, subjectOf } from "../operations/operation-subject.ts";
import { plain, stem, stemsOf } from "../words/words.ts";
import type { ChangePart } from "./goal-parts.ts";
import { type AnsweredValue, changedFrom, isAnswered, type Thing } from "./thing.ts";
import { topFields } from "./thing-read.ts";

/**
 * Numbers that an action changes: its count, or the sum that an amount goes into. They are other than they were when the thing
 * was made; where that is not known, or the action was taken back, they are what its answer says.
 */
export function countersOf(thing: Thing, part: ChangePart): Map<Field, AnsweredValue> {
  const counters = new Map<Field, AnsweredValue>();
  const { operation } = part;
  const isTaken = operation.method === "DELETE";
  if (!isMethod(operation.call) || (!subjectOf(operation).isAction && !isTaken)) return counters;
  for (const field of numbersOf(thing, operation)) {
    const before = isTaken ? undefined : changedFrom(thing, field);
    const own = topFields(operation.answers).find((one) => one.leaf === field.leaf && isNumeric(one));
    const after = own && { of: part, field: own, differs: false };
    const value = before !== undefined && isAnswered(before) ? before : after;
    if (value !== undefined) counters.set(field, value);
    // What it was before the action was taken back is not known.
    else if (isTaken) thing.expected.delete(field);
  }
  return counters;
}

/** Numbers of a thing that follow from what is added to it: `balance` after a deposit, `commentCount` after a comment. */
export function sumsOf(thing: Thing, part: ChangePart): [Field, AnsweredValue][] {
  return numbersOf(thing, part.operation).flatMap((field): [Field, AnsweredValue][] => {
    const value = changedFrom(thing, field);
    return value !== undefined && isAnswered(value) ? [[field, value]] : [];
  });
}

/** The numbers of a thing that an operation changes. Others, such as how often it was read, change by themselves. */
const numbersOf = ({ part, read }: Thing, operation: Operation): Field[] =>
  read.fields.filter(
    (field) =>
      isServersNumber(field, part.operation, operation) &&
      (isCalledBy(field, operation) || (takesSum(operation) && isSum(field))),
  );

const isSum = (field: Field): boolean => isMoney(field) || /\b(?:balance|credit|amount)\b/.test(field.words);

/** Whether a caller gives an operation an amount of money. */
const takesSum = ({ inputs }: Operation): boolean =>
  inputs.some((field) => field.in === "body" && isNumeric(field) && isSum(field));

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
  const last = stemsOf(operation.path.split("/").findLast((part) => !part.includes("{")) ?? "");
  const names = new Set([...last, ...(subject.isAction ? [] : ownNouns(subject))]);
  return plain(leaf)
    .split(" ")
    .some((word) => names.has(stem(word)));
}
