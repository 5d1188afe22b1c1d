import type { Field } from "@ape/catalog/operations/field";
import type { Binding, ListChoice, Plan, Step } from "../../goal/plan.ts";

/** An input of a list that takes the id of what the listed things belong to. */
interface ParentInput {
  field: Field;
  binding: Extract<Binding, { kind: "choice" }>;
}

/** Whether the goal itself says which one it means: no other one will do, and the target says whether it is available. */
export const isPinned = (choice: ListChoice): boolean => {
  const { called, about, points, numbers, parts, told, described, position } = choice;
  return [called, about, points, numbers, parts, told, described, position].some((one) => one !== undefined);
};

/** Whether a choice only leads to the list of other things: the depot of the shelves that are listed. */
export const isOnTheWay = (choice: ListChoice, plan: Plan): boolean =>
  plan.steps.some((step) => step.clause === undefined && parentInput(step)?.binding.choice === choice);

/** The last input of a list that takes the id of a thing that the goal does not tell. */
export function parentOf(step: Step | undefined): ParentInput | undefined {
  const parent = parentInput(step);
  return parent === undefined || isPinned(parent.binding.choice) ? undefined : parent;
}

function parentInput(step: Step | undefined): ParentInput | undefined {
  if (step === undefined || step.operation.writes || step.operation.list === undefined) return undefined;
  let last: ParentInput | undefined;
  for (const [field, binding] of step.bindings)
    if (binding.kind === "choice" && (field.in === "path" || (field.in === "query" && field.required)))
      last = { field, binding };
  return last;
}
