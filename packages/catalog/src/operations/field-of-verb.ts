import type { Clause } from "../goal/clause.ts";
import { verbOfNoun } from "../words/thesaurus.ts";
import { stem, stemsOf } from "../words/words.ts";
import { type Field, isNameText } from "./field.ts";
import type { Operation } from "./operation-catalog.ts";

const AGAIN = /^re(?=[a-z]{4})/;

/**
 * The input of an operation that is named after the verb of a clause: `assignee` of `assign it to Maria`, `rating` of `rate
 * it`, the name of `rename it`. Yes-or-no fields are states.
 */
export function fieldOfVerb({ lead, wanted, verb }: Clause, { inputs }: Operation): Field | undefined {
  if (lead === undefined || lead.startsWith("~") || (verb !== undefined && verb !== "~update"))
    return undefined;
  const again = (wanted?.word ?? "").replace(AGAIN, "");
  const leads = new Set([lead, ...(again === wanted?.word ? [] : [stem(again)])]);
  const body = inputs.filter((field) => field.in === "body" && field.type !== "boolean");
  return (
    body.find(({ leaf }) => stemsOf(leaf).some((word) => leads.has(word) || leads.has(verbOfNoun(word)))) ??
    (again === "name" ? body.find(isNameText) : undefined)
  );
}
