import { choiceConstraints } from "@ape/catalog/goal/choice-constraints";
import { type Field, isPlace } from "@ape/catalog/operations/field";
import { subjectOf } from "@ape/catalog/operations/operation-subject";
import { isComposite, type Json } from "@ape/core/lib/json";
import type { Step } from "../goal/plan.ts";
import { type PlanningContext, sentValue } from "../planning-context.ts";
import { valueAt } from "./response-values.ts";

/**
 * The value that a thing has already, for an input of an update that the goal does not change: what an earlier call on
 * the same collection sent under that name, or answered. A whole replacement (PUT, RFC 9110, section 9.3.4) would lose
 * it otherwise.
 */
export function keptValue({ operation }: Step, field: Field, context: PlanningContext): Json | undefined {
  const { verbClass, collection } = subjectOf(operation);
  if (field.in !== "body" || verbClass !== "update" || collection === "") return undefined;
  for (const call of context.progress.calls.toReversed()) {
    if (!call.ok || call.operation === undefined || call.target !== operation.target) continue;
    if (subjectOf(call.operation).collection !== collection) continue;
    const sent = call.operation.inputs.find((other) => other.in === "body" && other.name === field.name);
    const found =
      (sent === undefined ? undefined : sentValue(call, sent)) ?? valueAt(call.answer?.body, field.name);
    if (found !== undefined && found !== null && !isComposite(found)) return found;
  }
  return undefined;
}

/**
 * The value that an earlier step sends, for an input of a call about the same thing: the path of the file that it writes,
 * where the goal goes on `read that file` or `move it`.
 */
export function sentBefore(step: Step, field: Field, context: PlanningContext): Json | undefined {
  const { operation } = step;
  if (field.in === "header" || (operation.writes && !isPlace(field))) return undefined;
  const { plan, progress } = context;
  for (const earlier of plan.steps.slice(0, plan.steps.indexOf(step)).toReversed()) {
    const { operation: made } = earlier;
    if (made === operation || !made.writes || made.login || made.target !== operation.target) continue;
    const inputs = made.inputs.filter((other) => other.type === field.type);
    const same =
      inputs.find((other) => other.leaf === field.leaf) ??
      (isPlace(field) ? inputs.find(isPlace) : undefined);
    if (same === undefined) continue;
    const call = progress.calls.findLast(({ ok, operation: one }) => ok && one === made);
    // Steps that are decided together have not been sent yet.
    const sent = call === undefined ? choiceConstraints(earlier, []).get(same) : sentValue(call, same);
    if (sent !== undefined && sent !== null && !isComposite(sent)) return sent;
  }
  return undefined;
}
