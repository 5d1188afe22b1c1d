import { clausesOf } from "@ape/catalog/goal/clause";
import { isComposite, type Json } from "@ape/core/lib/json";
import { decideStep } from "../choice/step-call.ts";
import { isData } from "../goal/fact-assignment.ts";
import { planGoal } from "../goal/goal-planner.ts";
import type { PastCall } from "../goal/past-call.ts";
import type { Plan } from "../goal/plan.ts";
import { follow } from "../goal/progress.ts";
import type { PlannerDecision, PlanningContext } from "../planning-context.ts";

const DEMANDS =
  /\b(?:first|before|must|needs? to|has to|have to|required|not (?:yet )?(?:been )?\w+(?:ed|id|en))\b/i;
const PASSIVE =
  /\b(?:must|has to|have to|needs? to|should)(?: first)? be (\w+)|\b(?:is|was|has)(?: not|n't)(?: yet)?(?: been)? (\w+(?:ed|id|en))\b/i;

/**
 * The next call for what a refusal asks for before the refused call: `close the open shift first`, `the order must be paid
 * before`. After that the refused call is made again, once. Undefined if the refusal asks for nothing that an operation here
 * does, or if that did not help.
 * @param since the calls after it
 */
export function requiredFirst(
  call: PastCall,
  index: number,
  since: readonly PastCall[],
  context: PlanningContext,
): PlannerDecision | undefined {
  const { progress } = context;
  const said = stringsIn(call.answer?.body).filter((text) => DEMANDS.test(text));
  for (const demand of said.flatMap((text) => demandsIn(text, context))) {
    const plan = planWith(demand, index, context);
    const last = plan?.steps.at(-1)?.operation;
    if (plan === undefined || last === undefined || !last.writes || last === call.operation || last.login)
      continue;
    const before = progress.calls.filter(({ step }) => step < call.step);
    if (before.some((other) => other.operation === last && isOfDemand(other, context))) continue;
    const tried = since.filter(({ operation }) => operation === last);
    if (tried.some(({ ok }) => ok)) return decideStep(index, context);
    if (tried.length > 1) continue;
    const done = follow(progress.calls, plan, context.view.dropped > 0);
    if (done.at >= plan.steps.length) continue;
    return decideStep(done.at, { ...context, plan, progress: done });
  }
  return undefined;
}

/** Whether a call is for the demand, and not for a step of the goal's own plan. */
const isOfDemand = ({ operation }: PastCall, { plan }: PlanningContext): boolean =>
  !plan.steps.some((step) => step.operation === operation);

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
  return [...(state === undefined ? [] : [`mark it as ${state}`]), ...active];
}

/** The plan for the parts of the goal before a step, and what is asked for after them; undefined if no operation serves it. */
function planWith(demand: string, index: number, { plan, catalog, view }: PlanningContext): Plan | undefined {
  const said = new Set(plan.steps.slice(0, index).flatMap(({ clause }) => clause?.said ?? []));
  const data = view.facts.filter(isData);
  const own = planGoal([...said].join(". "), catalog, data);
  const extended = planGoal([...said, demand].join(". "), catalog, data);
  return extended.steps.length > own.steps.length ? extended : undefined;
}
