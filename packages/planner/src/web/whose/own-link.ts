import type { Clause } from "@ape/catalog/goal/clause";
import { stem } from "@ape/catalog/words/words";
import type { PlannerDecision } from "../../planning-context.ts";
import { assertionOf } from "../assertions/asserted-thing.ts";
import { lists, nameWanted, saidOfLink, saysName } from "../named-thing.ts";
import { oneOf } from "../page-items.ts";
import { openPage, type PageSituation } from "../page-situation.ts";
import type { WebCall } from "../web-call.ts";
import { linkMakesAnother } from "./new-thing.ts";
import { isOwnOfRow } from "./rows.ts";
import { wordsTelling } from "./telling-words.ts";

/** Whether a clause is done on the page of its thing alone: `open crate K-4`, `check that crate K-4 is full`. */
const needsOwnPage = (clause: Clause): boolean => clause.lead === OPEN || assertionOf(clause) !== undefined;
const OPEN = stem("open");

/** Whether a call has only shown a list with a link to the thing that a clause wants to see on its own page. */
export function onlyListed(clauses: readonly Clause[], clause: Clause, { page, label }: WebCall): boolean {
  if (page === undefined || !needsOwnPage(clause)) return false;
  const name = nameWanted(clauses, clause);
  // A part of what has the name has no such link of its own: `the parlour stack of Gull Street 4`.
  return name !== undefined && !name.of && !saysName(label, name) && lists(page, name);
}

/** The link of a list to the thing that a clause wants to see on its own page. */
export function ownLinkStep(now: PageSituation): PlannerDecision | undefined {
  const { clause, called, page, visited } = now;
  if (called === undefined || called.of || !needsOwnPage(clause) || !lists(page, called)) return undefined;
  const links = page.links.filter(
    (link) =>
      !visited.has(link.path) &&
      saysName(saidOfLink(link), called, page.title) &&
      isOwnOfRow(page, link, now) &&
      !linkMakesAnother(now, link),
  );
  const counts = links.map((link) => wordsTelling(now, saidOfLink(link)));
  const most = Math.max(...counts);
  const chosen = oneOf(
    now,
    links.filter((_, at) => counts[at] === most),
  );
  return chosen && openPage(now.target, chosen.path);
}
