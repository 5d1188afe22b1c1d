import type { Field } from "@ape/catalog/operations/field";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { VERB_MEANINGS } from "@ape/catalog/words/lexicon";
import { itemFields, itemsOf, readItem } from "../choice/response-values.ts";
import type { PastCall } from "../goal/past-call.ts";
import type { Step } from "../goal/plan.ts";
import { type PlanningContext, sentText } from "../planning-context.ts";

/** A read that shows whether a write was done although its answer was lost. */
export interface WriteVerification {
  operation: Operation;
  /** The field that identifies its items. */
  field: Field;
  value: string;
  /** Whether the value's presence, or its absence, proves the write. */
  present: boolean;
}

/**
 * Finds a verification for a step that writes. For a step that uses a chosen item, a list that would show it; a step
 * without one empties what the step before it has filled.
 */
export function writeVerificationFor(
  index: number,
  call: PastCall,
  context: PlanningContext,
): WriteVerification | undefined {
  const { steps } = context.plan;
  const step = steps[index];
  if (step === undefined || call.operation?.method !== "POST") return undefined;
  const own = holder(step, call, context, index);
  if (own !== undefined) return { ...own, present: true };
  if ([...step.bindings.values()].some(({ kind }) => kind !== "fact")) return undefined;
  const before = steps.findLastIndex(({ operation }, place) => place < index && operation.writes);
  if (![...(steps[before]?.bindings.values() ?? [])].some(({ kind }) => kind === "choice")) return undefined;
  const filling = context.progress.attempts[before]?.findLast(({ ok }) => ok);
  const filled = steps[before];
  if (filled === undefined || filling === undefined) return undefined;
  const there = holder(filled, filling, context, index);
  return there === undefined || !speaksOf(step.operation, there.operation, context)
    ? undefined
    : { ...there, present: false };
}

function holder(
  step: Step,
  call: PastCall,
  { catalog, plan }: PlanningContext,
  index: number,
): Omit<WriteVerification, "present"> | undefined {
  for (const [input, binding] of step.bindings) {
    if (binding.kind !== "choice") continue;
    const value = sentText(call, input);
    const from = plan.steps[binding.choice.step]?.operation;
    if (value === undefined) continue;
    for (const { operation, field, listed } of catalog.sources(step.operation, input)) {
      if (!listed || operation.writes || operation === from || operation === plan.steps[index + 1]?.operation)
        continue;
      if (operation.inputs.some(({ required }) => required) || !itemFields(operation).includes(field))
        continue;
      return { operation, field, value };
    }
  }
  return undefined;
}

/** Whether a step acts on what a list shows: checkout acts on the cart. */
function speaksOf(operation: Operation, list: Operation, { catalog }: PlanningContext): boolean {
  for (const token of list.head.keys())
    if (
      !VERB_MEANINGS.has(token) &&
      !token.startsWith("~person") &&
      operation.weights.has(token) &&
      catalog.words.of(token) > 0.7
    )
      return true;
  return false;
}

/** Reads from a verification whether the write was done. */
export function wasWritten(
  { operation, field, value, present }: WriteVerification,
  { answer }: PastCall,
): boolean {
  const there = itemsOf(answer?.body, operation).some(
    (item) => String(readItem(item, field, itemFields(operation))) === value,
  );
  return there === present;
}
