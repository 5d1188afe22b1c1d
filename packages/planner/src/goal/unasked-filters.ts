import type { Plan, Step } from "./plan.ts";

/**
 * Leaves optional filters out of the lists that a plan reads on its way, where the goal does not say of which thing: by the id of
 * any interpreter a list would show that one's assignments alone.
 */
export function leaveUnaskedFilters({ steps, choices }: Pick<Plan, "steps" | "choices">): void {
  for (const step of steps) {
    if (step.clause !== undefined || step.operation.writes) continue;
    for (const [field, binding] of step.bindings) {
      if (field.in !== "query" || field.required || binding.kind !== "choice") continue;
      const { choice } = binding;
      const isSaid =
        choice.called !== undefined ||
        choice.about !== undefined ||
        choice.points !== undefined ||
        choice.numbers !== undefined ||
        choice.position !== undefined ||
        (choice.parts?.length ?? 0) > 0 ||
        choice.clauses.some(({ bounds, extreme }) => bounds.length > 0 || extreme !== undefined);
      if (isSaid || !choices.includes(choice) || isUsedElsewhere(choice, step, steps)) continue;
      step.bindings.delete(field);
    }
  }
}

const isUsedElsewhere = (choice: Plan["choices"][number], own: Step, steps: readonly Step[]): boolean =>
  steps.some(
    (step) =>
      step !== own &&
      [...step.bindings.values()].some((one) => one.kind === "choice" && one.choice === choice),
  );
