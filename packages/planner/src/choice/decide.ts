import type { Clause } from "@ape/catalog/goal/clause";
import { isReference } from "@ape/catalog/operations/field";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { writeJson } from "@ape/core/lib/lossless-number";
import type { PastCall } from "../goal/past-call.ts";
import { type ListChoice, leftUndone, nothingWith } from "../goal/plan.ts";
import {
  factFor,
  finishWith,
  IN_SIGHT,
  noteName,
  type PlannerDecision,
  type PlanningContext,
  successfulCalls,
} from "../planning-context.ts";
import { repair } from "../repair/repair.ts";
import { decideOnPage } from "../web/web-planner.ts";
import { lookBehind, whyNotNamed } from "./by-name/related-thing.ts";
import { readForTold } from "./by-name/told-item.ts";
import { candidates } from "./candidates.ts";
import { explore } from "./explore.ts";
import { answeredBy, nextListCall, seenValue } from "./input-resolution.ts";
import { valuesNotFound } from "./listed/asked-filters.ts";
import { isLookingOn, listsParentsOf, nextList } from "./nested/next-list.ts";
import { visibleList } from "./response-values.ts";
import { decideStep } from "./step-call.ts";

/** Maximum number of times that a call is repeated. */
const MOST_REPEATS = 8;

/** The next step of a session. */
export function decide(context: PlanningContext): PlannerDecision {
  const { plan, catalog } = context;
  const [unknown] = catalog.undocumented;
  const [web] = catalog.web;
  if (web !== undefined && plan.steps.length === 0) return decideOnPage(web, context);
  if (plan.steps.length === 0) {
    if (unknown !== undefined) return explore(unknown, context);
    const left = leftUndone(plan);
    return finishWith(
      left.length === 0 ? "Nothing here serves the goal." : `Nothing is done: ${left.join("; ")}.`,
    );
  }
  const decision = looped(next(context), context);
  return decision.kind === "call" ? (keepFirst(context) ?? decision) : decision;
}

function next(context: PlanningContext): PlannerDecision {
  const { progress, plan } = context;
  const { pending, since, at } = progress;
  const last = progress.calls.findLast(({ operation }) => operation !== undefined);
  if (last !== undefined && !last.ok && last !== pending) {
    const index = progress.attempts.findIndex((calls) => calls.includes(last));
    const optional =
      index < 0 && last.status !== 401 && last.status < 500 && last.status !== 429 && last.status !== 0;
    const endOfList =
      index >= 0 && plan.steps[index]?.operation.writes === false && last.status >= 400 && last.status < 500;
    if (endOfList && last.status !== 401 && last.status !== 429)
      return listBesides(index, context) ?? finishWith("The list ends without anything that suits.");
    if (!optional) return repair(last, index, [], context);
  }
  if (pending !== undefined) return repair(pending, at, since, context);
  return unsatisfied(last, context) ?? decideStep(at, context);
}

/** The call that reads the list of another parent, where that of one is refused or is not there. */
function listBesides(index: number, context: PlanningContext): PlannerDecision | undefined {
  const choice = context.plan.choices.find(({ step }) => step === index);
  const other = choice === undefined ? undefined : nextList(choice, context);
  return other !== undefined && "request" in other ? { kind: "call", request: other.request } : undefined;
}

/** A list that no step chooses from must still show what the goal asks for. */
function unsatisfied(last: PastCall | undefined, context: PlanningContext): PlannerDecision | undefined {
  const { plan, progress } = context;
  const choice = plan.choices.find(({ step }) => step === progress.at - 1);
  const operation = plan.steps[progress.at - 1]?.operation;
  if (choice === undefined || operation === undefined || last?.operation === undefined) return undefined;
  if (last.operation !== operation && !listsParentsOf(last.operation, choice, plan)) return undefined;
  const { called, told } = choice;
  const isOpen = called === undefined && told === undefined && choice.described === undefined;
  const own = plan.steps[choice.step]?.clause;
  const isAnyOfThem = isOpen && choice.clauses.every(({ bounds }) => bounds.length === 0);
  if (isAnyOfThem)
    return own !== undefined && seeksOne(own) ? nothingThere(last, choice, operation, context) : undefined;
  const id = operation.list?.fields.find(isReference) ?? operation.list?.fields[0];
  if (id === undefined || candidates(choice, id, context).length > 0) return undefined;
  // By its number a thing can be read although the list does not show it.
  const isTaken = plan.steps.some(({ bindings }) =>
    [...bindings.values()].some((one) => one.kind === "choice" && one.choice === choice),
  );
  if (called?.numbered !== undefined && isTaken) return undefined;
  const onward = isLookingOn(choice, context) ? nextList(choice, context) : undefined;
  if (onward !== undefined && "request" in onward) return { kind: "call", request: onward.request };
  const more = nextListCall(choice, operation, context);
  if (more.kind === "call") return more;
  const behind = lookBehind(choice, operation, context);
  if (behind !== undefined) return { kind: "call", request: behind };
  if (called !== undefined && candidates(choice, id, context, true).length > 0) return undefined;
  const unread = readForTold(choice, id, context);
  if (unread !== undefined) return { kind: "call", request: unread };
  const nested = nextList(choice, context);
  if (nested !== undefined)
    return "request" in nested
      ? { kind: "call", request: nested.request }
      : finishWith(`Cannot go on: ${nested.reason}.`);
  const unnamed = whyNotNamed(choice, operation, context) ?? (told && nothingWith(told));
  return unnamed === undefined ? undefined : finishWith(`Cannot go on: ${unnamed}.`);
}

/** Whether a clause looks for one thing, and not for whatever a list shows: `find a red volcano`, `read the latest bulletin`. */
const seeksOne = ({ indefinite, extreme, said }: Clause): boolean =>
  indefinite || extreme !== undefined || NEWEST_ONE.test(said);
const NEWEST_ONE = /\b(?:latest|newest|most recent|oldest|earliest) (?!\w*s\b)\w/i;

/** Where a list shows nothing: the call that shows more of it, or the end of the session. */
function nothingThere(
  last: PastCall,
  choice: ListChoice,
  operation: Operation,
  context: PlanningContext,
): PlannerDecision | undefined {
  const missed = valuesNotFound(choice, context);
  if (missed.length > 0) return finishWith(`Cannot go on: ${nothingWith(missed.map((said) => ({ said })))}.`);
  const shown = visibleList(last.answer?.body, operation);
  if (shown === undefined || shown.hidden > 0 || shown.items.length > 0) return undefined;
  const more = nextListCall(choice, operation, context);
  return more.kind === "call" ? more : finishWith(`Cannot go on: ${operation.key} shows nothing.`);
}

/** Keeps a value that a later step needs, before the answer with it leaves the view. */
function keepFirst(context: PlanningContext): PlannerDecision | undefined {
  const { view, plan, progress, tools } = context;
  const oldest = view.results.length >= IN_SIGHT ? view.results[0] : undefined;
  if (
    oldest === undefined ||
    !tools.has("state_update") ||
    view.trail.at(-1)?.call.startsWith("state_update")
  )
    return undefined;
  for (const step of plan.steps.slice(progress.at)) {
    for (const binding of step.bindings.values()) {
      if (binding.kind !== "answer") continue;
      const { source, nth } = binding;
      const giving = successfulCalls(context, source.operation).at(nth ?? -1);
      if (giving?.answer?.step !== oldest.step || factFor(context, source, nth) !== undefined) continue;
      const value = nth === undefined ? seenValue(source, context) : answeredBy(source, giving);
      if (value !== undefined) return { kind: "keep", name: noteName(source, nth), value };
    }
  }
  return undefined;
}

/** Ends a session that loops. */
function looped(decision: PlannerDecision, { progress }: PlanningContext): PlannerDecision {
  if (decision.kind !== "call") return decision;
  const { method, path, query = {}, data } = decision.request;
  const asked = writeJson([
    Object.entries(query).map(([name, value]) => [name, String(value)]),
    data ?? null,
  ]);
  const same = progress.calls.filter(
    (call) =>
      call.method === method &&
      call.path === path &&
      writeJson([Object.entries(call.query), call.data ?? null]) === asked,
  );
  return same.length < MOST_REPEATS
    ? decision
    : finishWith(`${method} ${path} was made ${same.length} times and leads nowhere.`);
}
