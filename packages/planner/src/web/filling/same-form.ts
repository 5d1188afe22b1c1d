import type { Clause } from "@ape/catalog/goal/clause";
import { namesField } from "@ape/catalog/goal/phrases/named-field";
import { statedTexts } from "@ape/catalog/goal/phrases/stated-texts";
import { stem, weightedTokens } from "@ape/catalog/words/words";
import type { Json } from "@ape/core/lib/json";
import type { SeenField, SeenForm } from "../page-reader.ts";
import { optionsSaid, saysOption } from "./stated-choices.ts";

/** Verbs that only give a value to what another clause makes: `leave a note`, `add the remark`. */
const GIVES: ReadonlySet<string | undefined> = new Set(["~add", "~create"]);

/** Whether a clause says that a box named after a thing is to be ticked or not: `subscribe to the newsletter`. */
export function tickedByNoun(clause: Clause, field: SeenField): boolean | undefined {
  const { verb, lead = "", object, text } = clause;
  if (!field.checkbox || object.nouns.size === 0 || !namesField(clause, field.nameTokens, field.textTokens))
    return undefined;
  if (OFF.test(lead) || verb === "~remove" || /\b(?:turn|switch|opt)\b.*\b(?:off|out)\b/i.test(text))
    return false;
  return verb === "~find" || verb === "~show" ? undefined : true;
}
const OFF = /^(?:un|dis|de)(?:subscrib|select|check|tick|abl|activat)|^(?:stop|cancel|deactivat)/;

/**
 * The clauses right behind one that its form takes as well: `change its shelf to C7 and add the note "torn"`. What is changed
 * after something was made is no part of its form.
 */
export function takenAlong(form: SeenForm, clause: Clause, later: readonly Clause[]): Clause[] {
  const end = later.findIndex(
    (one) =>
      !form.fields.some(
        (field) =>
          (isUpdate(clause) && choosesIn(field, one)) ||
          // `Bring a cake` is a box of what is booked, and nothing else of the target.
          ((isUpdate(clause) || (one.acts && one.indefinite)) && tickedByNoun(one, field) !== undefined) ||
          (statedTexts(one).length > 0 &&
            (GIVES.has(one.verb) || (isUpdate(one) && isUpdate(clause))) &&
            namesField(one, field.nameTokens, field.textTokens)),
      ),
  );
  return later.slice(0, end < 0 ? later.length : end);
}

/** Whether a clause names a choice and one of its options: `get the newsletter once a month`. */
const choosesIn = (field: SeenField, clause: Clause): boolean =>
  field.enum !== undefined &&
  namesField(clause, field.nameTokens, field.textTokens) &&
  optionsSaid(field, clause).length === 1;

const isUpdate = ({ verb }: Clause): boolean => verb === "~update";

/** Whether a clause names a field by the beginning of its noun at least: `news` of the newsletter. */
const isNamedBy = (clause: Clause, name: string): boolean =>
  namesField(clause, weightedTokens(name)) ||
  (name.length > 3 &&
    [...clause.object.nouns.keys()].some((noun) => noun.startsWith(stem(name.toLowerCase()))));

/** Whether fields that were sent have what a clause gives: each of its texts, a number only under the name that it has. */
export function carries(fields: Readonly<Record<string, Json>>, clause: Clause): boolean {
  const texts = statedTexts(clause);
  const sent = Object.entries(fields);
  const isGiven = (value: Json): boolean =>
    typeof value === "boolean" || (typeof value === "string" && saysOption(value, clause));
  if (sent.some(([name, value]) => isGiven(value) && isNamedBy(clause, name))) return true;
  return (
    (GIVES.has(clause.verb) || isUpdate(clause)) &&
    texts.length > 0 &&
    texts.every((text) =>
      sent.some(
        ([name, value]) =>
          String(value) === text && (/[^\d.]/.test(text) || namesField(clause, weightedTokens(name))),
      ),
    )
  );
}
