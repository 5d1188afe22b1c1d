import { makesThing } from "@ape/catalog/checks/made-thing";
import { clauseOf, clausesOf } from "@ape/catalog/goal/clause";
import { type Field, isReference } from "@ape/catalog/operations/field";
import { collectionOfParameter } from "@ape/catalog/operations/item-identifier";
import { namesItemOf } from "@ape/catalog/operations/made-resource";
import type { Operation, OperationCatalog } from "@ape/catalog/operations/operation-catalog";
import { subjectOf } from "@ape/catalog/operations/operation-subject";
import { isComposite, type Json } from "@ape/core/lib/json";
import { isPlainIdName } from "@ape/core/protocol/id-name";
import { decideStep } from "../choice/step-call.ts";
import { isData } from "../goal/fact-assignment.ts";
import { planClauses } from "../goal/goal-planner.ts";
import type { PastCall } from "../goal/past-call.ts";
import type { Plan } from "../goal/plan.ts";
import { follow } from "../goal/progress.ts";
import { type PlannerDecision, type PlanningContext, repeatCall, sentValue } from "../planning-context.ts";

const DEMANDS =
  /\b(?:first|before|must|needs? to|has to|have to|required|not (?:yet )?(?:been )?\w+(?:ed|id|en))\b/i;
/** A refusal of what was sent asks for something else only where it says so. */
const INVALID = new Set([400, 412, 422]);
const FIRST = /\b(?:first|before|beforehand|not yet)\b/i;
const PASSIVE =
  /\b(?:must|has to|have to|needs? to|should)(?: first)? be (\w+)|\b(?:is|was|has)(?: not|n't)(?: yet)?(?: been)? (\w+(?:ed|id|en))\b/i;

/** Begins what is done to the refused thing itself. */
const MARK = "mark it as ";

/**
 * The next call for what a refusal asks for before the refused call: `close the open shift first`, `the order must be paid
 * before`. It is done to the thing that was refused, if the refused call was about one; after that the refused call is made
 * again, once, as it was. Undefined if the refusal asks for nothing that an operation here does, or if that did not help.
 * @param since the calls after it
 */
export function requiredFirst(
  call: PastCall,
  index: number,
  since: readonly PastCall[],
  context: PlanningContext,
): PlannerDecision | undefined {
  const { progress, catalog } = context;
  const said = stringsIn(call.answer?.body).filter((text) =>
    (INVALID.has(call.status) ? FIRST : DEMANDS).test(text),
  );
  for (const demand of said.flatMap((text) => demandsIn(text, context))) {
    const plan = planWith(demand, index, context);
    const last = plan?.steps.at(-1)?.operation;
    if (plan === undefined || last === undefined || !last.writes || last === call.operation || last.login)
      continue;
    const same = valuesOfSame(last, call, catalog);
    // The refused thing itself is not submitted: another one does not help.
    if (
      same.size === 0 &&
      makesThing(last) &&
      (demand.startsWith(MARK) || isOfSameKind(last, call.operation))
    )
      continue;
    const before = progress.calls.filter(({ step }) => step < call.step);
    if (before.some((other) => isOfDemand(other, last, same, context))) continue;
    const tried = since.filter(({ operation }) => operation === last);
    if (tried.some(({ ok }) => ok)) return repeatCall(call) ?? decideStep(index, context);
    if (tried.length > 1) continue;
    const done = follow(progress.calls, plan, context.view.dropped > 0);
    const at = isGiven(plan, same) ? plan.steps.length - 1 : done.at;
    if (at >= plan.steps.length) continue;
    return decideStep(
      at,
      { ...context, plan, progress: done },
      at === plan.steps.length - 1 ? same : undefined,
    );
  }
  return undefined;
}

/** Whether an operation makes things of the kind that the refused call was about. */
const isOfSameKind = (making: Operation, refused: Operation | undefined): boolean =>
  refused?.path.includes("{") === true && subjectOf(making).collection === subjectOf(refused).collection;

/** Whether the last step of a plan takes everything that it needs from elsewhere from the refused call. */
const isGiven = ({ steps }: Plan, same: ReadonlyMap<Field, Json>): boolean =>
  same.size > 0 &&
  [...(steps.at(-1)?.bindings ?? [])].every(([field, { kind }]) => kind === "fact" || same.has(field));

/** The values of a refused call for the inputs of another operation that name the same thing: the entry in `/entries/{id}/screen`. */
function valuesOfSame(operation: Operation, call: PastCall, catalog: OperationCatalog): Map<Field, Json> {
  const values = new Map<Field, Json>();
  const refused = call.operation;
  if (refused === undefined || refused.target !== operation.target) return values;
  for (const field of operation.inputs) {
    if (field.in !== "path" && !isReference(field)) continue;
    const other = refused.inputs.find((one) => isSameThing(field, operation, one, refused, catalog));
    const value = other === undefined ? undefined : sentValue(call, other);
    if (value !== undefined) values.set(field, value);
  }
  return values;
}

/** Whether two inputs of two operations name one thing. */
function isSameThing(
  field: Field,
  operation: Operation,
  other: Field,
  refused: Operation,
  catalog: OperationCatalog,
): boolean {
  if (other.in !== "path" && !isReference(other)) return false;
  const collection = collectionOfParameter(field, operation);
  if (collection !== undefined && collection === collectionOfParameter(other, refused)) return true;
  if (field.leaf === other.leaf && !isPlainIdName(field.leaf)) return true;
  if (other.in === "path" && namesItemOf(field, refused.path, other.name)) return true;
  if (field.in === "path" && namesItemOf(other, operation.path, field.name)) return true;
  const [own] = catalog.sources(operation, field);
  const [its] = catalog.sources(refused, other);
  return own !== undefined && own.operation === its?.operation && own.field === its.field;
}

/** Whether a call has done what is demanded to the same thing, or, where it is about none, for no step of the goal's own plan. */
function isOfDemand(
  call: PastCall,
  demanded: Operation,
  same: ReadonlyMap<Field, Json>,
  { plan }: PlanningContext,
): boolean {
  if (call.operation !== demanded) return false;
  // What was done to another thing does not help this one.
  if (same.size > 0)
    return [...same].every(([field, value]) => String(sentValue(call, field)) === String(value));
  return !plan.steps.some((step) => step.operation === demanded);
}

function stringsIn(body: Json | undefined): string[] {
  if (typeof body === "string") return [body];
  return isComposite(body) ? Object.values(body).flatMap(stringsIn) : [];
}

/** What a refusal may ask for, as clauses. */
function demandsIn(text: string, { catalog }: PlanningContext): string[] {
  const [, must, lacking] = PASSIVE.exec(text) ?? [];
  const state = must ?? lacking;
  const active = clausesOf(text, catalog.verbs).flatMap(({ active: acts, said }) =>
    acts ? said.replace(/\b(?:first|before\b.*)$/i, "").trim() : [],
  );
  return [...(state === undefined ? [] : [`${MARK}${state}`]), ...active];
}

/** The plan for the parts of the goal before a step, and what is asked for after them; undefined if no operation serves it. */
function planWith(demand: string, index: number, { plan, catalog, view }: PlanningContext): Plan | undefined {
  const before = new Set(plan.steps.slice(0, index).flatMap(({ clause }) => clause ?? []));
  const data = view.facts.filter(isData);
  const clause = clauseOf(
    demand,
    catalog.verbs,
    [],
    [...before].findLast(({ along }) => along !== true),
  );
  const own = planClauses([...before], catalog, data);
  const extended = planClauses([...before, clause], catalog, data);
  return extended.steps.length > own.steps.length ? extended : undefined;
}
