import { choiceConstraints } from "@ape/catalog/goal/choice-constraints";
import { type Field, isReference, isSecret } from "@ape/catalog/operations/field";
import type { Json } from "@ape/core/lib/json";
import { defaultFor } from "../choice/default-value.ts";
import type { Changes } from "../choice/step-call.ts";
import type { PastCall } from "../goal/past-call.ts";
import type { Step } from "../goal/plan.ts";
import { type PlanningContext, sentValue } from "../planning-context.ts";
import { isForcing } from "./demanded-parameter.ts";
import { errorMessageFor } from "./error-message.ts";

/** Failures with a status of the server's own after which a write is tried with more fields. */
const MOST_FAULTS = 2;

/**
 * Fills the optional fields of a write once, after a refusal that names no field: some servers need what their document calls
 * optional. Undefined if that was tried, if the refusal says something else, or if there is none.
 * @param tries the calls of the step so far
 */
export function optionalInputs(
  step: Step,
  call: PastCall,
  tries: readonly PastCall[],
  { seed, session }: Pick<PlanningContext, "seed" | "session">,
): Changes | undefined {
  const { operation } = step;
  if (!operation.writes || operation.login || call.cut || !mayLackFields(step, call, tries)) return undefined;
  const { inputs } = operation;
  const sent = inputs.filter((field) => field.in === "body" && sentValue(call, field) !== undefined);
  if (sent.some((field) => errorMessageFor(call.answer?.body, field) !== undefined)) return undefined;
  const missing = inputs.filter((field) => !sent.includes(field) && isFillable(step, field, inputs));
  if (missing.length === 0) return undefined;
  const isTried = tries.some((past) => missing.some((field) => sentValue(past, field) !== undefined));
  if (isTried) return undefined;
  const stated = choiceConstraints(step, []);
  const changes = new Map<Field, Json | undefined>();
  for (const field of sent) changes.set(field, sentValue(call, field));
  for (const field of missing)
    changes.set(field, stated.get(field) ?? defaultFor(field, inputs.indexOf(field), seed, session));
  return changes;
}

/** Whether a refusal can be about fields that were left out. */
function mayLackFields({ bindings }: Step, { status }: PastCall, tries: readonly PastCall[]): boolean {
  if (status === 400 || status === 422) return true;
  // What the session itself has made is there: something else is missing.
  if (status === 404)
    return bindings.size > 0 && [...bindings.values()].every(({ kind }) => kind === "answer");
  return status === 500 && tries.filter((past) => past.status === 500).length >= MOST_FAULTS;
}

/** Whether a field can be filled without knowing more: a plain value within what is sent anyway. */
function isFillable(step: Step, field: Field, inputs: readonly Field[]): boolean {
  if (isForcing(field, step)) return false;
  const { bindings } = step;
  if (field.in !== "body" || field.required || field.name === "" || bindings.has(field)) return false;
  if (/^(?:object|array)|\[\]$/.test(field.type) || isReference(field) || isSecret(field)) return false;
  const around = inputs.filter(
    (other) => field.name.startsWith(`${other.name}.`) || field.name.startsWith(`${other.name}[]`),
  );
  return (field.form ?? 1) === 1 && around.every(({ required }) => required);
}
