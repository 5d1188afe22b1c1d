import { choiceConstraints } from "@ape/catalog/goal/choice-constraints";
import type { Clause } from "@ape/catalog/goal/clause";
import { isSecret } from "@ape/catalog/operations/field";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { weightedTokens } from "@ape/catalog/words/words";
import type { Json, JsonObject } from "@ape/core/lib/json";
import type { ViewFact } from "@ape/core/protocol/view";
import { coerce, defaultFor } from "../choice/default-value.ts";
import { assignFacts, isPlaceholder } from "../goal/fact-assignment.ts";
import type { SeenForm } from "./page-reader.ts";

/** Whether a form is a login: it asks for a secret, and only once. */
export function isLogin(form: SeenForm): boolean {
  return (
    form.writes && form.fields.filter(isSecret).length === 1 && !weightedTokens(form.label).has("~register")
  );
}

/**
 * The values of a form's fields: those of the data row, those that the goal names, and plausible ones for required
 * fields. A field with a value keeps it.
 */
export function fillIn(
  form: SeenForm,
  clause: Clause | undefined,
  clauses: readonly Clause[],
  data: readonly ViewFact[],
  seed: number,
): JsonObject {
  const operation = asOperation(form);
  const facts = assignFacts(operation, data);
  const step = { operation, clause, bindings: new Map() };
  const constraints = choiceConstraints(step, [{ clauses }]);
  const filled: JsonObject = {};
  // A field that repeats a password gets the same one.
  let chosen: Json | undefined;
  const secret = data.find(({ name, value }) => isPlaceholder(value) && [...facts.values()].includes(name));
  for (const [place, field] of form.fields.entries()) {
    const fact = data.find(({ name }) => name === facts.get(field));
    const constraint = constraints.get(field);
    let value: Json | undefined;
    if (fact !== undefined) value = fact.value;
    // A repeated field for confirmation: the same value.
    else if (secret !== undefined && isSecret(field)) value = secret.value;
    else if (constraint !== undefined) value = constraint;
    else if (field.required && !field.filled)
      value = field.checkbox
        ? true
        : field.enum !== undefined
          ? (field.enum[0] as Json)
          : ((isSecret(field) ? chosen : undefined) ?? defaultFor(field, place, seed));
    if (isSecret(field)) chosen ??= value;
    if (value !== undefined) filled[field.name] = field.checkbox ? value : coerce(value, field);
  }
  return filled;
}

/** A form as an operation. */
function asOperation(form: SeenForm): Operation {
  return {
    target: "",
    key: form.id,
    call: form.writes ? "POST" : "GET",
    method: form.writes ? "POST" : "GET",
    path: "/",
    signature: undefined,
    summary: form.label,
    secured: false,
    inputs: form.fields,
    answers: [],
    list: undefined,
    head: weightedTokens(form.label),
    weights: weightedTokens(form.label),
    verb: undefined,
    writes: form.writes,
    promises: false,
    login: isLogin(form),
    refreshes: false,
  };
}
