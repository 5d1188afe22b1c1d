import { filledForm } from "../filled-form.ts";
import { saysLead } from "../label-match.ts";
import { isTitled } from "../named-thing.ts";
import type { SeenForm } from "../page-reader.ts";
import type { PageSituation } from "../page-situation.ts";
import { isOfOne } from "./told-thing.ts";

/**
 * Whether a form would give what a clause acts on to another thing, whose page this is: no job is assigned to Ada Birk for `put Ada Birk
 * on leave`. The clause's own verb may do so.
 */
export function isGivenToOther(now: PageSituation, form: SeenForm): boolean {
  const { clause, called, besides, page } = now;
  if (!form.writes || !clause.acts || called === undefined || called.of || besides !== undefined)
    return false;
  if (saysLead(form.label, clause) || !isOfOne(page.path) || isTitled(page, called)) return false;
  return Object.values(filledForm(now, form)).flat().includes(called.text);
}
