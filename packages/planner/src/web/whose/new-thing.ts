import { mainNouns } from "@ape/catalog/words/object-phrase";
import { areKin } from "@ape/catalog/words/thesaurus";
import { stemsOf } from "@ape/catalog/words/words";
import { saidOfLink, saysName } from "../named-thing.ts";
import type { SeenForm } from "../page-reader.ts";
import type { PageSituation } from "../page-situation.ts";
import { bare } from "../web-call.ts";
import { isMaking, TAKES } from "../web-progress.ts";
import { placeOf } from "./stated-place.ts";

/** What says that something new is made: `Enter a new wheel`, `Create report`. */
const NEW_LABEL = /^\W*(?:new|create)\b|\b(?:a|an|another)\s+new\b|^\W*\S+\s+new\b/i;
const NEW_PATH = /\/(?:new|create|add)\/?$/i;

/** Whether a link leads to where another thing is made of the kind that the clause is about, which there is already. */
export const linkMakesAnother = (
  now: PageSituation,
  { text, path }: { text: string; path: string },
): boolean => {
  if (!(NEW_LABEL.test(text) || NEW_PATH.test(bare(path)))) return false;
  // What is added to a thing with a name is added on its page.
  if (now.clause.verb === "~add" && placeOf(now.clause) !== undefined) return true;
  return isForExisting(now) && isSameKind(now, `${text} ${bare(path)}`, bare(path).replace(/\/[^/]*$/, ""));
};

/** Whether a form makes another thing of the kind that the clause is about, which there is already: no wheel is entered to release one. */
export const formMakesAnother = (now: PageSituation, form: SeenForm): boolean => {
  const { page, calls } = now;
  if (!form.writes || form.near !== "") return false;
  const last = calls.at(-1);
  const isNew =
    NEW_PATH.test(bare(page.path)) ||
    (last?.kind === "link" && NEW_LABEL.test(last.label)) ||
    NEW_LABEL.test(form.label);
  return isNew && isForExisting(now) && isSameKind(now, `${page.title} ${form.label} ${form.to}`, form.to);
};

/** Whether a clause is about a thing that there is: it makes none, takes none, and names it or speaks of it by `it`. */
const isForExisting = ({ clause, called }: PageSituation): boolean =>
  !isMaking(clause) &&
  !TAKES.has(clause.verb) &&
  clause.verb !== "~login" &&
  (called !== undefined || clause.object.refers || !clause.indefinite);

/** Whether words, or a collection that has the thing of the goal, are of the kind that the clause is about. */
function isSameKind(now: PageSituation, words: string, collection: string): boolean {
  const { clause, clauses, called, calls, page } = now;
  const before = clause.object.refers ? clauses.slice(0, Math.max(0, clauses.indexOf(clause))) : [];
  const nouns = [clause, ...before].flatMap((one) => [...mainNouns(one), ...(called?.nouns ?? [])]);
  const said = stemsOf(words.replaceAll(/[/_-]/g, " "));
  if (nouns.some((noun) => said.some((word) => areKin(noun, word)))) return true;
  if (called === undefined || collection.length < 2) return false;
  return [...calls.map((call) => call.page), page].some((one) =>
    one?.links.some(
      (link) => bare(link.path).startsWith(`${collection}/`) && saysName(saidOfLink(link), called, one.title),
    ),
  );
}
