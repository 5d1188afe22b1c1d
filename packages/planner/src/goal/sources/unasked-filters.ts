import type { Field } from "@ape/catalog/operations/field";
import type { Binding, ListChoice, Plan, Step } from "../plan.ts";

/**
 * Leaves optional filters out of the lists that a plan reads, where the goal does not say of which thing: by the id of any
 * interpreter a list would show that one's assignments alone. A list that was read for nothing else is left out as well.
 * @returns the choices that are made no more
 */
export function leaveUnaskedFilters({ steps, choices }: Pick<Plan, "steps" | "choices">): ListChoice[] {
  const left: ListChoice[] = [];
  for (const step of [...steps]) {
    if (step.operation.writes) continue;
    for (const [field, binding] of step.bindings) {
      if (field.in !== "query" || field.required || binding.kind !== "choice") continue;
      const { choice } = binding;
      if (isSaid(choice) || !choices.includes(choice) || isAskedFor(field, step, steps[choice.step]))
        continue;
      step.bindings.delete(field);
      if (steps.some((other) => choicesOf(other).includes(choice))) continue;
      choices.splice(choices.indexOf(choice), 1);
      left.push(choice);
      leaveList(choice.step, steps, choices);
    }
  }
  return left;
}

/** Whether a clause lists what belongs to a thing that it speaks of, or that the goal has found: `list the bulletins of a volcano`. */
function isAskedFor(field: Field, { clause }: Step, from: Step | undefined): boolean {
  if (clause === undefined) return false;
  return (
    from?.clause !== undefined ||
    clause.object.refers ||
    [...clause.weights.keys()].some((word) => field.nameTokens.has(word))
  );
}

const choicesOf = ({ bindings }: Step): ListChoice[] =>
  [...bindings.values()].flatMap((one) => (one.kind === "choice" ? one.choice : []));

/** Whether a goal says which thing is chosen. */
const isSaid = ({
  called,
  about,
  points,
  numbers,
  position,
  told,
  parts = [],
  clauses,
}: ListChoice): boolean =>
  [called, about, points, numbers, position, told].some((one) => one !== undefined) ||
  parts.length > 0 ||
  clauses.some(({ bounds, extreme }) => bounds.length > 0 || extreme !== undefined);

/** Takes a step out of a plan if it only lists, no clause asks for it, and nothing is taken from it. */
function leaveList(at: number, steps: Step[], choices: readonly ListChoice[]): void {
  const step = steps[at];
  const isTakenFrom = (one: Binding): boolean =>
    (one.kind === "answer" && one.step === at) || (one.kind === "choice" && one.choice.step === at);
  if (step === undefined || step.clause !== undefined || step.operation.writes) return;
  if (choices.some((choice) => choice.step === at)) return;
  if (steps.some(({ bindings }) => [...bindings.values()].some(isTakenFrom))) return;
  steps.splice(at, 1);
  for (const choice of choices) if (choice.step > at) choice.step -= 1;
  for (const { bindings } of steps)
    for (const [field, one] of bindings)
      if (one.kind === "answer" && one.step > at) bindings.set(field, { ...one, step: one.step - 1 });
}
