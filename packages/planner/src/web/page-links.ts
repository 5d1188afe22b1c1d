import type { Clause } from "@ape/catalog/goal/clause";
import { verbEntry } from "@ape/catalog/words/thesaurus";
import { plain, stem } from "@ape/catalog/words/words";
import type { PlannerDecision } from "../planning-context.ts";
import { hasClassOf, nouns, removesUnwanted } from "./label-match.ts";
import { OWN_VERBS } from "./named-thing.ts";
import { isCalledSo } from "./page-items.ts";
import type { SeenLink } from "./page-reader.ts";
import { searchForOwn } from "./page-searches.ts";
import { freshLinks, nextPageOf, openPage, type PageSituation } from "./page-situation.ts";
import { sentWords } from "./web-call.ts";
import { ABOUT_IT, isLooking, LEAVING, linkSimilarity, pagesBefore } from "./web-progress.ts";

/** The link that says best what the goal asks for. */
export function bestLink(now: PageSituation, least: number): PlannerDecision | undefined {
  const { clause } = now;
  let best: SeenLink | undefined;
  let most = isLooking(clause) ? 0.49 : least;
  for (const link of now.page.links) {
    if (now.visited.has(link.path) || (LEAVING.test(link.text) && clause.verb !== "~logout")) continue;
    if (isOfAnother(now, link)) continue;
    const own = linkSimilarity(link.text, clause);
    // Of several with the same words, the one beside the words that the goal names.
    const beside = own > 0 && isBeside(link, clause);
    const score = own + (beside ? 0.4 : 0);
    if (score <= most) continue;
    best = link;
    most = score;
  }
  return best === undefined ? undefined : openPage(now.target, best.path);
}

/** What the session itself has created, by the words that it submitted. */
export function ownThing(now: PageSituation): PlannerDecision | undefined {
  const { verb, another, acts, object } = now.clause;
  if (another || !(OWN_VERBS.has(verb) || (acts && object.refers))) return undefined;
  const words = sentWords(now.calls);
  const links = now.page.links.filter(({ text, path }) => words.has(text) && !now.visited.has(path));
  // Others may have made things of the same name: the page that came after its form is its own.
  const made = now.calls.findLast(
    (call) => call.page?.path.includes("?") === false && sentWords([call]).size > 0,
  )?.page?.path;
  const link = links.find(({ path }) => path === made) ?? links[0];
  if (link !== undefined) return openPage(now.target, link.path);
  return object.refers ? searchForOwn(now) : undefined;
}

/** On the page of what was made, links that only this page has: `Reschedule` for `move it to Monday`. */
export function linkOfItem(now: PageSituation): PlannerDecision | undefined {
  const { object, acts, verb } = now.clause;
  const last = now.calls.at(-1);
  if (!object.refers || !(acts || verb === "~update") || last?.ok !== true || now.calls.length < 3)
    return undefined;
  const earlier = new Set(pagesBefore(now.calls).flatMap(({ links }) => links.map(({ path }) => path)));
  const link = freshLinks(now).find(
    ({ near, path, text }) =>
      near === "" && !earlier.has(path) && leadsWithVerb(text) && !removesUnwanted(text, now.clause),
  );
  return link && openPage(now.target, link.path);
}

/** The next page of a list, else a link that matches the goal, else any, else the first page. */
export function onwardStep(now: PageSituation): PlannerDecision | undefined {
  const fresh = freshLinks(now).filter((link) => !isOfAnother(now, link));
  const next = nextPageOf(now);
  if (next !== undefined) return openPage(now.target, next.path);
  const wanted = new Set(now.clauses.flatMap(({ text }) => [...nouns(text)]));
  // What is done already is not begun again.
  const useful = fresh.filter(
    ({ text }) => !now.done.some((clause) => linkSimilarity(text, clause) > ABOUT_IT),
  );
  const related = useful.filter(({ text }) => [...nouns(text)].some((token) => wanted.has(token)));
  // `My applications` before `Start application`: the clause has another verb.
  const same = useful.find(({ text, near }) => near === "" && hasClassOf(text, now.clause));
  const about = related.find(({ text }) => !leadsWithVerb(text)) ?? related[0] ?? same;
  const any = about ?? useful.find(({ near }) => near === "") ?? fresh.find(({ near }) => near === "");
  if (any !== undefined) return openPage(now.target, any.path);
  return now.visited.has("/") || now.page.path === "/" ? undefined : openPage(now.target, "/");
}

/** Whether a link is that of another thing than the one that the goal names or dates. */
const isOfAnother = (now: PageSituation, { near }: SeenLink): boolean =>
  near !== "" && !isCalledSo(now, near);

/** Whether a text begins with a word that is a verb in most texts. */
const leadsWithVerb = (text: string): boolean =>
  verbEntry(stem(plain(text).split(" ")[0] ?? ""))?.mostly === true;

/** Whether the text beside a link matches a word of a clause that the link itself does not. */
function isBeside({ near, text }: SeenLink, clause: Clause): boolean {
  const said = nouns(text);
  for (const token of nouns(near)) if (clause.weights.has(token) && !said.has(token)) return true;
  return false;
}
