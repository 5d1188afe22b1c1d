import type { Clause } from "@ape/catalog/goal/clause";
import { actsOnDefinite, type DefiniteThing, thingsBeside } from "@ape/catalog/goal/things/definite-things";
import { mainNouns } from "@ape/catalog/words/object-phrase";
import { areKin } from "@ape/catalog/words/thesaurus";
import { plain, stemsOf } from "@ape/catalog/words/words";
import { escapeRegExp } from "@ape/core/lib/escape-regexp";
import { leadsOn } from "@ape/core/protocol/form-label";
import { filledForm } from "./filled-form.ts";
import { sentenceSaid } from "./filling/stated-choices.ts";
import { textWritten } from "./filling/written-text.ts";
import { nouns } from "./label-match.ts";
import type { SeenForm, SeenPage } from "./page-reader.ts";
import type { PageSituation } from "./page-situation.ts";
import { isOneOfSeveral } from "./unmet-wish.ts";
import { bare, isSignInCall, type WebCall } from "./web-call.ts";
import { isLooking } from "./web-progress.ts";

/**
 * Whether a form may be that of the thing which a clause tells by common nouns alone: one of them is said on the way to it or on its
 * page, and so is what describes it where that was seen anywhere. Always where the clause speaks of no such thing.
 */
export function isOfThing(now: PageSituation, form: SeenForm): boolean {
  const { clause, called, calls, page } = now;
  const { object, verb } = clause;
  // What is to be said has to be taken: `tell the keeper that Rex limps`.
  const sentence = sentenceSaid(clause) ?? textWritten(clause);
  if (sentence !== undefined && form.writes && !leadsOn(form.label, ""))
    return Object.values(filledForm(now, form)).includes(sentence);
  if (form.writes && !showsMarks(now, form)) return false;
  const besides = thingsBeside(clause);
  // All that is in the basket is ordered, or a thing of another one: `order a sweeping of the attic flue`.
  const isOfNothing = ACCOUNT.has(verb) && !(verb === "~buy" && besides.length > 0);
  if (called !== undefined || isLooking(clause) || object.refers || isOfNothing) return true;
  const isDefinite = actsOnDefinite(clause);
  if (!isDefinite && besides.length === 0) return true;
  // What is removed is said of the form itself, and not only somewhere on its page.
  const way = wayTo(calls, page, form, verb !== "~remove");
  const own = [...nouns(way)];
  const words = new Set(stemsOf(way));
  const isSaid = (noun: string): boolean => words.has(noun) || own.some((one) => areKin(one, noun));
  // Of several things it is the one that has all these words, even if none has them.
  const isChosen = calls.some(({ kind, ok, at }) => kind === "link" && ok && isOneOfSeveral(now, at));
  const tellsOne = verb === "~remove" || (verb === "~update" && isChosen);
  if (!besides.every((one) => isOfBeside(one, isSaid, tellsOne))) return false;
  // What something is made of is the one with all its words: `order a sweeping of the attic flue`.
  const makes = clause.indefinite && form.writes;
  if (makes && besides.some((one) => isMadeOf(one, clause) && !one.words.every(isSaid))) return false;
  if (!isDefinite) return true;
  const said = [...object.nouns.keys()];
  // What an update names is a field, what comes with a text is made, and what a form has made may be called by other words.
  const mayDiffer = verb === "~update" || clause.quoted.length > 0 || calls.some(hasMade);
  if (!mayDiffer && !said.some(isSaid)) return false;
  const shown = new Set(stemsOf(calls.map(({ page: one }) => things(one)).join(" ")));
  return said.every(
    (noun) => (mayDiffer && object.nouns.get(noun) === 1) || isSaid(noun) || !(isChosen || shown.has(noun)),
  );
}

/** Whether something is made of a thing, or for it, that is told by several words. */
const isMadeOf = ({ text, words }: DefiniteThing, clause: Clause): boolean =>
  words.length > 1 && new RegExp(`\\b(?:of|for) (?:the|my|our) ${escapeRegExp(text)}`, "i").test(clause.text);

/** What a thing is told by that it shows: `my booking with the note "early"`, `my booking for 5 people`. */
function marksOf({ text, quoted, amounts, verb, indefinite, object }: Clause): string[] {
  if (indefinite || object.refers || !(verb === "~remove" || verb === "~update")) return [];
  const noted = MARKED.test(text) ? quoted.slice(0, 1) : [];
  // What an update is given is the new value.
  const counted = verb === "~remove" ? amounts.filter(({ money, about }) => !money && about.size > 0) : [];
  return [...noted, ...counted.map(({ value }) => String(value))];
}
/** A text of a thing, before anything is done with it. */
const MARKED =
  /^\W*\S+(?:\s+(?:off|up|out|down|away|back))?\s+(?:(?!\b(?:to|as)\b)\S+\s+)*?with\s+(?:the\s+)?\p{Ll}+\s{2,}/u;

/** Whether the way to a form shows what the clause tells its thing by. */
function showsMarks({ clause, calls, page }: PageSituation, form: SeenForm): boolean {
  const marks = marksOf(clause);
  if (marks.length === 0) return true;
  const way = ` ${plain(wayTo(calls, page, form, true))} `;
  return marks.every((mark) => way.includes(` ${plain(mark)} `));
}

/**
 * Whether the words of a further thing are said: one of those that tell which one is meant, as in `remove the claim for the
 * skateboard`, and all of a place of the kind that is said: `book 3 pieces in the bisque firing` on the page of a firing.
 * @param tellsOne whether such a thing tells which one is meant
 */
function isOfBeside(
  { isPlace, words }: DefiniteThing,
  isSaid: (noun: string) => boolean,
  tellsOne: boolean,
): boolean {
  if (!isPlace) return !tellsOne || words.length === 0 || words.some(isSaid);
  const head = words.at(-1);
  return head === undefined || !isSaid(head) || words.every(isSaid);
}
/**
 * Whether a form would remove another kind of thing than the clause does, which names what it is of: `cancel Mimi's stay` on the page
 * of Mimi.
 */
export function isOfOtherKind(now: PageSituation, form: SeenForm): boolean {
  const { clause, called, calls, page } = now;
  if (clause.verb !== "~remove" || called?.of !== true || clause.object.refers) return false;
  const kinds = mainNouns(clause).filter((noun) => !stemsOf(called.whole).includes(noun));
  // What else is on the page, such as its menu, says nothing of this form.
  const own = [...nouns(wayTo(calls, page, form, false))];
  return kinds.length > 0 && !kinds.some((kind) => own.some((noun) => areKin(noun, kind)));
}

/** Verbs of what is no thing of its own: an account, or all that is in the basket. */
const ACCOUNT: ReadonlySet<string | undefined> = new Set(["~login", "~logout", "~register", "~buy"]);

const hasMade = (call: WebCall): boolean =>
  call.kind === "form" && call.ok && call.writes && !isSignInCall(call);

/**
 * What is said of a form on the way to it: by the links that led to its page, beside it, and by itself; else by its whole page.
 * @param texts with the texts of pages, which have those of menus as well
 */
export function wayTo(
  calls: readonly WebCall[],
  page: SeenPage,
  { near, label, fields }: SeenForm,
  texts: boolean,
): string {
  const beside = near === "" && texts ? page.text : near;
  const own = fields.map(({ words, enum: options = [] }) => `${words} ${options.join(" ")}`);
  return [...linksTo(calls, texts), page.title, beside, label, ...own].join(" ");
}

/** The words of the last links in a row, back to one that several pages have, as those of a menu are. */
function linksTo(calls: readonly WebCall[], texts: boolean): string[] {
  const words: string[] = [];
  for (const [at, { kind, ok, label, at: path }] of [...calls.entries()].toReversed()) {
    if (kind !== "link" || !ok) break;
    const sources = calls
      .slice(0, at)
      .flatMap(({ page }) => page?.links.filter((link) => link.path === path) ?? []);
    words.push(label, bare(path).replaceAll(/[/_-]/g, " "), ...sources.map((link) => link.near));
    // `Delete` on the page of the thing itself, and not beside one of a list.
    const before = calls[at - 1]?.page;
    const isBeside = before?.links.some((link) => link.path === path && link.near !== "") === true;
    if (before !== undefined && path.startsWith(`${bare(before.path)}/`) && !isBeside)
      words.push(before.title, texts ? before.text : "");
    if (sources.length !== 1) break;
  }
  return words;
}

/** What a page says of the things on it. */
const things = (page: SeenPage | undefined): string =>
  [...(page?.links ?? []), ...(page?.forms ?? [])]
    .map((one) => `${"text" in one ? one.text : ""} ${one.near}`)
    .join(" ");
