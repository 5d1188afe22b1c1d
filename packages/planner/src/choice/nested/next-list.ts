import type { Field } from "@ape/catalog/operations/field";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { isComposite } from "@ape/core/lib/json";
import { encodeSegment } from "@ape/core/lib/percent";
import type { PastCall } from "../../goal/past-call.ts";
import { type ListChoice, type Plan, quotedList, type Step } from "../../goal/plan.ts";
import { type PlanningContext, type Request, sentText, successfulCalls } from "../../planning-context.ts";
import { choiceAttempts } from "../candidates.ts";
import { isPaging, nextPage } from "../listed/paging.ts";
import { itemFields, itemsOf, readItem } from "../response-values.ts";
import { isPinned, parentOf } from "./parents.ts";

/** Lists of one kind that are read for one choice. */
const MOST_LISTS = 12;
/** Steps beyond those of the plan that must be left to read another list. */
const SPARE_STEPS = 2;

/** The call that reads the list of the next parent, or why lists are left unread. */
export type NextList = { request: Request } | { reason: string };

/**
 * Where things are listed by their parents alone, `/depots/{depot}/shelves/{shelf}/crates`, and the goal names no parent: the call
 * that reads the list of the next one, after all the lists that were read have nothing that suits. Undefined where all were read.
 */
export function nextList(choice: ListChoice, context: PlanningContext): NextList | undefined {
  const { plan, view, progress } = context;
  const step = plan.steps[choice.step];
  if (step === undefined || progress.calls.every(({ operation }) => operation !== step.operation))
    return undefined;
  // What the goal names was found, and the target has refused it: there is no other one.
  if (isPinned(choice) && choiceAttempts(choice, context).failed.size > 0) return undefined;
  const request = listOfNextParent(step, context);
  if (request === undefined) return undefined;
  const read = new Set(successfulCalls(context, step.operation).map(({ path }) => path)).size;
  const needed = plan.steps.length - progress.at + SPARE_STEPS;
  if (read < MOST_LISTS && (view.stepsLeft === undefined || view.stepsLeft > needed)) return { request };
  const { called } = choice;
  return {
    reason:
      called === undefined
        ? `nothing suits in the ${read} lists that were read`
        : `nothing is called ${quotedList([called.whole])} in the ${read} lists that were read, and there are more`,
  };
}

/** Whether a session has left the list of one parent for that of another: the last one has nothing and is read no more. */
export function isLookingOn(choice: ListChoice, { plan, progress: { calls } }: PlanningContext): boolean {
  const own = plan.steps[choice.step]?.operation;
  const last = calls.at(-1)?.operation;
  return (
    last !== undefined &&
    last !== own &&
    calls.some(({ operation }) => operation === own) &&
    listsParentsOf(last, choice, plan)
  );
}

/** Whether an operation lists what the list of a choice belongs to. */
export function listsParentsOf(operation: Operation, choice: ListChoice, plan: Plan): boolean {
  for (let parent = parentOf(plan.steps[choice.step]); parent !== undefined; ) {
    const step: Step | undefined = plan.steps[parent.binding.choice.step];
    if (step?.operation === operation) return true;
    parent = parentOf(step);
  }
  return false;
}

function listOfNextParent(step: Step, context: PlanningContext): Request | undefined {
  const parent = parentOf(step);
  const from = parent === undefined ? undefined : context.plan.steps[parent.binding.choice.step];
  if (parent === undefined || from === undefined || from === step) return undefined;
  const last = successfulCalls(context, from.operation).at(-1);
  if (last?.method === undefined) return undefined;
  // The answers of many lists push out that of their parents.
  if (last.answer === undefined)
    return { target: last.target, method: last.method, path: last.path, query: last.query };
  for (const item of itemsOf(last.answer.body, from.operation)) {
    const id = readItem(item, parent.binding.field, itemFields(from.operation));
    if (id === undefined || id === null || isComposite(id)) continue;
    const request = requestFor(step, { ...parent, id: String(id) }, { from, last }, context);
    if (request !== undefined && !isMade(request, step.operation, parent.field, context)) return request;
  }
  return nextPage(last, from.operation) ?? listOfNextParent(from, context);
}

/** The call of a list for one parent, with all else as it was asked for last. */
function requestFor(
  { operation, bindings }: Step,
  parent: { field: Field; id: string },
  { from, last }: { from: Step; last: PastCall },
  { progress }: PlanningContext,
): Request | undefined {
  const before = progress.calls.findLast((call) => call.operation === operation);
  if (before === undefined) return undefined;
  const query: Record<string, string> = {};
  let { path } = operation;
  for (const field of operation.inputs) {
    const binding = bindings.get(field);
    const shared =
      binding?.kind === "choice"
        ? [...from.bindings].find(([, other]) => other.kind === "choice" && other.choice === binding.choice)
        : undefined;
    const value =
      field === parent.field ? parent.id : ((shared && sentText(last, shared[0])) ?? sentText(before, field));
    if (value === undefined) continue;
    if (field.in === "path") path = path.replace(`{${field.name}}`, encodeSegment(value));
    else if (field.in === "query" && !isPaging(field)) query[field.name] = value;
  }
  const request: Request = { target: operation.target, method: operation.call, path };
  return Object.keys(query).length === 0 ? request : { ...request, query };
}

/** Whether the list of a parent was asked for before, with or without an answer. */
const isMade = (
  { path, query }: Request,
  operation: Operation,
  { name, in: place }: Field,
  { progress }: PlanningContext,
): boolean =>
  progress.calls.some(
    (call) =>
      call.operation === operation &&
      call.path === path &&
      (place === "path" || call.query[name] === String(query?.[name])),
  );
