import type { Json, JsonObject } from "@ape/core/json";
import { isJsonObject } from "@ape/core/json";
import { decideStep, placed } from "./arguments.ts";
import { isNumeric, isText } from "./field.ts";
import type { Decision, Situation } from "./situation.ts";

/**
 * What somebody who tries what is not meant to be done makes of a decision: the first call that changes something (a
 * login aside) goes out with a value that no target should take, once; after that the same call goes out as it should be.
 */
export function mischievous(decision: Decision, situation: Situation): Decision {
  const { itinerary, progress } = situation;
  const at = itinerary.steps.findIndex(({ operation }) => operation.writes && !operation.login);
  const step = itinerary.steps[at];
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
  if (tries === 1) return decideStep(at, situation);
  if (tries > 1) return decision;
  const wrong: Json = isNumeric(field) ? -1 : "";
  const spoiled = placed(structuredClone(data) as JsonObject, field.name, wrong);
  return { kind: "call", request: { ...decision.request, data: spoiled } };
}
