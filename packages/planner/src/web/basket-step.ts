import type { PlannerDecision } from "../planning-context.ts";
import { submitted } from "./filled-form.ts";
import { fillsBasket, meaningsOf } from "./label-match.ts";
import { isCalledSo, isNamedThing, oneOf, suitsGoal } from "./page-items.ts";
import { bestLink } from "./page-links.ts";
import { freshLinks, nextPageOf, openPage, type PageSituation } from "./page-situation.ts";
import type { WebCall } from "./web-call.ts";
import { ABOUT_IT } from "./web-progress.ts";

/** What is to be bought goes into a basket first, as often as is wanted; then the basket is opened. */
export function basketStep(now: PageSituation): PlannerDecision | undefined {
  const { verb, amounts, object } = now.clause;
  if (verb !== "~buy" || object.nouns.size === 0) return undefined;
  const filled = now.calls
    .slice(now.since)
    .filter(({ kind, ok, label }) => kind === "form" && ok && fillsBasket(label));
  const wanted = amounts.find(({ money }) => !money)?.value ?? 1;
  if (filled.length >= wanted) {
    const link = freshLinks(now).find(({ text }) => meaningsOf(text).has("~cart"));
    return bestLink(now, ABOUT_IT) ?? (link && openPage(now.target, link.path));
  }
  const fit = now.page.forms.filter(
    ({ id, label, near }) =>
      fillsBasket(label) &&
      !now.failed.has(`${id} ${label}`) &&
      (near === "" || (suitsGoal(now, near) && isCalledSo(now, near))),
  );
  const others = fit.filter(({ id }) => !filled.some(({ at }) => at === id));
  const forms = others.length > 0 ? others : fit;
  const next = nextPageOf(now);
  if (forms.length > 0 && next !== undefined && !forms.some(({ near }) => isNamedThing(now, near)))
    return openPage(now.target, next.path);
  const form = forms.length > 1 && forms.every(({ near }) => near !== "") ? oneOf(now, forms) : forms[0];
  if (form !== undefined) return submitted(now, form);
  // Another one: back to where the first was found.
  const last = now.calls.lastIndexOf(filled.at(-1) as WebCall);
  const list = now.calls.slice(0, Math.max(0, last)).findLast(({ kind, ok }) => kind === "link" && ok);
  return list === undefined || last < now.calls.length - 1 ? undefined : openPage(now.target, list.at);
}
