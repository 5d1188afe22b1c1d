import type { Field } from "@ape/catalog/operations/field";
import type { Operation, Source } from "@ape/catalog/operations/operation-catalog";
import type { Json } from "@ape/core/lib/json";
import { isComposite } from "@ape/core/lib/json";
import { createdId } from "../goal/created-resource.ts";
import type { PastCall } from "../goal/past-call.ts";
import {
  type Binding,
  type ListChoice,
  nothingAt,
  nothingInPlace,
  nothingNumbered,
  nothingWith,
} from "../goal/plan.ts";
import {
  factFor,
  type PlanningContext,
  type Request,
  sentText,
  successfulCalls,
} from "../planning-context.ts";
import { ambiguousName } from "./by-name/ambiguous-name.ts";
import { readByNumber } from "./by-name/read-by-number.ts";
import { lookBehind, lookForKind, whyNotNamed } from "./by-name/related-thing.ts";
import { searchByName } from "./by-name/search-by-name.ts";
import { readForTold } from "./by-name/told-item.ts";
import { candidates, choiceAttempts, chooseItem, preferred } from "./candidates.ts";
import { inspectBeforeUse } from "./inspection.ts";
import { valuesNotFound } from "./listed/asked-filters.ts";
import { lookFurther } from "./listed/look-further.ts";
import { isPaging, nextPage } from "./listed/paging.ts";
import { isLookingOn, nextList } from "./nested/next-list.ts";
import { itemFields, itemsOf, readItem, valueAt, visibleList } from "./response-values.ts";

/** A value, or the step that must come first, or the call to make, or why there is none. */
export type InputResolution =
  | { kind: "value"; value: Json }
  | { kind: "step"; step: number }
  | { kind: "call"; request: Request }
  | { kind: "none"; reason: string };

const value = (json: Json): InputResolution => ({ kind: "value", value: json });

/** Resolves the value of an input from its binding. */
export function resolveInput(field: Field, binding: Binding, context: PlanningContext): InputResolution {
  if (binding.kind === "choice") return fromChoice(binding.choice, binding.field, context);
  if (binding.kind === "answer" && binding.nth !== undefined)
    return fromOneOf(field, { ...binding, nth: binding.nth }, context);
  if (binding.kind === "answer") return fromAnswer(field, binding.source, binding.step, context);
  const fact = context.view.facts.find(({ name }) => name === binding.name);
  return fact === undefined
    ? { kind: "none", reason: `nothing is known of ${binding.name}` }
    : value(fact.value);
}

function fromChoice(choice: ListChoice, field: Field, context: PlanningContext): InputResolution {
  const { operation } = context.plan.steps[choice.step] ?? {};
  if (operation === undefined) return { kind: "none", reason: "there is nothing to choose from" };
  const { taken } = choiceAttempts(choice, context);
  if (taken !== undefined) {
    if (taken.field === field) return value(taken.value);
    const other = sameItem(operation, taken.field, taken.value, field, context);
    if (other !== undefined) return value(other);
  }
  const take = (items: readonly Json[]): InputResolution => {
    const pick = (from: readonly Json[]): Json => chooseItem(from, choice, operation, context);
    const look = inspectBeforeUse(choice, items, context, pick);
    if (look !== undefined && "request" in look) return { kind: "call", request: look.request };
    return value(readItem(look?.item ?? pick(items), field, itemFields(operation)) ?? null);
  };
  const found = candidates(choice, field, context);
  if (found.length > 0) {
    const told = preferred(found, choice, itemFields(operation));
    const ambiguous = ambiguousName(choice, told, context.plan.steps);
    if (ambiguous !== undefined) return { kind: "none", reason: ambiguous };
    const further = lookForKind(choice, operation, context) ?? lookFurther(choice, found, operation, context);
    return further === undefined ? take(found) : { kind: "call", request: further };
  }
  const unread = readForTold(choice, field, context);
  if (unread !== undefined) return { kind: "call", request: unread };
  const alone = readByNumber(choice, field, context);
  if (alone !== undefined)
    return "request" in alone ? { kind: "call", request: alone.request } : value(alone.id);
  const onward = isLookingOn(choice, context) ? nextList(choice, context) : undefined;
  if (onward !== undefined && "request" in onward) return { kind: "call", request: onward.request };
  const more = nextListCall(choice, operation, context);
  if (more.kind !== "none") return more;
  const behind = lookBehind(choice, operation, context);
  if (behind !== undefined) return { kind: "call", request: behind };
  const doubtful = candidates(choice, field, context, true);
  if (doubtful.length > 0) return take(doubtful);
  const nested = nextList(choice, context);
  if (nested !== undefined)
    return "request" in nested ? { kind: "call", request: nested.request } : { kind: "none", ...nested };
  const { told, ...others } = choice;
  if (told !== undefined && candidates(others, field, context).length > 0)
    return { kind: "none", reason: nothingWith(told) };
  const unnamed = whyNotNamed(choice, operation, context);
  if (unnamed !== undefined) return { kind: "none", reason: unnamed };
  if (told !== undefined) return { kind: "none", reason: nothingWith(told) };
  if (choice.numbers !== undefined) return { kind: "none", reason: nothingNumbered(choice.numbers) };
  if (choice.parts !== undefined) return { kind: "none", reason: nothingWith(choice.parts) };
  if (choice.position !== undefined) return { kind: "none", reason: nothingInPlace(choice.position) };
  if (choice.points !== undefined) return { kind: "none", reason: nothingAt(choice.points) };
  const missed = valuesNotFound(choice, context);
  return missed.length === 0 ? more : { kind: "none", reason: nothingWith(missed.map((said) => ({ said }))) };
}

/** The call that shows more items to choose from. */
export function nextListCall(
  choice: ListChoice,
  operation: Operation,
  context: PlanningContext,
): InputResolution {
  const last = successfulCalls(context, operation).at(-1);
  if (last === undefined) return { kind: "step", step: choice.step };
  if (last.answer === undefined && last.method !== undefined)
    return {
      kind: "call",
      request: { target: last.target, method: last.method, path: last.path, query: last.query },
    };
  const next =
    choice.called === undefined ? nextPage(last, operation) : searchByName(choice, operation, context);
  if (next !== undefined) return { kind: "call", request: next };
  const narrow = operation.inputs.filter(
    (field) => field.in === "query" && field.name in last.query && !field.required && !isPaging(field),
  );
  const empty = visibleList(last.answer?.body, operation)?.items.length === 0;
  if (empty && narrow.length > 0 && last.method !== undefined)
    return { kind: "call", request: { target: last.target, method: last.method, path: last.path } };
  return { kind: "none", reason: "nothing that suits is left to choose" };
}

/** Another field of the chosen item, if its list is still visible. */
function sameItem(
  operation: Operation,
  by: Field,
  taken: string,
  field: Field,
  context: PlanningContext,
): Json | undefined {
  const fields = itemFields(operation);
  for (const { answer } of successfulCalls(context, operation).reverse()) {
    const item = itemsOf(answer?.body, operation).find(
      (candidate) => String(readItem(candidate, by, fields)) === taken,
    );
    if (item !== undefined) return readItem(item, field, fields);
  }
  return undefined;
}

/** The value that one of several calls of an operation has answered. */
function fromOneOf(
  field: Field,
  { source, step, nth }: Extract<Binding, { kind: "answer" }> & { nth: number },
  context: PlanningContext,
): InputResolution {
  const call = successfulCalls(context, source.operation)[nth];
  if (call === undefined) return { kind: "step", step };
  const seen = answeredBy(source, call) ?? factFor(context, source, nth)?.value;
  return seen === undefined ? { kind: "none", reason: `the ${field.leaf} is no longer known` } : value(seen);
}

/** The value of a source in the answer to a call, where that is in sight. */
export function answeredBy({ operation, field, made }: Source, call: PastCall): Json | undefined {
  const { answer } = call;
  if (answer === undefined) return undefined;
  if (made) return createdId(call, field);
  const found = valueAt(answer.body, field.name) ?? readItem(answer.body, field, operation.answers);
  return found === null || isComposite(found) ? undefined : found;
}

function fromAnswer(field: Field, source: Source, step: number, context: PlanningContext): InputResolution {
  const seen = seenValue(source, context);
  if (seen !== undefined) return value(seen);
  const fact = factFor(context, source);
  if (fact !== undefined) return value(fact.value);
  const used = usedBefore(source, context);
  if (used !== undefined) return value(used);
  const { operation } = source;
  if (successfulCalls(context, operation).length === 0 || !operation.writes || operation.login)
    return { kind: "step", step };
  if (source.made) return { kind: "none", reason: `${operation.key} has not told the ${field.leaf}` };
  return fromElsewhere(field, source, context);
}

/** The value in the latest of the visible answers that has it. */
export function seenValue(source: Source, context: PlanningContext): Json | undefined {
  for (const call of successfulCalls(context, source.operation).reverse()) {
    const found = answeredBy(source, call);
    if (found !== undefined || (source.made && call.answer !== undefined)) return found;
  }
  return undefined;
}

/** The value that an earlier call used from the same source, unless the source has answered again since. */
function usedBefore(source: Source, { progress, plan }: PlanningContext): string | undefined {
  const spoken = progress.calls.findLastIndex((call) => call.ok && call.operation === source.operation);
  for (let index = progress.calls.length - 1; index > spoken; index -= 1) {
    const call = progress.calls[index];
    for (const step of plan.steps) {
      if (call === undefined || !call.ok || call.operation !== step.operation) continue;
      for (const [input, binding] of step.bindings) {
        if (binding.kind !== "answer" || binding.source.field !== source.field) continue;
        const given = sentText(call, input);
        if (given !== undefined) return given;
      }
    }
  }
  return undefined;
}

/** A read that shows the same value, if the answer that had it is no longer visible. */
function fromElsewhere(field: Field, source: Source, context: PlanningContext): InputResolution {
  const owner = context.plan.steps.find((step) => step.bindings.has(field))?.operation;
  const other = (owner === undefined ? [] : context.catalog.sources(owner, field)).find(
    ({ operation }) =>
      operation !== source.operation &&
      !operation.writes &&
      !operation.inputs.some(({ required }) => required),
  );
  if (other === undefined) return { kind: "none", reason: `the ${source.field.leaf} is no longer known` };
  for (const { answer } of successfulCalls(context, other.operation).reverse()) {
    if (answer === undefined) continue;
    const from = other.listed ? itemsOf(answer.body, other.operation)[0] : answer.body;
    const found = readItem(from ?? null, other.field, itemFields(other.operation));
    if (found !== undefined && found !== null) return value(found);
    return { kind: "none", reason: `the ${source.field.leaf} is no longer known` };
  }
  const { target, call: method, path } = other.operation;
  return { kind: "call", request: { target, method, path } };
}
