import type { Clause } from "@ape/catalog/goal/clause";
import { statedTexts } from "@ape/catalog/goal/phrases/stated-texts";
import { type WeightedTokens, weightedTokens } from "@ape/catalog/words/words";
import type { Json } from "@ape/core/lib/json";
import type { SeenForm } from "./page-reader.ts";

/** Verbs that only give a value to what another clause makes: `leave a note`, `add the remark`. */
const GIVES: ReadonlySet<string | undefined> = new Set(["~add", "~create"]);

/** Whether the thing that a clause acts on is a field, by the field's name or label. */
export const namesField = ({ object }: Clause, ...names: readonly WeightedTokens[]): boolean =>
  [...object.nouns].some(([noun, weight]) => weight === 1 && names.some((tokens) => tokens.has(noun)));

/**
 * The clauses right behind one that its form takes as well: `change its shelf to C7 and add the note "torn"`. What is changed
 * after something was made is no part of its form.
 */
export function takenAlong(form: SeenForm, clause: Clause, later: readonly Clause[]): Clause[] {
  const end = later.findIndex(
    (one) =>
      !(GIVES.has(one.verb) || (one.verb === "~update" && clause.verb === "~update")) ||
      statedTexts(one).length === 0 ||
      !form.fields.some(({ nameTokens, textTokens }) => namesField(one, nameTokens, textTokens)),
  );
  return later.slice(0, end < 0 ? later.length : end);
}

/** Whether fields that were sent have what a clause gives: each of its texts, a number only under the name that it has. */
export function carries(fields: Readonly<Record<string, Json>>, clause: Clause): boolean {
  const texts = statedTexts(clause);
  const sent = Object.entries(fields);
  return GIVES.has(clause.verb) || clause.verb === "~update"
    ? texts.length > 0 &&
        texts.every((text) =>
          sent.some(
            ([name, value]) =>
              String(value) === text && (/[^\d.]/.test(text) || namesField(clause, weightedTokens(name))),
          ),
        )
    : false;
}
