import type { Operation } from "@ape/catalog/operations/operation-catalog";
import type { Json } from "@ape/core/lib/json";
import { randomFrom, seedOf } from "@ape/core/lib/random";
import type { ListChoice } from "../../goal/plan.ts";
import { type PlanningContext, type Request, successfulCalls } from "../../planning-context.ts";
import { isNamed } from "../candidates.ts";
import { hasNumberedParts, nextPage, otherPart } from "./paging.ts";

/** Share of the sessions that leave the part of a list that they see, where another would do as well. */
const LEAVE = 0.5;
/** Parts of a list that can only be read one after the other. */
const MOST_PARTS = 4;
/** Steps beyond those of the plan that a detour must leave for repairs. */
const SPARE_STEPS = 4;

/**
 * The call that shows another part of a list before a free choice: users do not all choose from its first part. Undefined
 * where the choice is made from what is shown: the goal names the item or wants an extreme, the persona takes the first
 * thing, or a look at an item has begun.
 */
export function lookFurther(
  choice: ListChoice,
  found: readonly Json[],
  operation: Operation,
  context: PlanningContext,
): Request | undefined {
  const { persona, seed, progress, plan, view } = context;
  if (persona.first || choice.clauses.some(({ extreme }) => extreme !== undefined)) return undefined;
  if (isNamed(found, choice, operation)) return undefined;
  const lists = successfulCalls(context, operation);
  const last = lists.at(-1);
  if (last === undefined || progress.calls.at(-1) !== last) return undefined;
  if (view.stepsLeft !== undefined && view.stepsLeft < plan.steps.length - progress.at + SPARE_STEPS)
    return undefined;
  const random = randomFrom(seedOf(seed, "part"));
  const leaves = random() < LEAVE && !persona.cheapest;
  const wants = leaves || (persona.searchesAgain && lists.length === 1);
  if (!wants) return undefined;
  if (hasNumberedParts(operation)) return lists.length === 1 ? otherPart(last, operation, random) : undefined;
  return lists.length < MOST_PARTS ? nextPage(last, operation) : undefined;
}
