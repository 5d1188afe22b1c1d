import { fieldOfVerb } from "../../operations/field-of-verb.ts";
import type { Operation } from "../../operations/operation-catalog.ts";
import { resultNouns, subjectOf } from "../../operations/operation-subject.ts";
import { stemsOf } from "../../words/words.ts";
import type { Clause } from "../clause.ts";
import type { ConstrainedStep } from "../constrained-step.ts";
import { type ThingName, thingNamed } from "./thing-name.ts";

/**
 * The name that says which thing a step acts on, and so is a value of none of its inputs: `publish the essay "On rain"`, `set the
 * condition of the Altar cloth to poor`, `propose a treatment of the Kilim`. What the verb itself sets is a value: `rename the
 * board "A"`.
 */
export function namedThing({ operation, bindings }: ConstrainedStep, clause: Clause): ThingName | undefined {
  const name = thingNamed(clause);
  if (name === undefined) return undefined;
  // `A repair of the kind "oil"` gives the kind.
  const isOfField = operation.inputs.some(
    (field) => field.in === "body" && stemsOf(field.leaf).join(" ") === name.nouns.join(" "),
  );
  if (isOfField) return undefined;
  const isChosen = [...bindings].some(([field, { kind }]) => field.in === "path" && kind === "choice");
  if (isChosen && name.of) return name;
  const isUpdate = operation.method === "PUT" || operation.method === "PATCH";
  if (!isUpdate || !operation.inputs.some(({ in: place }) => place === "path")) return undefined;
  const nouns = resultNouns(subjectOf(operation));
  if (!name.of && !name.nouns.some((noun) => nouns.includes(noun))) return undefined;
  return fieldOfVerb(clause, operation) === undefined || hasNewText(clause, name) ? name : undefined;
}

/** Whether a clause gives another quoted text as the new value: `rename the board "A" to "B"`. */
const hasNewText = ({ quoted, labels }: Clause, { text: name }: ThingName): boolean =>
  quoted.some((text, at) => text !== name && /\b(?:to|as|into)\W*$/.test(labels[at] ?? ""));

/** Whether a name is only a word that an operation itself has, written in capitals. */
export function isWordOf({ text }: ThingName, operation: Operation): boolean {
  const { words, nouns } = subjectOf(operation);
  return stemsOf(text).every((word) => words.has(word) || nouns.has(word));
}
