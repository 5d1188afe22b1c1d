import { isNumeric, isText } from "@ape/catalog/operations/field";
import type { Json, JsonObject } from "@ape/core/lib/json";
import { isJsonObject } from "@ape/core/lib/json";
import type { PlannerDecision, PlanningContext } from "../planning-context.ts";
import { decideStep, setAtPath } from "./step-call.ts";

/**
 * What somebody who tries what is not meant to be done makes of a decision: the first call that changes something (a
 * login aside) goes out with a value that no target should take, once; after that the same call goes out as it should be.
 */
export function adversarialDecision(decision: PlannerDecision, context: PlanningContext): PlannerDecision {
  const { plan, progress } = context;
  const at = plan.steps.findIndex(({ operation }) => operation.writes && !operation.login);
  const step = plan.steps[at];
  const tries = progress.attempts[at]?.length ?? 0;
  if (step === undefined || at !== progress.at || decision.kind !== "call") return decision;
  const { operation } = step;
  if (decision.request.method !== operation.call || decision.request.target !== operation.target)
    return decision;
  const body = operation.inputs.filter(({ in: place, required }) => place === "body" && required);
  const field = body.find(isNumeric) ?? body.find(isText);
  const { data } = decision.request;
  if (field === undefined || !isJsonObject(data)) return decision;
  // The refusal was asked for: nothing is to be put right about what would have been sent.
  if (tries === 1) return decideStep(at, context);
  if (tries > 1) return decision;
  const wrong: Json = isNumeric(field) ? -1 : "";
  const spoiled = setAtPath(structuredClone(data) as JsonObject, field.name, wrong);
  return { kind: "call", request: { ...decision.request, data: spoiled } };
}
