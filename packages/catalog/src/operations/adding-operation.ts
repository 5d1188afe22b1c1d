import { lastPart } from "@ape/core/protocol/operations/path-words";
import { inputChangedBy } from "../checks/change-by-amount.ts";
import type { Clause } from "../goal/clause.ts";
import { VERB_CLASSES } from "../words/lexicon.ts";
import { plain, stem, stemsOf, type WeightedTokens } from "../words/words.ts";
import { type Field, isReference, isText } from "./field.ts";
import { namesMade } from "./made-resource.ts";
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
 * /playlists/{id}/songs`, `put a good into the basket` is `POST /basket/entries`, if it is the only one that takes something
 * for what is named or was made last.
 * @param before the operations of earlier calls, latest last
 */
export function puttingOperation(
  clause: Clause,
  { operations }: OperationCatalog,
  before: readonly Operation[],
): Operation | undefined {
  const { verb, active, quoted, text, another } = clause;
  if (!active || verb !== "~add" || quoted.length > 0) return undefined;
  const [, pronoun, place] = INTO.exec(text) ?? [];
  const last = before.findLast(({ method }) => method === "POST");
  // A second thing goes into what the first one was put into.
  const within = another && last !== undefined ? subjectOf(last).within : undefined;
  const made =
    before.findLast(
      (one) => within !== undefined && one.method === "POST" && subjectOf(one).collection === within,
    ) ?? last;
  if (pronoun !== undefined && (made === undefined || isKnown(clause, operations))) return undefined;
  const fitting = operations.filter((operation) => {
    const { within, verbClass, collection } = subjectOf(operation);
    if (verbClass !== "create" || !operation.inputs.some(isTaken)) return false;
    if (pronoun !== undefined)
      return operation.target === made?.target && within === subjectOf(made).collection;
    return place !== undefined && outerOf(collection).some((word) => kinship(stem(plain(place)), word) > 0);
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}

/**
 * The update by which a named text is written into the thing at hand, where nothing makes such things: `leave the note "..."`, for
 * the `note` of `PATCH /rehearsals/{id}`.
 * @param before the operations of earlier calls, latest last
 */
export function notingOperation(
  clause: Clause,
  { operations }: OperationCatalog,
  before: readonly Operation[],
): Operation | undefined {
  const { verb, active, quoted, object } = clause;
  const made = before.findLast(({ method }) => method === "POST");
  if (!active || quoted.length !== 1 || verb === undefined || VERB_CLASSES.get(verb) !== "create")
    return undefined;
  const [noun] = [...object.nouns].flatMap(([own, weight]) => (weight === 1 ? [own] : []));
  if (made === undefined || noun === undefined) return undefined;
  return operations.find(
    (operation) =>
      operation.target === made.target &&
      (operation.method === "PATCH" || operation.method === "PUT") &&
      isOfOne(operation, made) &&
      operation.inputs.some(
        (field) =>
          field.in === "body" &&
          isText(field) &&
          !isReference(field) &&
          stemsOf(field.leaf).join(" ") === noun,
      ),
  );
}

/** The update of the thing at hand that a clause changes by an amount, where no operation is called so: `extend it by 3 months`. */
export function changingOperation(
  clause: Clause,
  { operations }: OperationCatalog,
  before: readonly Operation[],
): Operation | undefined {
  const made = before.findLast(({ method }) => method === "POST");
  if (made === undefined || !clause.active || !clause.object.refers) return undefined;
  return operations.find(
    (operation) =>
      operation.target === made.target &&
      isOfOne(operation, made) &&
      inputChangedBy(clause, operation) !== undefined,
  );
}

/** Whether an operation is about a thing itself that another one makes: `/tickets/{id}` of `POST /shows/{id}/tickets`. */
function isOfOne(operation: Operation, made: Operation): boolean {
  if (!operation.path.endsWith("}")) return false;
  if (operation.path.startsWith(`${subjectOf(made).collection}/{`)) return true;
  const [only, ...others] = operation.inputs.filter((field) => field.in === "path");
  return only !== undefined && others.length === 0 && namesMade(only, operation, made);
}

const INTO =
  /\b(?:to|into|onto|in|on) (?:(it|them|this|that)\b|(?:the |my |your |an? )?(?:\w+ )??(\w+)(?=[.,;]|$| for\b| with\b))/i;

const isTaken = (field: Field): boolean => field.in === "body" && field.required && isReference(field);

const isKnown = ({ object }: Clause, operations: readonly Operation[]): boolean =>
  operations.some((operation) =>
    ownNouns(subjectOf(operation)).some((noun) =>
      [...object.nouns.keys()].some((own) => kinship(own, noun) > 0),
    ),
  );

/** Stems of what a collection is in: `basket` of `/basket/entries`, `playlist` of `/playlists/{id}/songs`. */
const outerOf = (collection: string): string[] =>
  collection
    .replaceAll(/\{[^}]*\}/g, "")
    .split("/")
    .filter((part) => part !== "")
    .slice(0, -1)
    .flatMap((part) => stemsOf(part));

/** Whether a clause names a thing, or a call before has made it: the reservation in `add a note to the booking`. */
function isMeant(thing: string, weights: WeightedTokens, made: Operation | undefined): boolean {
  for (const token of weights.keys()) if (kinship(token, thing) > 0) return true;
  if (made === undefined) return false;
  return subjectOf(made).nouns.get(thing) === 1 || isMadeBy(thing, made);
}

const isWritten = (field: Field): boolean =>
  field.in === "body" && field.required && isText(field) && field.enum === undefined && !isReference(field);
