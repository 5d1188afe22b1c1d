import { isPlainIdName } from "@ape/core/protocol/id-name";
import { isMethod } from "@ape/core/protocol/operations/operation";
import type { Operation } from "../operations/operation-catalog.ts";
import { subjectOf } from "../operations/operation-subject.ts";
import { plain, stem } from "../words/words.ts";
import { answeredType } from "./thing-read.ts";

/** Whether an operation leaves something new behind. */
export function makesThing(operation: Operation): boolean {
  const { verbClass, isAction, actsOn } = subjectOf(operation);
  if (isAction || operation.method !== "POST") return false;
  if (isMethod(operation.call)) return !operation.path.endsWith("}");
  if (verbClass === "update" || verbClass === "delete") return false;
  if (operation.inputs.some(({ leaf }) => isPlainIdName(leaf))) return false;
  // `confirmBooking(bookingId: ID!): Booking!` answers what was there before.
  return !plain(answeredType(operation) ?? "")
    .split(" ")
    .some((word) => actsOn.has(stem(word)));
}
