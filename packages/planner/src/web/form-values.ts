import type { Clause } from "@ape/catalog/goal/clause";
import { isSecret } from "@ape/catalog/operations/field";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { weightedTokens } from "@ape/catalog/words/words";
import type { Json, JsonObject } from "@ape/core/lib/json";
import type { ViewFact } from "@ape/core/protocol/view";
import { coerce, defaultFor } from "../choice/default-value.ts";
import { choiceConstraints } from "../goal/choice-constraints.ts";
import { assignFacts, isPlaceholder } from "../goal/fact-assignment.ts";
import type { SeenForm } from "./page-reader.ts";

/** Whether a form is one to sign in with: it asks for a secret, and only once. */
export function isLogin(form: SeenForm): boolean {
  return (
    form.writes && form.fields.filter(isSecret).length === 1 && !weightedTokens(form.label).has("~register")
  );
}

/**
 * What a person fills into a form: what the data row knows, what the goal says, and where neither helps, something
 * plausible in what must not stay empty. What has a value already keeps it.
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
  const constraints = choiceConstraints(step, [{ step: 0, clauses: [...clauses], apart: false }]);
  const filled: JsonObject = {};
  const secret = data.find(({ name, value }) => isPlaceholder(value) && [...facts.values()].includes(name));
  for (const [place, field] of form.fields.entries()) {
    const fact = data.find(({ name }) => name === facts.get(field));
    const constraint = constraints.get(field);
    let value: Json | undefined;
    if (fact !== undefined) value = fact.value;
    // Asked for once more, to be sure: the very same.
    else if (secret !== undefined && isSecret(field)) value = secret.value;
    else if (constraint !== undefined) value = constraint;
    else if (field.required && !field.filled)
      value = field.checkbox
        ? true
        : field.enum !== undefined
          ? (field.enum[0] as Json)
          : defaultFor(field, place, seed);
    if (value !== undefined) filled[field.name] = field.checkbox ? value : coerce(value, field);
  }
  return filled;
}

/** A form as the operation that it is. */
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
