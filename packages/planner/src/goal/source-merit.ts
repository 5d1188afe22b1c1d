import { isByOptionalId } from "@ape/catalog/operations/by-optional-id";
import { type Field, isReference } from "@ape/catalog/operations/field";
import { collectionOfParameter } from "@ape/catalog/operations/item-identifier";
import type { Operation, OperationCatalog, Source } from "@ape/catalog/operations/operation-catalog";
import { operationSimilarity } from "@ape/catalog/operations/operation-match";
import { ownNouns, subjectOf } from "@ape/catalog/operations/operation-subject";
import { resultTypeNoun } from "@ape/catalog/operations/result-type";
import { plain, stem, stemsOf, tokens } from "@ape/catalog/words/words";
import { isPlainIdName } from "@ape/core/protocol/id-name";
import { isMethod } from "@ape/core/protocol/operations/operation";
import { lastPart } from "@ape/core/protocol/operations/path-words";

/** What it counts for a source that it is about the very kind of things that an input names, or is not. */
const OWN_ID = 0.2;
const JOINED_ID = 1.2;
/**
 * Whether a source only shows the very property that a call writes: the code of a new coupon is no other coupon's, the person
 * whom a task is given to is not the one who has it.
 */
export function isOwnProperty(owner: Operation, input: Field, { operation, field }: Source): boolean {
  if (input.in !== "body" || operation.target !== owner.target) return false;
  const { collection, verbClass } = subjectOf(owner);
  if (collection === "" || subjectOf(operation).collection !== collection) return false;
  if (verbClass === "create")
    return !ANOTHER_OF_KIND.test(input.words) && operation.answers.some(({ leaf }) => leaf === input.leaf);
  return (
    verbClass === "update" &&
    input.leaf === field.leaf &&
    !isPlainIdName(input.leaf) &&
    !isOwnId(input, owner)
  );
}

/** What a new thing has of another one of its kind. */
const ANOTHER_OF_KIND =
  /\b(?:parent|root|reply|replies|previous|original|source|duplicate|copy|template|related)\b/;

/** Collections that things are added to. */
const INTO = /\b(?:to|into|in|onto)(?: (?:the|a|an|your|their|customer|user|my|own))* (\w+)/;

/** Where a source's operation stands in a plan. */
interface PlaceInPlan {
  /** Index of its last step; negative if it has none. */
  at: number;
  /** Whether an earlier input chooses from what that step lists. */
  isChosenFrom: boolean;
}

/**
 * How likely an input takes its value from a source: those that the goal itself asks for come first, then reads without
 * inputs, then the rest.
 */
export function sourceMerit(
  owner: Operation,
  input: Field,
  { operation, field, listed, score }: Source,
  catalog: OperationCatalog,
  { at, isChosenFrom }: PlaceInPlan,
): number {
  let merit = score + 0.3 * operationSimilarity(operation, owner, catalog);
  if (isReference(input)) merit += isOwnId(input, operation) ? OWN_ID : -OWN_ID;
  if (isReference(input) && namesJoined(input, operation)) merit += JOINED_ID;
  const needs = operation.inputs.some(
    ({ in: place, required }) => required && (place === "path" || !isMethod(operation.call)),
  );
  if (isIdOfOther(field, input, operation)) merit -= 2;
  if (isOfPart(field, input, operation)) merit -= 0.3;
  if (at >= 0) merit += 0.6;
  else if (operation.writes) merit -= 0.4;
  if (listed && operation.writes) merit -= 0.5;
  // What belongs to other things in a thing that was just made: it has none yet.
  if (listed && isWithinMade(operation, field)) merit -= 1;
  if (!operation.writes && ((needs && !listed) || isByOptionalId(operation))) merit -= 0.6;
  if (operation.verb === "~remove") merit -= 0.5;
  const isItsList = collectionOfParameter(input, owner) === operation.path;
  // The ids of the things themselves are in their list, whether a document says so or not: none is made in their place.
  if (listed && isItsList && field.assumed === true) merit += OF_OWN_LIST;
  if (at < 0 && !listed && operation.writes && hasOwnList(input, owner, catalog)) merit -= OF_OWN_LIST;
  if (listed && owner.writes && owner.method !== "DELETE" && !isItsList) {
    if (showsMade(operation, owner)) merit -= 2;
    else if (at < 0 && !isOwnId(input, operation) && holds(operation, owner)) merit -= 1;
  }
  if (isIdOfOtherCollection(field, input, operation, owner, catalog)) merit -= OTHER_COLLECTION;
  if (listed && at >= 0 && owner.writes && !isChosenFrom) merit += 0.3;
  return merit;
}

const OTHER_COLLECTION = 1;
/** Less than what a step of the plan counts: what the goal itself has made is meant first. */
const OF_OWN_LIST = 0.6;

/** Whether a list that needs nothing shows the things of which an input of a path takes the id. */
function hasOwnList(input: Field, owner: Operation, { operations }: OperationCatalog): boolean {
  const collection = collectionOfParameter(input, owner);
  return (
    collection !== undefined &&
    operations.some(
      ({ target, path, list, writes, inputs }) =>
        target === owner.target &&
        path === collection &&
        list !== undefined &&
        !writes &&
        !inputs.some(({ required }) => required),
    )
  );
}

/** Whether an id is that of other things than those of the collection behind which a path takes one, and which has a list. */
function isIdOfOtherCollection(
  { leaf }: Field,
  input: Field,
  operation: Operation,
  owner: Operation,
  { operations }: OperationCatalog,
): boolean {
  const collection = collectionOfParameter(input, owner);
  if (collection === undefined || !isPlainIdName(input.leaf)) return false;
  const { nouns } = subjectOf(operation);
  const named = stemsOf(leaf);
  const isOf = (noun: string): boolean => (isPlainIdName(leaf) ? nouns.has(noun) : named.includes(noun));
  // What belongs to one of the things is none of them, though it says that it is theirs.
  const isWithin =
    operation.path.startsWith(`${collection}/{`) && lastPart(operation.path) !== lastPart(collection);
  return (
    ((isWithin && isPlainIdName(leaf) && operation.list !== undefined) ||
      !stemsOf(lastPart(collection)).some(isOf)) &&
    operations.some(
      ({ path, list, writes, target }) => path === collection && list && !writes && target === owner.target,
    )
  );
}

/** Whether a list shows the collection that a call adds to: items for a cart are not found in the cart. */
function holds(list: Operation, owner: Operation): boolean {
  if (list.verb === "~find") return false;
  const [stem = ""] = owner.path.split("{");
  if (stem.startsWith(list.path)) return true;
  const into = INTO.exec(plain(owner.summary))?.[1];
  return into !== undefined && tokens(into).some((token) => list.head.has(token));
}

/** Whether an input names things of the kind that an operation is about: `sculptureId` and `GET /sculptures`. */
export function isOwnId(input: Field, operation: Operation): boolean {
  for (const [noun, weight] of subjectOf(operation).nouns)
    if (weight === 1 && input.nameTokens.has(noun)) return true;
  return false;
}

/** Whether a field is in a list of other things that an answer shows of what its call has made: `visits[].petId` of a new pet. */
function isWithinMade(making: Operation, field: Field): boolean {
  return (
    subjectOf(making).verbClass === "create" &&
    !field.name.startsWith("[]") &&
    making.answers.some(({ name, leaf }) => name === leaf && isPlainIdName(leaf))
  );
}

/**
 * Whether an answer's own id is that of what an operation makes of the thing that an input names: the feeding of `feedTank(tankId)`,
 * `POST /tanks/{tankId}/feedings`, is no tank.
 */
function isIdOfOther({ name, leaf }: Field, input: Field, making: Operation): boolean {
  if (!making.writes || name !== leaf || !isPlainIdName(leaf)) return false;
  const { collection, isAction } = subjectOf(making);
  const made = isMethod(making.call)
    ? making.method === "POST" && !isAction && !making.path.endsWith("}")
      ? stemsOf(lastPart(collection))
      : []
    : [resultTypeNoun(making) ?? ""].filter((noun) => noun !== "");
  if (made.length === 0 || made.some((noun) => input.nameTokens.has(noun))) return false;
  return making.inputs.some(
    (other) =>
      (other.in === "path" || isReference(other)) && other.leaf === input.leaf && !isPlainIdName(other.leaf),
  );
}

/** Whether an id is that of a part of an answer, which the input does not name, although the whole has one, too. */
function isOfPart({ name, leaf }: Field, input: Field, { answers }: Operation): boolean {
  const owner = name.split(".").at(-2);
  if (owner === undefined || name.includes("[]") || !isPlainIdName(leaf)) return false;
  const isNamed = tokens(owner).some((token) => input.nameTokens.has(token));
  return !isNamed && answers.some((other) => other.name === leaf);
}

/** Whether two words of an input together are what an operation is about: "the id of the pet type" and `GET /pettypes`. */
function namesJoined({ words }: Field, operation: Operation): boolean {
  const { nouns } = subjectOf(operation);
  const parts = words.split(" ");
  return parts.some((word, at) => at > 0 && nouns.get(stem(`${parts[at - 1]}${word}`)) === 1);
}

/** Whether a list shows the things that another operation makes: what they are made of is found elsewhere. */
function showsMade(list: Operation, owner: Operation): boolean {
  const { verbClass, nouns, collection } = subjectOf(owner);
  if (verbClass !== "create" || list.target !== owner.target) return false;
  const listed = subjectOf(list);
  const isSame =
    collection === "" || listed.collection === ""
      ? collection === listed.collection && ownNouns(listed).some((noun) => nouns.get(noun) === 1)
      : lastPart(listed.collection) === lastPart(collection);
  if (!isSame) return false;
  // `reserve(seatId)` takes one of `seats`, though both say that they are about tickets.
  const names = isMethod(list.call) ? [] : stemsOf(list.path);
  return !owner.inputs.some(
    (field) =>
      isReference(field) && (isOwnId(field, owner) || names.some((name) => field.nameTokens.has(name))),
  );
}
