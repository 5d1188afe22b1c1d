import type { PlannerDecision } from "../../planning-context.ts";
import { lists, saidOfLink, saysName } from "../named-thing.ts";
import { oneOf } from "../page-items.ts";
import { openPage, type PageSituation } from "../page-situation.ts";
import { linkMakesAnother } from "./new-thing.ts";
import { needsOwnPage } from "./only-listed.ts";
import { isOwnOfRow } from "./rows.ts";
import { wordsTelling } from "./telling-words.ts";

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

/**
 * Whether what a clause wants to see on its own page is only listed on this one: what is done next is done there, and not on the page of
 * another thing: `open the boat Striped Tern and assign Ada Birk`.
 */
export const isToBeOpened = (now: PageSituation): boolean => ownLinkStep(now) !== undefined;
