import type { Clause } from "../goal/clause.ts";
import { verbOfNoun } from "../words/thesaurus.ts";
import { plain, stem, stemsOf } from "../words/words.ts";
import { type Field, isNameText } from "./field.ts";
import type { Operation } from "./operation-catalog.ts";
import { personAssigned } from "./states/person-field.ts";
import { dateMoved } from "./verbs/moved-date.ts";

const AGAIN = /^re(?=[a-z]{4})/;

/**
 * The input of an operation that is named after the verb of a clause: `assignee` of `assign it to Maria`, `rating` of `rate
 * it`, the name of `rename it`. Yes-or-no fields are states.
 */
export function fieldOfVerb(clause: Clause, { inputs, method }: Operation): Field | undefined {
  const { lead, wanted, verb } = clause;
  if (lead === undefined || lead.startsWith("~") || (verb !== undefined && verb !== "~update"))
    return undefined;
  const again = (wanted?.word ?? "").replace(AGAIN, "");
  const leads = new Set([lead, ...(again === wanted?.word ? [] : [stem(again)])]);
  const body = inputs.filter((field) => field.in === "body" && field.type !== "boolean");
  const day = method === "PATCH" || method === "PUT" ? dateMoved(clause, body) : undefined;
  return (
    day ??
    valueSet(clause, method, body) ??
    body.find(({ leaf }) => stemsOf(leaf).some((word) => leads.has(word) || leads.has(verbOfNoun(word)))) ??
    (again === "name" ? body.find(isNameText) : undefined) ??
    (method === "PATCH" || method === "PUT" ? personAssigned(clause, body) : undefined)
  );
}

/** A new value that is one word, or two: `downgrade it to C`. */
const TO_VALUE = /\b(?:it|them|him|her) to (?:an? |the )?([\p{L}\p{N}_-]+(?: [\p{L}\p{N}_-]+)?)[\s.]*$/iu;

/** What a clause sets of the thing at hand, of which it names nothing but the value: an option of an enumeration. */
function valueSet({ object, text, acts }: Clause, method: string, body: readonly Field[]): Field | undefined {
  if ((method !== "PATCH" && method !== "PUT") || !object.refers || object.nouns.size > 0) return undefined;
  const value = acts ? TO_VALUE.exec(text)?.[1] : undefined;
  if (value === undefined) return undefined;
  return body.find(({ enum: options }) =>
    options?.some((option) => typeof option === "string" && plain(option) === plain(value)),
  );
}
