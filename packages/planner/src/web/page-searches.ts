import type { Clause } from "@ape/catalog/goal/clause";
import { isSearch } from "@ape/catalog/operations/field";
import type { JsonObject } from "@ape/core/lib/json";
import type { PlannerDecision } from "../planning-context.ts";
import { filledForm, purposeOf } from "./filled-form.ts";
import { statedNames } from "./filling/form-values.ts";
import { searchFieldOf, showsName } from "./named-thing.ts";
import { itemsOn } from "./page-items.ts";
import type { SeenField, SeenForm } from "./page-reader.ts";
import { type PageSituation, sending } from "./page-situation.ts";
import { ownText } from "./web-call.ts";

/** Longer texts are no names by which a thing is found. */
const MOST_NAME_WORDS = 4;

/** A search for what the session has made, where the page shows other things. */
export function searchForOwn(now: PageSituation): PlannerDecision | undefined {
  const own = ownText(now.calls);
  const { title, text, forms } = now.page;
  if (own === undefined || own.split(/\s+/).length > MOST_NAME_WORDS) return undefined;
  if (`${title}\n${text}`.includes(own) || itemsOn(now).length === 0) return undefined;
  const form = forms.find(({ writes, fields }) => !writes && fields.some(isSearch));
  const field = form?.fields.find(isSearch);
  if (form === undefined || field === undefined) return undefined;
  const isSearched = now.calls.some(({ at, fields }) => at === form.id && fields[field.name] === own);
  return isSearched ? undefined : { ...sending(now.target, form), fields: { [field.name]: own } };
}

/** A search for what the goal calls by a name, where the page shows nothing of that name. */
export function searchForNamed(now: PageSituation): PlannerDecision | undefined {
  const called = now.called;
  if (called === undefined || showsName(now.page, called)) return undefined;
  for (const form of now.page.forms) {
    const field = searchFieldOf(form, now.clause);
    if (field === undefined || now.failed.has(`${form.id} ${form.label}`)) continue;
    const isSearched = now.calls.some(({ at, fields }) => at === form.id && fields[field.name] !== undefined);
    const fields = { ...filledForm(now, form), [field.name]: called.text, ...ownerFor(form, field, now) };
    // Nothing is found by a name that nobody has given.
    const stated = statedNames(form, purposeOf(now));
    const isMadeUp = form.fields.some(
      ({ name, filled }) =>
        name !== field.name &&
        !filled &&
        name in fields &&
        !stated.has(name) &&
        fields[name] !== ownerIn(now.clause),
    );
    if (!isSearched && !isMadeUp) return { ...sending(now.target, form), fields };
  }
  return undefined;
}

/** Whose thing a clause says that it is, for the field that asks for a name beside its code: `the booking KX42P of Tessa Brandt`. */
function ownerFor({ fields }: SeenForm, code: SeenField, { clause }: PageSituation): JsonObject {
  const owner = ownerIn(clause);
  const field = fields.find((one) => one !== code && one.type === "string" && one.textTokens.has("name"));
  return owner === undefined || field === undefined ? {} : { [field.name]: owner };
}

const ownerIn = ({ names, said }: Clause): string | undefined =>
  names.find(({ preposition }) => OWNS.test(preposition))?.text ?? BESIDE.exec(said)?.[1];
const OWNS = /^(?:of|for|by|from)$/;
/** `the booking KX42P (Tessa Brandt)`. */
const BESIDE = /\((\p{Lu}[\p{L}'.-]*(?:\s\p{Lu}[\p{L}'.-]*)+)\)/u;
