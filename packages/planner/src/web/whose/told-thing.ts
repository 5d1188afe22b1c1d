import type { Clause } from "@ape/catalog/goal/clause";
import { definiteThings, tellsApart } from "@ape/catalog/goal/things/definite-things";
import { STOP } from "@ape/catalog/words/lexicon";
import { areKin } from "@ape/catalog/words/thesaurus";
import { plain, stem, stemsOf } from "@ape/catalog/words/words";
import { foldIds } from "@ape/core/protocol/operations/operation";
import type { PlannerDecision } from "../../planning-context.ts";
import { wayTo } from "../definite-thing.ts";
import { filledForm } from "../filled-form.ts";
import { isTitled, ownNameIn } from "../named-thing.ts";
import { leadsWithVerb } from "../page-links.ts";
import type { SeenField, SeenForm, SeenLink, SeenPage } from "../page-reader.ts";
import { freshLinks, openPage, type PageSituation } from "../page-situation.ts";
import { bare } from "../web-call.ts";
import { isLooking } from "../web-progress.ts";
import { needsOwnPage } from "./only-listed.ts";

/** `of the parlour stack`, `on the attic flue`. */
const BESIDE =
  /\b(?:of|for|on)\s+(?:the|my|our)\s+((?:\p{Ll}[\p{L}-]*\s+){1,2}?)\p{Ll}[\p{L}-]*(?=\s+(?:of|in|at|on|to|from|by|with|for|and|that|because)\b|[,.:;]|\s{2}|\s*$)/gu;
/** `the kitchen stack's house`. */
const OWNER = /\b(?:the|my|our)\s+(\p{Ll}[\p{L}-]*\s+\p{Ll}[\p{L}-]*)['’]s\s/gu;
/** `the chimney that burns oil`. */
const WHICH =
  /\b(?:the|my|our)\s+(?:\p{Ll}[\p{L}-]*\s+){1,2}(?:that|which|who)\s+(?!(?:it|they|he|she|we|you|there|the|an?|my|our)\b)\p{Ll}[\p{L}-]*\s+(?:(?:the|an?)\s+)?((?:\p{Ll}[\p{L}-]*\s+)?\p{Ll}[\p{L}-]*)(?=\s+(?:of|in|at|on|to|from|by|with|for|and|because)\b|[,.:;]|\s{2}|\s*$)/gu;

/** The words that tell the thing of a clause. */
interface Marks {
  /** Of what the verb acts on: `parlour`. */
  own: readonly string[];
  /** Of what is beside it, or to which it belongs: `of the parlour stack`, `the kitchen stack's house`. */
  beside: readonly string[];
  /** What is changed may be called otherwise by its page, such as a field: its words count where they were listed. */
  isField: boolean;
}

/**
 * Whether a form would change another thing than the one that a clause, or the one that its `it` stands for, tells by common nouns: no
 * kitchen stack is closed for `close the parlour stack of Tanner's Row 4`. What tells it has to be said on the way to the form or on its
 * page, where one of several things was opened, or where it was listed.
 */
export function isOfOtherTold(now: PageSituation, form: SeenForm): boolean {
  const { clause, calls, page } = now;
  const last = calls.at(-1);
  if (!form.writes || isLooking(clause)) return false;
  // The pages of several steps say of what they are only on the first.
  if (last?.kind === "form" && last.ok && last.writes) return false;
  const { own, beside, isField } = marksOf(now);
  if (own.length + beside.length === 0) return false;
  const way = [
    wayTo(calls, page, { ...form, fields: form.fields.map(withoutOptions) }, false),
    ...Object.values(filledForm(now, form)).map(String),
  ].join(" ");
  const isListed = isSaidIn(calls.map((call) => listedOn(call.page)).join(" "));
  const isChosen = calls.some(({ kind, ok, at }) => kind === "link" && ok && isOfOne(at));
  const isSaid = isSaidIn(`${way} ${form.near === "" ? page.text : ""}`);
  const isSaidOfOwn = isSaidIn(`${way} ${form.near === "" ? textOfOwn(page) : ""}`);
  return (
    own.some((mark) => !isSaidOfOwn(mark) && (isListed(mark) || (isChosen && !isField))) ||
    beside.some((mark) => !isSaid(mark) && (isListed(mark) || isChosen))
  );
}

/** The link of a page to the thing that a clause tells by common nouns, on the page of what it belongs to: `parlour stack` on that of Tanner's Row 4. */
export function linkOfTold(now: PageSituation): PlannerDecision | undefined {
  const { called, page } = now;
  if (called?.of !== true || isLooking(now.clause) || !isTitled(page, called)) return undefined;
  const { own, isField } = marksOf(now);
  if (own.length === 0 || isField) return undefined;
  const says = (said: string): boolean => own.every(isSaidIn(said));
  const links = freshLinks(now).filter(
    ({ path, text, near }) => isOfOne(path) && !leadsWithVerb(text) && says(`${text} ${near}`),
  );
  const link = links.find(({ text }) => says(text)) ?? links[0];
  return link && openPage(now.target, link.path);
}

/** Whether a path is that of one of several things. */
export const isOfOne = (path: string): boolean => foldIds(bare(path)) !== bare(path);

/** Whether a text has a word or one of its kin. What ends in `-ed` is a state: the button `Close` says nothing of `closed`. */
function isSaidIn(said: string): (mark: string) => boolean {
  const words = new Set(plain(said).split(" "));
  const stems = [...new Set(stemsOf(said))];
  return (mark) =>
    words.has(plain(mark)) ||
    (!STATE.test(mark) &&
      stemsOf(mark).every((one) => stems.some((noun) => noun === one || areKin(noun, one))));
}
const STATE = /\p{L}{2}ed$/u;

/** A choice offers all kinds, and is of none of them. */
const withoutOptions = ({ enum: _options, ...field }: SeenField): SeenField => field;

/** What a page lists. */
const listedOn = (page: SeenPage | undefined): string =>
  (page?.links ?? []).map(({ text, near }) => `${text} ${near}`).join(" ");

/** What a page says, without the lines of other things that it lists. */
function textOfOwn({ text, links, path }: SeenPage): string {
  const others = links.filter((link) => isOther(link, path));
  return text
    .split("\n")
    .filter((line) => !others.some((link) => line.startsWith(link.text)))
    .join("\n");
}
const isOther = (link: SeenLink, path: string): boolean =>
  link.text !== "" && isOfOne(link.path) && !bare(link.path).startsWith(`${bare(path)}/`);

function marksOf({ clause, clauses }: PageSituation): Marks {
  const said = {
    own: marksOfObject(clause),
    beside: marksBeside(clause),
    isField: clause.verb === "~update",
  };
  const tells = said.own.length + said.beside.length > 0 || ownNameIn(clause) !== undefined;
  // `Change its fuel`: the fuel is no thing of its own.
  if (tells && !(said.isField && clause.object.refers)) return said;
  const meant = clauseMeant(clauses, clause);
  if (meant === undefined) return { own: [], beside: [], isField: false };
  // What was closed is so no longer once it was opened.
  const own = marksOfObject(meant).filter((mark) => !STATE.test(mark));
  return { own, beside: marksBeside(meant), isField: meant.verb === "~update" };
}

/** What tells the thing that a clause acts on itself, apart from its name: `parlour` of `the parlour stack of Gull Street 4`. */
function marksOfObject(clause: Clause): string[] {
  const [told] = definiteThings(clause);
  const named = ownNameIn(clause);
  // A name or a number of its own tells it for sure.
  if (told?.isObject !== true || (named !== undefined && !named.of)) return [];
  const name = new Set([
    ...stemsOf([named?.whole ?? "", ...clause.names.map(({ text }) => text)].join(" ")),
    // `The seats of the tasting Blue evening`: what such things are called tells none of them.
    ...(named?.nouns ?? []),
  ]);
  const said = plain(clause.text).split(" ");
  return tellsApart(clause, told).flatMap((one) =>
    name.has(one) ? [] : (said.find((word) => stem(word) === one) ?? []),
  );
}

const marksBeside = ({ text }: Clause): string[] =>
  [BESIDE, OWNER, WHICH].flatMap((expression) =>
    Array.from(text.matchAll(expression), ([, words = ""]) =>
      plain(words)
        .split(" ")
        .filter((word) => word !== "" && !STOP.has(word)),
    ).flat(),
  );

const OF_IT = /\b(?:of|for|on) it\b/i;

/** The clause whose thing another one means: by `it`, or because it makes something right after its thing was opened. */
function clauseMeant(clauses: readonly Clause[], clause: Clause): Clause | undefined {
  const before = clauses.slice(0, Math.max(0, clauses.indexOf(clause)));
  if (!clause.object.refers && OF_IT.test(clause.text))
    return before.findLast(
      (one) => !one.object.refers && marksOfObject(one).length + marksBeside(one).length > 0,
    );
  if (clause.object.refers) {
    const meant = before.findLast((one) => one.active && !one.object.refers);
    return meant === undefined || meant.indefinite ? undefined : meant;
  }
  const last = before.at(-1);
  return clause.indefinite && last !== undefined && isLooking(last) && needsOwnPage(last) ? last : undefined;
}
