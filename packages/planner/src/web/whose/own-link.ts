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
