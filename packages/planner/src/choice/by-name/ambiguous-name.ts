import { toldOrders } from "@ape/catalog/goal/orderings/told-order";
import { isRemoval, subjectOf } from "@ape/catalog/operations/operation-subject";
import type { Json } from "@ape/core/lib/json";
import { type ListChoice, quotedList, type Step } from "../../goal/plan.ts";

/** Whether a step changes or removes a thing that there is, rather than to make something of it. */
export const changesThing = ({ operation, clause }: Step): boolean => {
  if (clause === undefined || !operation.writes || operation.login) return false;
  const { isAction, verbClass } = subjectOf(operation);
  return isRemoval(operation) || isAction || verbClass === "update" || verbClass === undefined;
};

/**
 * Says that a goal calls several things by one name, or tells several by what they have, where one of them would be changed or removed: which one is meant is not said.
 * Undefined where nothing else of them is told apart, or where any of them will do.
 * @param items those that fit what the goal says best
 */
export function ambiguousName(
  choice: ListChoice,
  items: readonly Json[],
  steps: readonly Step[],
): string | undefined {
  const { called, told } = choice;
  if ((called ?? told) === undefined || called?.numbered !== undefined || items.length < 2) return undefined;
  if (choice.isTerm === true || choice.position !== undefined) return undefined;
  // Any will do of what an article stands before: `reserve an available segment of core NEEM-2`.
  if (choice.clauses.some((clause) => clause.indefinite || toldOrders(clause).length > 0)) return undefined;
  const using = steps.filter(({ bindings }) =>
    [...bindings].some(
      ([field, one]) => field.in === "path" && one.kind === "choice" && one.choice === choice,
    ),
  );
  return using.some(changesThing)
    ? `${items.length} things here ${called === undefined ? `have ${quotedList((told ?? []).map(({ said }) => said))}` : `are called ${JSON.stringify(called.whole)}`}, and the goal does not say which`
    : undefined;
}
