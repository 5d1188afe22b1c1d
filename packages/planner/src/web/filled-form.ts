import type { Clause } from "@ape/catalog/goal/clause";
import type { JsonObject } from "@ape/core/lib/json";
import { isData } from "../goal/fact-assignment.ts";
import { finishWith, type PlannerDecision } from "../planning-context.ts";
import { type FormPurpose, fillIn, isLogin, statedNames } from "./filling/form-values.ts";
import type { SeenForm } from "./page-reader.ts";
import { MOST_WAITS, type PageSituation, sending } from "./page-situation.ts";
import { unmetWish } from "./unmet-wish.ts";
import { ownText } from "./web-call.ts";

/** The decision to send a form filled in for the clause; the end of the session where it would do something else. */
export function submitted(now: PageSituation, form: SeenForm): PlannerDecision {
  const same = now.calls.filter(
    ({ kind, at, label }) => kind === "form" && at === form.id && label === form.label,
  );
  if (same.length >= MOST_WAITS) return finishWith(`The form "${form.label}" was sent ${same.length} times.`);
  const fields = filledForm(now, form);
  const sent = same.filter((call) => call.ok && call.writes && sameValues(call.fields, fields));
  if (
    sent.length > 0 &&
    sent.length >= mostTimes(now.clauses) &&
    !isLogin(form) &&
    Object.keys(fields).length > 0
  )
    return finishWith(`The form "${form.label}" was sent before with the same values.`);
  const against = isLogin(form) ? undefined : unmetWish(now, form, fields, statedNames(form, purposeOf(now)));
  return against === undefined ? { ...sending(now.target, form), fields } : finishWith(against);
}

const sameValues = (one: Readonly<JsonObject>, other: JsonObject): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** How often a goal may have one form sent with the same values: as often as its greatest number, and twice for what it wants again. */
const mostTimes = (clauses: readonly Clause[]): number =>
  Math.max(2, ...clauses.flatMap(({ amounts }) => amounts.map(({ value }) => value)));

/** What a form is filled in for now. */
export const purposeOf = (now: PageSituation): FormPurpose => ({
  clause: now.clause,
  later: now.later,
  around: now.looking,
  title: now.page.title,
  own: ownText(now.calls) ?? now.called?.text,
  called: now.called,
  today: now.context.view.today,
  shown: `${now.page.title} ${now.page.text}`,
});

export const filledForm = (now: PageSituation, form: SeenForm): JsonObject =>
  fillIn(form, purposeOf(now), rowData(now), now.context.seed);

export function rowData(now: PageSituation) {
  return now.context.view.facts.filter(isData);
}
