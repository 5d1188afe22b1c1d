import { positionOf } from "@ape/catalog/goal/phrases/position";
import { nameOf } from "@ape/catalog/goal/phrases/thing-name";
import { daysOfYearIn, isWithin } from "@ape/catalog/goal/times/day-of-year";
import { mainNouns } from "@ape/catalog/words/object-phrase";
import { randomFrom, seedOf } from "@ape/core/lib/random";
import { finishWith, type PlannerDecision } from "../planning-context.ts";
import { doesOther, nouns } from "./label-match.ts";
import { lists, OWN_VERBS, saidOfLink, saysName, showsName } from "./named-thing.ts";
import type { SeenForm, SeenLink } from "./page-reader.ts";
import { nextPageOf, openPage, type PageSituation } from "./page-situation.ts";
import { hasPrice, priceIn, priceInRow } from "./price.ts";
import { ownText, type WebCall } from "./web-call.ts";
import { isLooking, LEAVING } from "./web-progress.ts";
import { linkMakesAnother } from "./whose/new-thing.ts";
import { ownOfRows } from "./whose/rows.ts";
import { wordsTelling } from "./whose/telling-words.ts";

/** What says that a thing is not to be had. */
export const GONE = /\b(?:sold out|out of stock|unavailable|not available|fully booked|on loan|taken)\b/i;

/** What is beside prices or other words, and meets the constraints; of the kind that the goal names, if any is. */
export function itemsOn(now: PageSituation): (SeenLink | SeenForm)[] {
  const { links, forms } = now.page;
  const things = [...links, ...forms].filter(({ near }) => hasPrice(near) || near.length > 12);
  const fitting = things.filter(({ near }) => suitsGoal(now, near));
  if (now.called !== undefined || now.day !== undefined || now.range !== undefined)
    return fitting.filter((item) => isCalledSo(now, "path" in item ? saidOfLink(item) : item.near));
  const kinds = now.clauses.flatMap(({ object }) =>
    [...object.nouns].flatMap(([noun, weight]) => (weight < 1 ? [noun] : [])),
  );
  const own = fitting.filter(({ near }) => {
    const said = nouns(near);
    return kinds.some((kind) => said.has(kind));
  });
  return own.length > 0 || (kinds.length > 0 && nextPageOf(now) !== undefined) ? own : fitting;
}

/** Whether an item's words meet the goal's constraints. */
export function suitsGoal(now: PageSituation, near: string): boolean {
  if (GONE.test(near)) return false;
  const price = priceIn(near);
  for (const { bounds } of now.clauses)
    for (const { side, strict, value, money, bare } of bounds) {
      if (!money && !bare) continue;
      if (price === undefined) return false;
      if (
        side === "max"
          ? price > value || (strict && price === value)
          : price < value || (strict && price === value)
      )
        return false;
    }
  return true;
}

/** Whether what is said of a thing has the name and the day by which the goal tells it from others, if it gives any. */
export function isCalledSo({ called, day, range, page }: PageSituation, near: string): boolean {
  if (called !== undefined && !saysName(near, called, page.title)) return false;
  if (day === undefined && range === undefined) return true;
  const days = daysOfYearIn(near).map(({ value }) => value);
  return (
    days.length === 0 ||
    days.some((one) => (day === undefined || one === day) && (range === undefined || isWithin(one, range)))
  );
}

/** Whether a thing is the one that the goal names, where it names any. */
export function isNamedThing(now: PageSituation, near: string): boolean {
  const named = namedTexts(now);
  return named.length === 0 || named.some((text) => near.toLowerCase().includes(text));
}

/** Names that the goal gives to what it is about, in small letters. */
function namedTexts(now: PageSituation): string[] {
  return now.clauses
    .flatMap(({ quoted, names }) => [
      ...quoted,
      ...names.flatMap(({ preposition, text }) => (preposition === "" ? [text] : [])),
    ])
    .map((text) => text.toLowerCase());
}

const ofNamed = new WeakMap<PageSituation, boolean>();

/** Whether the page is that of what the goal calls by a name, or follows on one that showed it. */
export function isPageOfNamed(now: PageSituation): boolean {
  // It is asked for each link of a page, and looks at all of them.
  let found = ofNamed.get(now);
  if (found === undefined) {
    found = followsNamed(now);
    ofNamed.set(now, found);
  }
  return found;
}

function followsNamed(now: PageSituation): boolean {
  const { called, day, clause } = now;
  if (called === undefined)
    return day === undefined || !OWN_VERBS.has(clause.verb) || isDayOnOneOf(now.calls.slice(-2), day);
  const shows = ({ page, label }: WebCall): boolean =>
    saysName(label, called) || (page !== undefined && showsName(page, called));
  const [before, last] = [now.calls.at(-2), now.calls.at(-1)];
  if (last !== undefined && shows(last)) return true;
  return before !== undefined && shows(before) && !leadsElsewhere(now, before, last);
}

/** Whether one of some pages shows the day by which the goal tells what it is about. */
const isDayOnOneOf = (calls: readonly WebCall[], day: string): boolean =>
  calls.some(({ page }) => {
    const near = (page?.links ?? []).map((link) => link.near).join("\n");
    return daysOfYearIn(`${page?.title}\n${page?.text}\n${near}`).some(({ value }) => value === day);
  });

/** Whether a link of a page that showed what the goal names led to another thing, or is one of the menu. */
function leadsElsewhere(now: PageSituation, { page }: WebCall, last: WebCall | undefined): boolean {
  const called = now.called;
  if (called === undefined || page === undefined || last?.kind !== "link") return false;
  const link = page.links.find(({ path }) => path === last.at);
  if (link === undefined) return false;
  // What such things are called may be elsewhere on the page: `Emma` for `the Emma edition`.
  if (link.near !== "" && lists(page, called))
    return !saysName(saidOfLink(link), called.numbered === undefined ? nameOf(called.text) : called);
  const earlier = now.calls.slice(0, -2).flatMap((call) => call.page ?? []);
  return lists(page, called) || earlier.some(({ links }) => links.some(({ path }) => path === link.path));
}

/**
 * One of several: the one at the place that the goal gives (`the second report`), the cheapest if requested, the best match with the
 * constraint, else any by the seed.
 */
export function oneOf<T extends { near: string }>(now: PageSituation, items: readonly T[]): T | undefined {
  const place = placeWanted(now);
  if (place !== undefined) return items.at(place < 0 ? place : place - 1);
  if (items.length < 2) return items[0];
  const { cheapest, first } = now.context.persona;
  const extreme = now.clauses.find((clause) => clause.extreme !== undefined)?.extreme;
  if (extreme !== undefined || cheapest) {
    const rank = ({ near }: T): number =>
      (priceInRow(near) ?? Number.POSITIVE_INFINITY) * (extreme?.least === false ? -1 : 1);
    return items.reduce((best, item) => (rank(item) < rank(best) ? item : best));
  }
  const texts = namedTexts(now);
  const named = items.filter(({ near }) => texts.some((text) => near.toLowerCase().includes(text)));
  const from = named.length > 0 ? named : items;
  if (first) return from[0];
  return from[Math.floor(randomFrom(seedOf(now.context.seed, "item"))() * from.length)];
}

/** The place in a list of what the clause is about, from 1; -1 for the last. */
const placeWanted = ({ clause }: PageSituation): number | undefined => positionOf(clause, mainNouns(clause));

/** Several fitting items are on the page, so that no search is needed. */
export function isInSight(now: PageSituation): boolean {
  const { clause, called } = now;
  // `Look at the double sculls` is done where they are listed.
  if (clause.verb === "~show" && !clause.plural) return false;
  const own = clause.object.refers ? ownText(now.calls) : undefined;
  if (own !== undefined) return now.page.links.some(({ text }) => text.includes(own));
  const wanting = clause.bounds.length > 0 || clause.extreme !== undefined || called !== undefined;
  const items = itemsOn(now);
  return items.length > (wanting ? 0 : 1) && now.calls.length > 1;
}

/** Whether a page of a clause, or the one on which it began, has listed the things that it wants to see. */
export const wasListed = (now: PageSituation): boolean =>
  now.clause.plural &&
  now.calls
    .slice(Math.max(0, now.since - 1))
    .some(({ page }) => page !== undefined && isInSight({ ...now, page }));

/** The end where what the goal names is here, but not available. */
export function goneThing(now: PageSituation): PlannerDecision | undefined {
  const called = now.called;
  if (called === undefined || isLooking(now.clause)) return undefined;
  const { links, forms } = now.page;
  const own = [...links, ...forms].filter(({ near }) => near !== "" && isCalledSo(now, near));
  const isGone = own.length > 0 && own.every(({ near }) => GONE.test(near));
  return isGone ? finishWith(`"${called.whole}" is not available: "${own[0]?.near}".`) : undefined;
}

/** What pages say of the thing that a clause chose by a name or a day, where it is not to be had: `School gym (fully booked)`. */
export function goneChoice({ calls, clause, day }: PageSituation): string | undefined {
  const names = clause.names.map(({ text }) => nameOf(text));
  return calls
    .flatMap(({ page }) => page?.links ?? [])
    .map(({ text, near }) => (near.includes(text) ? near : `${text} ${near}`.trim()))
    .find(
      (said) =>
        GONE.test(said) &&
        (names.some((name) => saysName(said, name)) || daysOfYearIn(said).some(({ value }) => value === day)),
    );
}

/** One of the items on the page: the action may be on the item's own page. */
export function itemStep(now: PageSituation): PlannerDecision | undefined {
  // Where the goal tells one of the user's things by its day, the item has to show that day.
  const { clause, day } = now;
  const isOfDay = (near: string): boolean =>
    day === undefined || !OWN_VERBS.has(clause.verb) || daysOfYearIn(near).some(({ value }) => value === day);
  const links = ownOfRows(now.page, itemsOn(now), now).filter(
    (item): item is SeenLink =>
      "path" in item &&
      !now.visited.has(item.path) &&
      !LEAVING.test(item.text) &&
      isOfDay(item.near) &&
      (isLooking(clause) || !doesOther(item.text, clause)) &&
      !linkMakesAnother(now, item),
  );
  // Those with the most of the goal's words: a green backpack before a green scarf.
  const counts = links.map(({ near }) => wordsTelling(now, near));
  const most = Math.max(...counts);
  // A place in the list and an order choose among all of them.
  const isAtPlace = placeWanted(now) !== undefined || clause.extreme !== undefined;
  const chosen = oneOf(
    now,
    links.filter((_, at) => isAtPlace || counts[at] === most),
  );
  return chosen === undefined ? undefined : openPage(now.target, chosen.path);
}
