import { lastPart } from "@ape/core/protocol/operations/path-words";
import type { Clause } from "../goal/clause.ts";
import { VERB_CLASSES } from "../words/lexicon.ts";
import type { WeightedTokens } from "../words/words.ts";
import { type Field, isReference, isText } from "./field.ts";
import { kinship } from "./operation-agreement.ts";
import type { Operation, OperationCatalog } from "./operation-catalog.ts";
import { isMadeBy, ownNouns, subjectOf } from "./operation-subject.ts";

/**
 * The operation that adds a text to a thing, where its noun is none of the goal's: `add the note "..." to the ticket` is
 * `POST /tickets/{id}/remarks`, if it is the only one that writes a text into what is named or was made last.
 * @param before the operations of earlier calls, latest last
 */
export function addingOperation(
  clause: Clause,
  catalog: OperationCatalog,
  before: readonly Operation[],
): Operation | undefined {
  const { verb, active, quoted, weights } = clause;
  if (!active || quoted.length === 0 || verb === undefined || VERB_CLASSES.get(verb) !== "create")
    return undefined;
  const made = before.findLast(({ method }) => method === "POST");
  const place = made === undefined ? undefined : lastPart(subjectOf(made).collection);
  const fitting = catalog.operations.filter((operation) => {
    const { within, verbClass, actsOn } = subjectOf(operation);
    if (operation === made || verbClass !== "create" || !operation.inputs.some(isWritten)) return false;
    if (within === undefined) return [...actsOn].some((thing) => isMeant(thing, weights, made));
    const last = lastPart(within);
    return last === place || [...weights.keys()].some((token) => last.startsWith(token));
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}

/**
 * The operation that puts one thing into another, where its noun is none of the goal's: `add a tune to it` is `POST
 * /playlists/{id}/songs`, if it is the only one that takes something for what was made last, and nothing here is called so.
 * @param before the operations of earlier calls, latest last
 */
export function puttingOperation(
  clause: Clause,
  { operations }: OperationCatalog,
  before: readonly Operation[],
): Operation | undefined {
  const { verb, active, quoted, object, text } = clause;
  if (!active || verb !== "~add" || quoted.length > 0 || object.nouns.size === 0 || !TO_THING.test(text))
    return undefined;
  const isKnown = operations.some((operation) =>
    ownNouns(subjectOf(operation)).some((noun) =>
      [...object.nouns.keys()].some((own) => kinship(own, noun) > 0),
    ),
  );
  const made = before.findLast(({ method }) => method === "POST");
  if (isKnown || made === undefined) return undefined;
  const { collection } = subjectOf(made);
  const fitting = operations.filter((operation) => {
    const { within, verbClass } = subjectOf(operation);
    if (operation.target !== made.target || within !== collection || verbClass !== "create") return false;
    return operation.inputs.some((field) => field.in === "body" && field.required && isReference(field));
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}

const TO_THING = /\b(?:to|into|onto|in|on) (?:it|them|this|that)\b/i;

/** Whether a clause names a thing, or a call before has made it: the reservation in `add a note to the booking`. */
function isMeant(thing: string, weights: WeightedTokens, made: Operation | undefined): boolean {
  for (const token of weights.keys()) if (kinship(token, thing) > 0) return true;
  if (made === undefined) return false;
  return subjectOf(made).nouns.get(thing) === 1 || isMadeBy(thing, made);
}

const isWritten = (field: Field): boolean =>
  field.in === "body" && field.required && isText(field) && field.enum === undefined && !isReference(field);
