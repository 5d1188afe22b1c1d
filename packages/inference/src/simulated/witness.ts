import type { Past } from "./call.ts";
import type { Operation } from "./catalogue.ts";
import { listIn, readItem } from "./evidence.ts";
import type { Field } from "./field.ts";
import type { Step } from "./itinerary.ts";
import { VERB_MEANINGS } from "./lexicon.ts";
import { givenIn, type Situation } from "./situation.ts";

/** A read that tells whether a write was done although its answer was lost. */
export interface Witness {
  operation: Operation;
  /** What it lists things by. */
  field: Field;
  value: string;
  /** Whether the write was done if the value is there, or if it is gone. */
  present: boolean;
}

/**
 * Finds a witness for a step that writes. A step that takes a chosen thing shows where such things are listed; a step
 * that takes nothing itself empties what the step before it has filled.
 */
export function witnessFor(index: number, call: Past, situation: Situation): Witness | undefined {
  const { steps } = situation.itinerary;
  const step = steps[index];
  if (step === undefined || call.operation?.method !== "POST") return undefined;
  const own = holder(step, call, situation, index);
  if (own !== undefined) return { ...own, present: true };
  if ([...step.bindings.values()].some(({ kind }) => kind !== "fact")) return undefined;
  const before = steps.findLastIndex(({ operation }, place) => place < index && operation.writes);
  if (![...(steps[before]?.bindings.values() ?? [])].some(({ kind }) => kind === "choice")) return undefined;
  const filling = situation.progress.attempts[before]?.findLast(({ ok }) => ok);
  const filled = steps[before];
  if (filled === undefined || filling === undefined) return undefined;
  const there = holder(filled, filling, situation, index);
  return there === undefined || !speaksOf(step.operation, there.operation, situation)
    ? undefined
    : { ...there, present: false };
}

function holder(
  step: Step,
  call: Past,
  { catalogue, itinerary }: Situation,
  index: number,
): Omit<Witness, "present"> | undefined {
  for (const [input, binding] of step.bindings) {
    if (binding.kind !== "choice") continue;
    const value = givenIn(call, input);
    const from = itinerary.steps[binding.choice.step]?.operation;
    if (value === undefined) continue;
    for (const { operation, field, listed } of catalogue.sources(step.operation, input)) {
      if (
        !listed ||
        operation.writes ||
        operation === from ||
        operation === itinerary.steps[index + 1]?.operation
      )
        continue;
      if (operation.inputs.some(({ required }) => required) || !operation.list?.fields.includes(field))
        continue;
      return { operation, field, value };
    }
  }
  return undefined;
}

/** Whether a step is about what a list shows: checking out is about the cart. */
function speaksOf(operation: Operation, list: Operation, { catalogue }: Situation): boolean {
  for (const token of list.head.keys())
    if (
      !VERB_MEANINGS.has(token) &&
      !token.startsWith("~person") &&
      operation.bag.has(token) &&
      catalogue.words.of(token) > 0.7
    )
      return true;
  return false;
}

/** What a witness says: whether the write was done. */
export function testimony(witness: Witness, call: Past): boolean {
  const list = witness.operation.list;
  const items = listIn(call.answer?.body ?? null, list?.prefix ?? "")?.items ?? [];
  const there = items.some(
    (item) => String(readItem(item, witness.field, list?.fields ?? [])) === witness.value,
  );
  return there === witness.present;
}
