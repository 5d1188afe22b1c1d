import type { Clause } from "@ape/catalog/goal/clause";
import { nameOf } from "@ape/catalog/goal/phrases/thing-name";
import { actsOnDefinite, definiteThings, tellsApart } from "@ape/catalog/goal/things/definite-things";
import { daysOfYearIn, isWithin } from "@ape/catalog/goal/times/day-of-year";
import { areKin, verbEntry } from "@ape/catalog/words/thesaurus";
import { plain, stem } from "@ape/catalog/words/words";
import { foldIds } from "@ape/core/protocol/operations/operation";
import type { PlannerDecision } from "../planning-context.ts";
import { doesOther, hasClassOf, leadsWithLead, nouns, removesUnwanted, setsState } from "./label-match.ts";
import { lists, OWN_VERBS, saidOfLink, saysName, showsName } from "./named-thing.ts";
import { isCalledSo, isPageOfNamed, oneOf } from "./page-items.ts";
import type { SeenLink } from "./page-reader.ts";
import { searchForOwn } from "./page-searches.ts";
import { freshLinks, nextPageOf, openPage, type PageSituation } from "./page-situation.ts";
import { bare, sentWords } from "./web-call.ts";
import { ABOUT_IT, isLooking, isMaking, LEAVING, linkSimilarity, pagesBefore } from "./web-progress.ts";
import { linkMakesAnother } from "./whose/new-thing.ts";
import { isPageOfOtherKind, ownOfRows } from "./whose/rows.ts";

/** The link that says best what the goal asks for. */
export function bestLink(now: PageSituation, least: number): PlannerDecision | undefined {
  const { clause } = now;
  let best: SeenLink | undefined;
  let most = isLooking(clause) ? 0.49 : least;
  for (const link of now.page.links) {
    if (now.visited.has(link.path) || (LEAVING.test(link.text) && clause.verb !== "~logout")) continue;
    if (isOfAnother(now, link) || linkMakesAnother(now, link)) continue;
    if (link.path.startsWith(`${bare(now.page.path)}/`) && isPageOfOtherKind(now.page, clause)) continue;
    // `Publish it` makes nothing new.
    if (clause.object.refers && clause.object.nouns.size === 0 && MAKES_NEW.test(link.text)) continue;
    const own = linkSimilarity(link.text, clause);
    // Of several with the same words, the one beside the words that the goal names.
    const beside = own > 0 ? wordsBeside(link, clause) : 0;
    const score = own + (beside > 0 ? 0.4 + 0.01 * Math.min(beside, MOST_BESIDE) : 0);
    if (score <= most) continue;
    best = link;
    most = score;
  }
  return best === undefined ? undefined : openPage(now.target, best.path);
}

const MAKES_NEW = /^\W*(?:new|create)\b/i;

/**
 * The link to what is kept of the user, for a clause that changes a value of theirs: `Profile` for `change my phone number`, where no
 * page shows what it names.
 */
export function ownDetails(now: PageSituation): PlannerDecision | undefined {
  const { verb, text, object } = now.clause;
  const isOwn = /^\W*\S+\s+(?:my|our)\b/i.test(text);
  const place = IN_OWN.exec(text)?.[1];
  if (verb !== "~update" || now.called !== undefined || !(isOwn || (place !== undefined && isOfUser(place))))
    return undefined;
  const shown = nouns(`${now.page.title} ${now.page.links.map((link) => link.text).join(" ")}`);
  if ([...object.nouns.keys()].some((noun) => shown.has(noun))) return undefined;
  const own = freshLinks(now).filter(({ near }) => near === "");
  // The link may be called as the user is.
  const link = own.find(({ text }) => isOfUser(text)) ?? own.find(({ path }) => isOfUser(bare(path)));
  return link && openPage(now.target, link.path);
}
/** `the number in my profile`. */
const IN_OWN = /\b(?:in|on|of)\s+(?:my|our)\s+(\p{Ll}+)/iu;
const isOfUser = (text: string): boolean => [...nouns(text)].some((noun) => OF_USER.has(noun));
const OF_USER: ReadonlySet<string> = new Set(
  "profile account settings preferences details".split(" ").map(stem),
);

/** What the session itself has created, by the words that it submitted. */
export function ownThing(now: PageSituation): PlannerDecision | undefined {
  const { verb, another, acts, object } = now.clause;
  if (another || !(OWN_VERBS.has(verb) || (acts && object.refers))) return undefined;
  const words = sentWords(now.calls);
  const links = now.page.links.filter(
    (link) =>
      words.has(link.text) &&
      !now.visited.has(link.path) &&
      (now.called === undefined || saysName(saidOfLink(link), now.called, now.page.title)),
  );
  // Others may have made things of the same name: the page that came after its form is its own.
  const made = now.calls.findLast(
    (call) => call.page?.path.includes("?") === false && sentWords([call]).size > 0,
  )?.page?.path;
  const link = links.find(({ path }) => path === made) ?? links[0];
  if (link !== undefined) return openPage(now.target, link.path);
  return object.refers ? searchForOwn(now) : undefined;
}

/**
 * On the page of what was made, or of what the goal names, links that only this page has: `Reschedule` for `move it to Monday`,
 * `Edit report` for `change the height of the nest at the Mill`.
 */
export function linkOfItem(now: PageSituation): PlannerDecision | undefined {
  const { called, page } = now;
  const { object, acts, verb, text, dates, times } = now.clause;
  const last = now.calls.at(-1);
  // What the goal names is changed by a link that says so of its own: `tell the keeper` edits nothing.
  const isOfNamed = called === undefined ? isPageOfTold(now) : isPageOfNamed(now) && !lists(page, called);
  const moves = acts && [...dates, ...times].length > 0 && / to\b/i.test(text);
  const changes = verb === "~update" || moves || setsState(now.clause);
  // `It` is done with on its own page, and not where it is listed with others.
  const isListed = called !== undefined && lists(page, called);
  const isAsked = object.refers ? !isListed && (acts || verb === "~update") : isOfNamed && changes;
  if (!isAsked || last?.ok !== true || now.calls.length < 3) return undefined;
  const earlier = pathsSeenBefore(now);
  const links = freshLinks(now).filter(
    ({ near, path, text: said }) =>
      near === "" &&
      !earlier.has(path) &&
      leadsWithVerb(said) &&
      !removesUnwanted(said, now.clause) &&
      !doesOther(said, now.clause) &&
      !linkMakesAnother(now, { text: said, path }),
  );
  const link = links.find(({ text }) => hasClassOf(text, now.clause)) ?? links[0];
  return link && openPage(now.target, link.path);
}

/** Whether a link of a list has led to the page of the thing that a clause tells by common nouns: `the garlic episode`. */
function isPageOfTold(now: PageSituation): boolean {
  const { calls, clause, page } = now;
  const last = calls.at(-1);
  if (last?.kind !== "link" || last.ofItem !== true || !actsOnDefinite(clause)) return false;
  const near = calls.flatMap((call) => call.page?.links.filter(({ path }) => path === last.at) ?? []);
  const said = [...nouns([last.label, page.title, ...near.map((link) => link.near)].join(" "))];
  const [told] = definiteThings(clause);
  const apart = told === undefined ? [] : tellsApart(clause, told);
  return apart.length > 0 && apart.every((word) => said.some((noun) => areKin(noun, word)));
}

/**
 * The next page of a list, where this one shows several things and nothing of what a clause tells: no other thing is opened before all
 * of them were seen.
 */
export function nextOfList(now: PageSituation): PlannerDecision | undefined {
  const { clause, called, page } = now;
  const next = nextPageOf(now);
  if (next === undefined || isLooking(clause) || called !== undefined) return undefined;
  const items = [...page.links, ...page.forms].map((one) => ("path" in one ? saidOfLink(one) : one.near));
  const names = clause.names.filter(({ preposition }) => /^(?:of|in|at)$/.test(preposition));
  const [told] = definiteThings(clause);
  const words = told?.isObject === true && !clause.acts ? told.words : [];
  const isShown = items.some((said) => {
    const own = [...nouns(said)];
    return (
      names.some(({ text }) => saysName(said, nameOf(text))) ||
      words.some((word) => own.some((noun) => areKin(noun, word)))
    );
  });
  return isShown || names.length + words.length === 0 ? undefined : openPage(now.target, next.path);
}

/** The next page of a list, else a link that matches the goal, else any, else the first page. */
export function onwardStep(now: PageSituation): PlannerDecision | undefined {
  const fresh = freshLinks(now).filter(
    (link) =>
      !isOfAnother(now, link) && !removesUnwanted(link.text, now.clause) && !linkMakesAnother(now, link),
  );
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
  const menu = pathsSeenBefore(now);
  const objects = new Set(now.clause.object.nouns.keys());
  const ofObject = related.find(
    ({ text, path }) => !menu.has(path) && [...nouns(text)].some((noun) => objects.has(noun)),
  );
  const about =
    ofObject ??
    oneOf(now, listedLinks(now, useful, menu)) ??
    related.find(({ text }) => !leadsWithVerb(text)) ??
    related[0] ??
    same;
  const any = about ?? useful.find(({ near }) => near === "") ?? fresh.find(({ near }) => near === "");
  if (any !== undefined) return openPage(now.target, any.path);
  return now.visited.has("/") || now.page.path === "/" ? undefined : openPage(now.target, "/");
}

/** Links of a list of things, of which a clause that makes something may need one: two of a kind that are not in the menu. */
function listedLinks(now: PageSituation, links: readonly SeenLink[], menu: ReadonlySet<string>): SeenLink[] {
  if (isLooking(now.clause) || now.called !== undefined || now.clause.object.refers) return [];
  const kindOf = ({ path }: SeenLink): string => path.replace(/[^/]*$/, "");
  const own = now.page.links.filter(
    (link) =>
      kindOf(link) !== "/" &&
      !menu.has(link.path) &&
      // `Cancel`, and not a course called `Weaving`.
      (!leadsWithVerb(link.text) || foldIds(link.path).endsWith("}")),
  );
  return ownOfRows(now.page, links, now).filter(
    (link) => own.includes(link) && own.filter((other) => kindOf(other) === kindOf(link)).length > 1,
  );
}

/**
 * The link of what a clause chooses by a day or by a name beside the thing that it makes: `a place at the Town hall on 12
 * December`.
 */
export function linkOfChosen(now: PageSituation): PlannerDecision | undefined {
  const { clause, day, called } = now;
  if (isLooking(clause) || called !== undefined || clause.object.refers || OWN_VERBS.has(clause.verb))
    return undefined;
  const names = clause.names.filter(({ preposition }) => CHOOSES.test(preposition));
  if (day === undefined && names.length === 0) return undefined;
  // `Plan a tasting` makes one, whatever there is on that day.
  const makes = freshLinks(now).some(
    ({ text, near }) =>
      near === "" && leadsWithLead(text, clause) && linkSimilarity(text, clause) >= MAKES_IT,
  );
  if (isMaking(clause) && makes) return undefined;
  const links = freshLinks(now).filter(({ near, path }) => near !== "" || !isOfUser(bare(path)));
  const counts = links.map((link) => {
    const said = `${link.text} ${link.near}`;
    const named = names.filter(({ text }) => saysName(said, nameOf(text))).length;
    const isOfDay = day !== undefined && daysOfYearIn(said).some(({ value }) => value === day);
    // What is made with a name is none of those that have it already.
    const isOther = isOfAnother(now, link) || doesOther(link.text, clause) || isNamedAs(link, clause);
    // Of several with the same day, the one beside more of the goal's words.
    const more = 0.01 * Math.min(wordsBeside(link, clause), MOST_BESIDE);
    return { link, count: isOther || named + Number(isOfDay) === 0 ? 0 : named + Number(isOfDay) + more };
  });
  const most = Math.max(0, ...counts.map(({ count }) => count));
  const best = counts.filter(({ count }) => count === most).map(({ link }) => link);
  const chosen = most === 0 ? undefined : oneOf(now, best);
  return chosen && openPage(now.target, chosen.path);
}
/** What a link counts that has the verb of a clause and its noun. */
const MAKES_IT = 2;
const isNamedAs = ({ text }: SeenLink, clause: Clause): boolean =>
  isMaking(clause) && clause.quoted.some((quoted) => plain(quoted) === plain(text));
const CHOOSES = /^(?:at|in|with|by|of|from|near|on)$/;

/** The link of what the named thing is in or at, where this page does not show it: `cancel the place of Ada Birk in Pottery`. */
export function linkOfPlace(now: PageSituation): PlannerDecision | undefined {
  const { clause, called, page } = now;
  if (called === undefined || isLooking(clause) || showsName(page, called)) return undefined;
  const places = clause.names.filter(
    ({ preposition, text }) => CHOOSES.test(preposition) && !called.whole.includes(text),
  );
  const link = freshLinks(now).find(
    (one) =>
      !doesOther(one.text, clause) &&
      places.some(({ text }) => saysName(`${one.text} ${one.near}`, nameOf(text))),
  );
  return link && openPage(now.target, link.path);
}

/** Whether a link is that of another thing than the one that the goal names or dates. */
function isOfAnother(now: PageSituation, link: SeenLink): boolean {
  const { near, text } = link;
  if (near !== "" && !isCalledSo(now, now.called?.numbered === undefined ? near : saidOfLink(link)))
    return true;
  const { day, range, called, page, clause } = now;
  // `Cancel` on the page of another thing, or beside it.
  const own = bare(page.path);
  const isOfPage =
    (foldIds(own) !== own && link.path.startsWith(`${own}/`)) ||
    (foldIds(bare(link.path)) !== bare(link.path) && leadsWithVerb(text));
  if (called !== undefined && !isLooking(clause) && isOfPage && !isPageOfNamed(now)) return true;
  const days = day === undefined && range === undefined ? [] : daysOfYearIn(`${text} ${near}`);
  return (
    days.length > 0 &&
    !days.some(
      ({ value }) => (day === undefined || value === day) && (range === undefined || isWithin(value, range)),
    )
  );
}

/** The paths of the links of earlier pages: those of a menu are on all of them. */
const pathsSeenBefore = ({ calls }: PageSituation): ReadonlySet<string> =>
  new Set(pagesBefore(calls).flatMap(({ links }) => links.map(({ path }) => path)));

/** Whether a text begins with a word that is a verb in most texts. */
export const leadsWithVerb = (text: string): boolean =>
  verbEntry(stem(plain(text).split(" ")[0] ?? ""))?.mostly === true;

/** How many words of a clause the text beside a link has that the link itself has not. */
function wordsBeside({ near, text }: SeenLink, clause: Clause): number {
  const said = nouns(text);
  return [...nouns(near)].filter((token) => clause.weights.has(token) && !said.has(token)).length;
}
const MOST_BESIDE = 9;
