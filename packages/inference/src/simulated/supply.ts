import type { Json } from "@ape/core/json";
import { isComposite } from "@ape/core/json";
import type { Operation, Source } from "./catalogue.ts";
import { candidates, takeOne, triesOf } from "./choice.ts";
import { listIn, readItem, valueAt } from "./evidence.ts";
import type { Field } from "./field.ts";
import { inspected } from "./inspection.ts";
import type { Binding, Choice } from "./itinerary.ts";
import { idMade } from "./made.ts";
import { nextPage } from "./paging.ts";
import { factFor, givenIn, goodCalls, type Request, type Situation } from "./situation.ts";

/** A value, or the step that must be done first, or the very call, or why there is none. */
export type Supply =
  | { kind: "value"; value: Json }
  | { kind: "step"; step: number }
  | { kind: "call"; request: Request }
  | { kind: "none"; reason: string };

const value = (json: Json): Supply => ({ kind: "value", value: json });

/** Gets the value of an input from where it is bound to. */
export function supply(field: Field, binding: Binding, situation: Situation): Supply {
  if (binding.kind === "choice") return fromChoice(binding.choice, binding.field, situation);
  if (binding.kind === "answer") return fromAnswer(field, binding.source, binding.step, situation);
  const fact = situation.view.facts.find(({ name }) => name === binding.name);
  return fact === undefined
    ? { kind: "none", reason: `nothing is known of ${binding.name}` }
    : value(fact.value);
}

function fromChoice(choice: Choice, field: Field, situation: Situation): Supply {
  const { operation } = situation.itinerary.steps[choice.step] ?? {};
  if (operation === undefined) return { kind: "none", reason: "there is nothing to choose from" };
  const { taken } = triesOf(choice, situation);
  if (taken !== undefined) {
    if (taken.field === field) return value(taken.value);
    const other = sameItem(operation, taken.field, taken.value, field, situation);
    if (other !== undefined) return value(other);
  }
  const take = (items: readonly Json[]): Supply => {
    const pick = (): Json => takeOne(items, choice, operation, situation);
    const look = situation.manner.inspects ? inspected(choice, items, situation, pick) : undefined;
    if (look !== undefined && "request" in look) return { kind: "call", request: look.request };
    return value(readItem(look?.item ?? pick(), field, operation.list?.fields ?? []) ?? null);
  };
  const found = candidates(choice, field, situation);
  if (found.length > 0) return take(found);
  const more = lookOn(choice, operation, situation);
  if (more.kind !== "none") return more;
  const doubtful = candidates(choice, field, situation, true);
  return doubtful.length > 0 ? take(doubtful) : more;
}

/** The call that shows more to choose from. */
export function lookOn(choice: Choice, operation: Operation, situation: Situation): Supply {
  const last = goodCalls(situation, operation).at(-1);
  if (last === undefined) return { kind: "step", step: choice.step };
  if (last.answer === undefined && last.method !== undefined)
    return {
      kind: "call",
      request: { target: last.target, method: last.method, path: last.path, query: last.query },
    };
  const next = nextPage(last, operation);
  if (next !== undefined) return { kind: "call", request: next };
  const narrow = operation.inputs.filter(
    (field) => field.in === "query" && field.name in last.query && !field.required,
  );
  const empty = listIn(last.answer?.body ?? null, operation.list?.prefix ?? "")?.items.length === 0;
  if (empty && narrow.length > 0 && last.method !== undefined)
    return { kind: "call", request: { target: last.target, method: last.method, path: last.path } };
  return { kind: "none", reason: "nothing that suits is left to choose" };
}

/** Another field of the item that was taken, where its list is still in sight. */
function sameItem(
  operation: Operation,
  by: Field,
  taken: string,
  field: Field,
  situation: Situation,
): Json | undefined {
  const fields = operation.list?.fields ?? [];
  for (const { answer } of goodCalls(situation, operation).reverse()) {
    const items = listIn(answer?.body ?? null, operation.list?.prefix ?? "")?.items ?? [];
    const item = items.find((candidate) => String(readItem(candidate, by, fields)) === taken);
    if (item !== undefined) return readItem(item, field, fields);
  }
  return undefined;
}

function fromAnswer(field: Field, source: Source, step: number, situation: Situation): Supply {
  const seen = seenValue(source, situation);
  if (seen !== undefined) return value(seen);
  const fact = factFor(situation, source);
  if (fact !== undefined) return value(fact.value);
  const used = usedBefore(source, situation);
  if (used !== undefined) return value(used);
  const { operation } = source;
  if (goodCalls(situation, operation).length === 0 || !operation.writes || operation.login)
    return { kind: "step", step };
  if (source.made) return { kind: "none", reason: `${operation.key} has not told the ${field.leaf}` };
  return fromElsewhere(field, source, situation);
}

/** The value in one of the answers that are still there. */
export function seenValue({ operation, field, made }: Source, situation: Situation): Json | undefined {
  for (const call of goodCalls(situation, operation).reverse()) {
    const { answer } = call;
    if (answer === undefined) continue;
    if (made) return idMade(call, field);
    const found = valueAt(answer.body, field.name) ?? readItem(answer.body, field, operation.answers);
    if (found !== undefined && found !== null && !isComposite(found)) return found;
  }
  return undefined;
}

/** What an earlier call took from the same source, unless the source has spoken anew since. */
function usedBefore(source: Source, { progress, itinerary }: Situation): string | undefined {
  const spoken = progress.calls.findLastIndex((call) => call.ok && call.operation === source.operation);
  for (let index = progress.calls.length - 1; index > spoken; index -= 1) {
    const call = progress.calls[index];
    for (const step of itinerary.steps) {
      if (call === undefined || !call.ok || call.operation !== step.operation) continue;
      for (const [input, binding] of step.bindings) {
        if (binding.kind !== "answer" || binding.source.field !== source.field) continue;
        const given = givenIn(call, input);
        if (given !== undefined) return given;
      }
    }
  }
  return undefined;
}

/** A read that shows the same value, where the answer that gave it is gone. */
function fromElsewhere(field: Field, source: Source, situation: Situation): Supply {
  const owner = situation.itinerary.steps.find((step) => step.bindings.has(field))?.operation;
  const other = (owner === undefined ? [] : situation.catalogue.sources(owner, field)).find(
    ({ operation }) =>
      operation !== source.operation &&
      !operation.writes &&
      !operation.inputs.some(({ required }) => required),
  );
  if (other === undefined) return { kind: "none", reason: `the ${source.field.leaf} is no longer known` };
  for (const { answer } of goodCalls(situation, other.operation).reverse()) {
    if (answer === undefined) continue;
    const fields = other.operation.list?.fields ?? [];
    const from = other.listed
      ? listIn(answer.body, other.operation.list?.prefix ?? "")?.items[0]
      : answer.body;
    const found = readItem(from ?? null, other.field, fields);
    if (found !== undefined && found !== null) return value(found);
    return { kind: "none", reason: `the ${source.field.leaf} is no longer known` };
  }
  const { target, call: method, path } = other.operation;
  return { kind: "call", request: { target, method, path } };
}
