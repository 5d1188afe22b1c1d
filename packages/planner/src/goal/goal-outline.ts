import { catalogOf } from "@ape/catalog/operations/shared-catalog";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { ViewFact } from "@ape/core/protocol/view";
import { planGoal } from "./goal-planner.ts";

/** One call that a goal seems to ask for. */
export interface OutlinedCall {
  target: string;
  /** `METHOD /template`, `query name`, `mutation name` or `tool name`. */
  operation: string;
  writes: boolean;
  login: boolean;
  /** The words of the goal that ask for it; absent if another call needs it. */
  words?: string;
}

/**
 * The calls that a goal asks for, in order, as far as the API documents show.
 * @param columns names of the goal's data columns
 */
export function outlineGoal(
  goal: string,
  apis: readonly ApiDescription[],
  columns: readonly string[],
): OutlinedCall[] {
  const data: ViewFact[] = columns.map((name) => ({ name, value: `{{${name}}}`, origin: "data" }));
  return planGoal(goal, catalogOf(apis), data).steps.map(({ operation, clause }) => ({
    target: operation.target,
    operation: operation.key,
    writes: operation.writes,
    login: operation.login,
    ...(clause === undefined ? {} : { words: clause.text.trim() }),
  }));
}
