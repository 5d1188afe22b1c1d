import { asserts } from "@ape/catalog/goal/things/sought-text";
import type { Step } from "../goal/plan.ts";
import {
  factFor,
  IN_SIGHT,
  type PlannerDecision,
  type PlanningContext,
  successfulCalls,
} from "../planning-context.ts";
import { decideStep } from "./step-call.ts";

/**
 * Decides the calls that can be made together with the next one: later steps that need no answer of it, and the end.
 * Stops at a list, which has to be read, and before an answer that a later step chooses from would leave the view.
 */
export function lookAhead(first: PlannerDecision, context: PlanningContext): PlannerDecision[] {
  const { plan, progress } = context;
  const { steps } = plan;
  const more: PlannerDecision[] = [];
  if (first.kind !== "call" || progress.pending !== undefined || !isFor(first, steps[progress.at], context))
    return more;
  for (let index = progress.at; ; index += 1) {
    const step = steps[index] as Step;
    const after = steps[index + 1];
    if (step.operation.list !== undefined && !step.operation.writes) return more;
    // What the call takes of the goal is known when it was made.
    if (after === undefined && step.operation.undocumented === true && plan.notUnderstood.length > 0)
      return more;
    // What its answer shows decides whether it is so.
    if (after === undefined && step.clause !== undefined && asserts(step.clause)) return more;
    if (after !== undefined) {
      if ([...after.bindings.values()].some(({ kind }) => kind !== "fact")) return more;
      if ((progress.attempts[index + 1]?.length ?? 0) > 0) return more;
      if (hides(index + 1, context)) return more;
    }
    const decision = decideStep(index + 1, context);
    if (after !== undefined && !isFor(decision, after, context)) return more;
    more.push(decision);
    if (decision.kind !== "call") return more;
  }
}

/** Whether a decision is the call of a step, and not one that has to come before it. */
function isFor(decision: PlannerDecision, step: Step | undefined, { catalog }: PlanningContext): boolean {
  if (decision.kind !== "call" || step === undefined) return false;
  const { target, method, path } = decision.request;
  return catalog.at(target, method, path) === step.operation;
}

/** Whether the calls up to a step would remove an answer from the view that a later step chooses from. */
function hides(last: number, context: PlanningContext): boolean {
  const { plan, progress, view } = context;
  const made = last - progress.at + 1;
  return plan.steps.slice(last + 1).some(({ bindings }) =>
    [...bindings.values()].some((binding) => {
      if (binding.kind === "fact") return false;
      if (binding.kind === "answer" && factFor(context, binding.source, binding.nth) !== undefined)
        return false;
      const source = binding.kind === "answer" ? binding.step : binding.choice.step;
      if (source >= progress.at) return last - source >= IN_SIGHT;
      const operation = plan.steps[source]?.operation;
      const nth = binding.kind === "answer" ? binding.nth : undefined;
      const shown = operation && successfulCalls(context, operation).at(nth ?? -1)?.answer;
      if (shown === undefined) return false;
      const behind = view.results.length - 1 - view.results.findIndex(({ step }) => step === shown.step);
      return behind + made >= IN_SIGHT;
    }),
  );
}
