import type { Json } from "@ape/core/lib/json";
import { type Field, isNumeric, isText } from "../../operations/field.ts";
import { isNumberWord } from "../../operations/item-identifier.ts";
import type { Operation } from "../../operations/operation-catalog.ts";
import { ownNouns, subjectOf } from "../../operations/operation-subject.ts";
import { plain, stem } from "../../words/words.ts";
import type { Clause } from "../clause.ts";
import type { ConstrainedStep } from "../constrained-step.ts";
import { isIdOf, type NumberedThing, numberedThings } from "./numbered-thing.ts";

/**
 * Gives the number behind the noun of a thing to the input that takes the id of such a thing and that nothing else gives a value:
 * `cancel order 2` where no list shows orders, and to the number of what is made: `add room 12`.
 */
export function assignNumbered(step: ConstrainedStep, clause: Clause, constraints: Map<Field, Json>): void {
  const { operation, bindings } = step;
  for (const thing of numberedThings(clause)) {
    const field =
      operation.inputs.find(
        (one) => !bindings.has(one) && one.in !== "header" && isIdOf(thing, one, operation),
      ) ?? numberOfMade(thing, step);
    if (field === undefined || field.enum !== undefined) continue;
    if (isNumeric(field)) constraints.set(field, Number(thing.number));
    else if (isText(field)) constraints.set(field, thing.number);
  }
}

/** Whether a number is that of what an operation makes, which has an input for it. */
export const isTakenAsNumber = (thing: NumberedThing, operation: Operation): boolean =>
  numberOfMade(thing, { operation, clause: undefined, bindings: new Map() }) !== undefined;

/** The input for the number of what an operation makes: `number` and `roomNo` of a room. */
function numberOfMade({ noun }: NumberedThing, { operation, bindings }: ConstrainedStep): Field | undefined {
  const subject = subjectOf(operation);
  const nouns = ownNouns(subject);
  if (subject.verbClass !== "create" || subject.isAction || !nouns.includes(noun)) return undefined;
  return operation.inputs.find((field) => {
    const words = plain(field.leaf).split(" ");
    if (bindings.has(field) || field.in !== "body" || !isNumberWord(words.at(-1) ?? "")) return false;
    return words.slice(0, -1).every((word) => nouns.includes(stem(word)));
  });
}
