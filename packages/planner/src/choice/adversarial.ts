import { isNumeric, isText } from "@ape/catalog/operations/field";
import type { Json, JsonObject } from "@ape/core/lib/json";
import { isJsonObject } from "@ape/core/lib/json";
import type { PlannerDecision, PlanningContext } from "../planning-context.ts";
import { decideStep, setAtPath } from "./step-call.ts";

/**
 * Changes a decision as an adversarial user would: the first call that changes something (other than a login) is sent
 * once with a value that no target should accept; after that the same call is sent correctly.
 */
export function adversarialDecision(decision: PlannerDecision, context: PlanningContext): PlannerDecision {
  const { plan, progress } = context;
  const at = plan.steps.findIndex(({ operation }) => operation.writes && !operation.login);
  const step = plan.steps[at];
  if (step === undefined || at !== progress.at) return decision;
  const { operation } = step;
  const body = operation.inputs.filter(({ in: place, required }) => place === "body" && required);
  const field = body.find(isNumeric) ?? body.find(isText);
  if (field === undefined) return decision;
  const tries = progress.attempts[at]?.length ?? 0;
  // The refusal was provoked: the correct call needs no repair, and nothing of the spoiled one.
  if (tries === 1)
    return decideStep(at, {
      ...context,
      progress: { ...progress, attempts: progress.attempts.with(at, []) },
    });
  if (tries > 1 || decision.kind !== "call") return decision;
  const { method, target, data } = decision.request;
  if (method !== operation.call || target !== operation.target || !isJsonObject(data)) return decision;
  const wrong: Json = isNumeric(field) ? -1 : "";
  const spoiled = setAtPath(structuredClone(data) as JsonObject, field.name, wrong);
  return { kind: "call", request: { ...decision.request, data: spoiled } };
}
