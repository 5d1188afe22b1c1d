import { isSearch } from "@ape/catalog/operations/field";
import type { PlannerDecision } from "../planning-context.ts";
import { filledForm } from "./filled-form.ts";
import { searchFieldOf, showsName } from "./named-thing.ts";
import { itemsOn } from "./page-items.ts";
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
    const fields = { ...filledForm(now, form), [field.name]: called.text };
    if (!isSearched) return { ...sending(now.target, form), fields };
  }
  return undefined;
}
