import type { Clause } from "@ape/catalog/goal/clause";
import { collectionPath, withoutItem } from "@ape/catalog/operations/made-resource";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { isWantedState } from "@ape/catalog/words/state-words";
import { plain, stem } from "@ape/catalog/words/words";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { listIn } from "../choice/response-values.ts";
import type { PlanningContext } from "../planning-context.ts";

const STATE = /^(?:status|state|stage|phase)$/;

/**
 * The property, and its value, by which a thing of which no document speaks is brought into the state that a clause names:
 * one of true and false that is called so, one of whose values in sight is that state, else the property for its state.
 */
export function changeOfShown(
  clause: Clause,
  operation: Operation,
  context: PlanningContext,
): JsonObject | undefined {
  const { wanted } = clause;
  if (wanted === undefined || wanted.word === "") return undefined;
  // `Change the plate` brings nothing into a state.
  if (clause.verb === "~update" && stem(wanted.word) === clause.lead) return undefined;
  const things = shownThings(operation, context);
  for (const [name, value] of things.flatMap(Object.entries<Json>)) {
    const flag = typeof value === "boolean" ? isWantedState(name, wanted) : undefined;
    if (flag !== undefined) return { [name]: flag };
  }
  for (const [name, value] of things.flatMap(Object.entries<Json>))
    if (typeof value === "string" && isOneWord(value) && isWantedState(value, wanted) === true)
      return { [name]: value };
  const state = things.flatMap(Object.keys).find((name) => STATE.test(plain(name)));
  return state === undefined || wanted.negated ? undefined : { [state]: wanted.word };
}

const isOneWord = (value: string): boolean => /^[\p{L}_-]+$/u.test(value);

/** The things of an operation's collection that answers in sight show, the latest first. */
export function shownThings(operation: Operation, { progress }: PlanningContext): JsonObject[] {
  const collection = withoutItem(collectionPath(operation.path));
  return progress.calls.toReversed().flatMap(({ ok, operation: made, target, answer }) => {
    if (!ok || made === undefined || target !== operation.target || answer === undefined) return [];
    if (withoutItem(collectionPath(made.path)) !== collection) return [];
    const items = made.list === undefined ? undefined : listIn(answer.body, made.list.prefix)?.items;
    return (items ?? [answer.body]).filter(isJsonObject);
  });
}
