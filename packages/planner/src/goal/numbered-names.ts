import { type Clause, clauseText } from "@ape/catalog/goal/clause";
import { unknownSuperlative } from "@ape/catalog/goal/orderings/superlative";
import { isTakenAsNumber } from "@ape/catalog/goal/phrases/numbered-input";
import {
  isKindOfThing,
  type NumberedThing,
  numberedFor,
  numberedThings,
  thingsOf,
} from "@ape/catalog/goal/phrases/numbered-thing";
import { isAboutAll, isOnSeveral, positionOf } from "@ape/catalog/goal/phrases/position";
import { nameOfNumber, type ThingName } from "@ape/catalog/goal/phrases/thing-name";
import { numberBeside } from "@ape/catalog/goal/stated-values";
import { type Field, isReference } from "@ape/catalog/operations/field";
import type { Operation, OperationCatalog, Source } from "@ape/catalog/operations/operation-catalog";
import { resultNouns, subjectOf } from "@ape/catalog/operations/operation-subject";
import { areKin } from "@ape/catalog/words/thesaurus";
import { plain, stem } from "@ape/catalog/words/words";
import { isPlainIdName } from "@ape/core/protocol/id-name";
import { isOwnNumber } from "../choice/by-name/numbered-item.ts";
import { orderOf } from "../choice/listed/order-field.ts";
import { itemFields } from "../choice/response-values.ts";
import type { ListChoice, Step } from "./plan.ts";
import { isOwnProperty } from "./source-merit.ts";

/** The number by which a clause names the thing whose id an input takes. */
export function numberOf(operation: Operation, clause: Clause, field: Field): ThingName | undefined {
  const thing = numberedFor(field, operation, clause);
  return thing === undefined ? undefined : nameOfNumber(thing);
}

/** The number by which a clause names one of the things that it lists. */
export function numberOfListed(clause: Clause, listing: Operation): ThingName | undefined {
  const thing = numberedThings(clause).find((one) => isOwnNumber(one, listing));
  return thing === undefined ? undefined : nameOfNumber(thing);
}

/** The numbers of things by which a clause says more than its call takes: of `the reservation of table 7`. */
export function numbersLeft(
  operation: Operation,
  clause: Clause,
  { operations }: OperationCatalog,
): NumberedThing[] {
  const { inputs } = operation;
  return numberedThings(clause).filter(
    (thing) =>
      isKindOfThing(thing.noun, operations) &&
      !isTakenAsNumber(thing, operation) &&
      !inputs.some(
        (field) =>
          numberedFor(field, operation, clause) === thing ||
          numberBeside(field, clause) === Number(thing.number),
      ),
  );
}

/** Whether the things of a list may show the number of what they are about; where nothing says what they show, they may. */
const mayShow = ({ noun }: NumberedThing, { list }: Operation): boolean =>
  list?.fields.some(
    ({ leaf, assumed }) => assumed === true || plain(leaf).split(" ").map(stem).includes(noun),
  ) === true;

/**
 * Whether a clause asks for all things of a list, of which its call takes one, or for the first of an order that is not known: any
 * one would be taken, and the others left as they are.
 */
export function isForUnknownOnes(
  operation: Operation,
  clause: Clause,
  before: readonly Clause[],
  catalog: OperationCatalog,
): boolean {
  if (!operation.writes) return false;
  const lists = operation.inputs
    .filter((field) => field.in === "path" || (field.required && isReference(field)))
    .flatMap((field) => catalog.sources(operation, field))
    .flatMap(({ listed, operation: source }) => (listed && !source.writes ? source : []));
  return (
    lists.some((list) => isAboutAll(clause, nounsOf(list)) || isOnSeveral(clause, nounsOf(list))) ||
    (lists.length > 0 && hasUnknownOrder(clause, before, lists))
  );
}

/** Whether a clause, or the one that its pronoun refers to, wants the first of an order that no list shows. */
function hasUnknownOrder(clause: Clause, before: readonly Clause[], lists: readonly Operation[]): boolean {
  const said = clause.object.refers ? [clause, ...before.slice(-1)] : [clause];
  if (said.every((one) => unknownSuperlative(one) === undefined)) return false;
  return lists.every((list) => orderOf(said, itemFields(list)) === undefined);
}

/**
 * Whether a clause is about what belongs to the thing of an earlier step, `discard its wheel` after a reservation was cancelled or
 * `reserve the same wheel`, and nothing that the steps know tells which one that is.
 */
export function isUnknownPart(
  operation: Operation,
  { text }: Clause,
  steps: readonly Step[],
  catalog: OperationCatalog,
): boolean {
  const noun = nounOfPart(text);
  if (noun === undefined || !operation.writes || steps.length === 0) return false;
  const id = operation.inputs.find(
    (field) =>
      (field.in === "path" || (field.required && isReference(field))) &&
      (field.nameTokens.has(noun) || thingsOf(field, operation).some((thing) => areKin(thing, noun))),
  );
  if (id === undefined) return false;
  return !catalog
    .sources(operation, id)
    .some(
      (source) =>
        !isOwnProperty(operation, id, source) && steps.some((step) => step.operation === source.operation),
    );
}
/** The stem of what belongs to the thing of an earlier step: `bike` of `repair its bike`, and of `the same bike`. */
function nounOfPart(text: string): string | undefined {
  const noun = stem(plain(OF_IT.exec(text)?.[1] ?? ""));
  return noun === "" ? undefined : noun;
}

/** Whether an input takes what belongs to the thing of an earlier step, and a source is what showed that thing. */
export function isPartOfKnown(clause: Clause | undefined, input: Field, source: Source, at: number): boolean {
  const noun = clause === undefined ? undefined : nounOfPart(clause.text);
  if (noun === undefined || at < 0 || !source.listed || !isReference(input)) return false;
  return input.nameTokens.has(noun) && !isPlainIdName(source.field.leaf);
}
const OF_IT = /\b(?:its|their|the same|that|this)\s+(\p{Ll}[\p{Ll}-]+)/iu;

/** Notes which place a choice has in its list: `the second report`. */
export function putInPlace(choice: ListChoice, steps: readonly Step[], clause: Clause): void {
  const listing = steps[choice.step]?.operation;
  const position = listing === undefined ? undefined : positionOf(clause, nounsOf(listing));
  if (position !== undefined) choice.position = position;
}

/**
 * Whether `it` or `its` is the thing with a number of the clause before, which nothing serves or which was not understood: no other
 * one will do.
 * @param lost texts of the clauses that nothing serves, and what they call things that are not there
 */
export function isOfLostNumber(
  { text, another }: Clause,
  before: readonly Clause[],
  lost: readonly string[],
): boolean {
  if (another || !PRONOUN.test(text)) return false;
  const named = before.findLast((one) => numberedThings(one).length > 0 || one.indefinite);
  if (named === undefined || named.indefinite) return false;
  return (
    !named.active ||
    lost.includes(clauseText(named)) ||
    numberedThings(named).some(({ said }) => lost.includes(said))
  );
}
const PRONOUN = /\b(?:it|its|them|their)\b/i;

/** A number by which a clause says which thing it is about, that no input takes and no list may show. */
export function unknownNumber(
  operation: Operation,
  clause: Clause,
  catalog: OperationCatalog,
): ThingName | undefined {
  if (!operation.writes || operation.login) return undefined;
  const lists = operation.inputs
    .filter((field) => field.in === "path" || isReference(field))
    .flatMap((field) => catalog.sources(operation, field))
    .flatMap(({ listed, operation: source }) => (listed && !source.writes ? source : []));
  const lost = numbersLeft(operation, clause, catalog).find(
    (thing) => !lists.some((list) => mayShow(thing, list)),
  );
  return lost === undefined ? undefined : nameOfNumber(lost);
}

/** Whether a source is a list of the things that have a number in a goal, which needs no more to be read than the call itself. */
export const isListOfNumber = (
  { listed, operation }: Source,
  { numbered }: ThingName,
  owner: Operation,
): boolean =>
  listed &&
  !operation.writes &&
  numbered !== undefined &&
  isOwnNumber(numbered, operation) &&
  operation.inputs.every(
    ({ in: place, name, required }) => !required || (place === "path" && owner.path.includes(`{${name}}`)),
  );

const nounsOf = (listing: Operation): string[] => resultNouns(subjectOf(listing));
