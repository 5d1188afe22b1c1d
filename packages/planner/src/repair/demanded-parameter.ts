import type { Field } from "@ape/catalog/operations/field";
import { plain, stemsOf } from "@ape/catalog/words/words";
import { escapeRegExp } from "@ape/core/lib/escape-regexp";
import type { Json } from "@ape/core/lib/json";
import { coerce } from "../choice/default-value.ts";
import { isPrecondition } from "../choice/precondition.ts";
import { textsIn } from "../choice/response-values.ts";
import type { Changes } from "../choice/step-call.ts";
import type { PastCall } from "../goal/past-call.ts";
import type { Step } from "../goal/plan.ts";
import { sentValue } from "../planning-context.ts";
import { errorMessageFor } from "./error-message.ts";

/** Refusals that may ask for a parameter that was left out. */
const ASKS = new Set([400, 409, 412, 422, 428]);
/** Parameters by which a call does what the target would not do, or more than the goal asks for. */
const FORCES =
  /\b(?:forced?|override|overwrite|cascad(?:e|ing)|recursive(?:ly)?|purge|permanent(?:ly)?|hard|bypass|skip|ignore|unsafe)\b/;
/** Parameters that say no more than that the call is meant. */
const CONFIRMS = /\b(?:confirm(?:ed|ation)?|acknowledged?|ack|sure|understood)\b/;

/** Whether an input makes a call do more than the goal asks for, which only the goal itself may want. */
export const isForcing = ({ leaf }: Field, { clause }: Pick<Step, "clause">): boolean =>
  FORCES.test(plain(leaf)) && !isSaid(leaf, clause?.said ?? "");

const isSaid = (leaf: string, said: string): boolean => {
  const words = new Set(stemsOf(said));
  return stemsOf(leaf).some((word) => words.has(word));
};

/**
 * The documented parameter that a refusal names and that was not sent. A confirmation of what the goal asks for is given, once; what
 * forces the call is given only where the goal says so.
 * @param tries the calls of the step so far
 * @returns the call's values with it, or the parameter that the goal does not say
 */
export function demandedParameter(
  step: Step,
  call: PastCall,
  tries: readonly PastCall[],
): { changes: Changes } | { unsaid: Field } | undefined {
  if (!ASKS.has(call.status) || call.answer === undefined || call.cut) return undefined;
  const { inputs } = step.operation;
  const named = inputs.filter(
    (field) =>
      field.in !== "path" &&
      !isPrecondition(field) &&
      sentValue(call, field) === undefined &&
      errorMessageFor(call.answer?.body, field) !== undefined,
  );
  const unsaid = named.find((field) => isForcing(field, step));
  if (unsaid !== undefined) return { unsaid };
  const field = named.find(({ leaf }) => CONFIRMS.test(plain(leaf)) || FORCES.test(plain(leaf)));
  if (field === undefined || tries.some((past) => sentValue(past, field) !== undefined)) return undefined;
  const value = valueAsked(field, textsIn(call.answer.body));
  if (value === undefined) return undefined;
  const changes = new Map<Field, Json | undefined>();
  for (const other of inputs)
    if (other.in !== "path" && sentValue(call, other) !== undefined)
      changes.set(other, sentValue(call, other));
  return { changes: changes.set(field, value) };
}

/** The value that a refusal gives, `confirm=true`, else that a switch is on. */
function valueAsked(field: Field, text: string): Json | undefined {
  const given = new RegExp(`\\b${escapeRegExp(field.leaf)}["'\`]?\\s*[=:]\\s*["'\`]?([\\w-]+)`).exec(
    text,
  )?.[1];
  if (given !== undefined) return coerce(given, field);
  return field.type === "boolean" ? true : undefined;
}
