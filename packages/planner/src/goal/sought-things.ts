import { choiceConstraints } from "@ape/catalog/goal/choice-constraints";
import type { Clause } from "@ape/catalog/goal/clause";
import { kindUsed, plainThingsBeside } from "@ape/catalog/goal/phrases/plain-name";
import { nameOf, type ThingName } from "@ape/catalog/goal/phrases/thing-name";
import type { Operation, OperationCatalog } from "@ape/catalog/operations/operation-catalog";
import { subjectOf } from "@ape/catalog/operations/operation-subject";
import type { ListChoice, SoughtKind, Step } from "./plan.ts";
import { topicOf } from "./topic-name.ts";

/** The clause that says what is looked for: the one that lists it, else the one that says what `it` is. */
function clauseOfSought(
  clause: Clause,
  earlier: readonly Clause[],
  listing: Step | undefined,
): Clause | undefined {
  const listed = listing?.clause;
  return listed === undefined || listed === clause ? topicOf(clause, earlier) : listed;
}

/**
 * Names by which an earlier clause describes what is looked for: `find the specimen from Red Hollow and lend it`, `find the trip for
 * the seismometer on Askell`.
 */
export function namesOfSought(
  clause: Clause,
  earlier: readonly Clause[],
  listing: Step | undefined,
  used: readonly string[],
  catalog: OperationCatalog,
): ThingName[] {
  const sought = clauseOfSought(clause, earlier, listing);
  if (listing === undefined || sought === undefined || sought === clause || listing.operation.writes)
    return [];
  const asked = listing.clause === sought ? [...choiceConstraints(listing, []).values()].map(String) : [];
  const isOpen = (text: string): boolean => ![...used, ...asked].some((one) => one.includes(text));
  const names = sought.names.flatMap(({ text, preposition }) =>
    DESCRIBES_SOUGHT.test(preposition) ? { ...nameOf(text), of: true } : [],
  );
  const plainNames = besideOf(sought, false, catalog);
  return [...names, ...plainNames].filter(({ text }) => isOpen(text));
}
const DESCRIBES_SOUGHT = /^(?:from|in|at|on|onto|near|for|to|by|of|with|about)$/i;

/** The things in small letters beside what a clause acts on: those that may be a kind of what is known here, or the others. */
export const besideOf = (clause: Clause, isKind: boolean, catalog: OperationCatalog): ThingName[] =>
  plainThingsBeside(clause, catalog).flatMap((one) => (one.isKind === isKind ? one.name : []));

/**
 * What something is made for, where no input takes it: that may be what is chosen, or somebody for whom it is.
 */
export function forWhom(
  { names }: Clause,
  operation: Operation,
  { called, about = [] }: ListChoice,
  used: readonly string[],
): SoughtKind | undefined {
  const { verbClass, isAction } = subjectOf(operation);
  if (verbClass !== "create" || isAction || called !== undefined) return undefined;
  const isTaken = (text: string): boolean =>
    [...about.map((one) => one.text), ...used].some((one) => one.includes(text));
  const name = names.find(({ preposition, text }) => preposition === "for" && !isTaken(text));
  return name === undefined ? undefined : { name: { ...nameOf(name.text), of: true } };
}

/** The kind of which a clause, or the one that looks for its thing, says that it is. */
export function kindDescribed(
  clause: Clause,
  earlier: readonly Clause[],
  listing: Step | undefined,
  catalog: OperationCatalog,
): SoughtKind | undefined {
  const sought = clauseOfSought(clause, earlier, listing);
  const [name] = [
    ...besideOf(clause, true, catalog),
    ...(sought === undefined ? [] : besideOf(sought, true, catalog)),
    kindUsed(clause, catalog),
  ];
  return name === undefined ? undefined : { name };
}
