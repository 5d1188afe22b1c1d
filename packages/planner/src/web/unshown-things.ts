import type { Clause } from "@ape/catalog/goal/clause";
import { areKin } from "@ape/catalog/words/thesaurus";
import { plain, stem, stemsOf } from "@ape/catalog/words/words";
import { DEFINITE, phrasesBeside, wayTo } from "./definite-thing.ts";
import { sentenceSaid } from "./filling/stated-choices.ts";
import { nouns } from "./label-match.ts";
import { ownNameIn } from "./named-thing.ts";
import { isSignInCall, type WebCall } from "./web-call.ts";
import { isLooking } from "./web-progress.ts";

/**
 * The words by which clauses tell the things they are about and which nothing on the way to the forms that were sent has said: `quince
 * hedge` of `lend the trimmer for the quince hedge`. None where a page with such a form is no longer visible.
 */
export function unshownThings(clauses: readonly Clause[], calls: readonly WebCall[]): string[] {
  const said = saidOnTheWay(calls);
  if (said === undefined) return [];
  const words = new Set(stemsOf(said));
  const own = [...nouns(said)];
  const text = ` ${plain(said)} `;
  const isShown = (noun: string): boolean =>
    words.has(noun) || own.some((one) => areKin(one, noun)) || text.includes(` ${noun}`);
  return clauses.flatMap((clause) => {
    if (isLooking(clause) || ACCOUNT.has(clause.verb) || sentenceSaid(clause) !== undefined) return [];
    const { object, indefinite, text, said: whole, verb } = clause;
    const isDefinite =
      object.nouns.size > 0 &&
      !object.refers &&
      !indefinite &&
      DEFINITE.test(text) &&
      ownNameIn(clause) === undefined;
    const main = isDefinite ? [...object.nouns.keys()].filter((noun) => !noun.startsWith("~")) : [];
    // What an update names may be called otherwise by its page: a field.
    const isKnown = verb === "~update" ? main.some(isShown) : main.every(isShown);
    return [
      ...(main.length === 0 || isKnown ? [] : [objectText(clause, main)]),
      ...phrasesBeside(text).flatMap(({ phrase, words }) =>
        words.every(isShown) || isOfQuoted(whole, phrase) || isCalled(clause, phrase) ? [] : phrase,
      ),
    ];
  });
}

/** Whether a phrase says only what a text is: `with the remark "Urgent"`. */
const isOfQuoted = (said: string, phrase: string): boolean => /^\W{0,3}["“'‘]/u.test(behind(said, phrase));

/** Whether a phrase says only what something with a name is, which tells it: `the bear at Old Bruno`. */
const isCalled = ({ said, names }: Clause, phrase: string): boolean =>
  names.some(({ text, preposition }) =>
    behind(said, phrase).trimStart().startsWith(`${preposition} ${text}`.trim()),
  );

const behind = (said: string, phrase: string): string => said.slice(said.indexOf(phrase) + phrase.length);

/** What a clause acts on, as it says it. */
function objectText({ text }: Clause, stems: readonly string[]): string {
  const words = text.split(/[^\p{L}\d'-]+/u).filter((word) => stems.includes(stem(plain(word))));
  return words.join(" ");
}

/** What was said on the way to each form that was sent, and by what was sent; undefined where a page is no longer visible. */
function saidOnTheWay(calls: readonly WebCall[]): string | undefined {
  const said: string[] = [];
  for (const [index, call] of calls.entries()) {
    said.push(call.label, call.about);
    if (call.kind !== "form" || isSignInCall(call)) continue;
    said.push(...Object.entries(call.fields).flatMap(([name, value]) => [name, String(value)]));
    const page = calls.slice(0, index).findLast((one) => one.page !== undefined)?.page;
    const form = page?.forms.find(({ id, label }) => id === call.at && label === call.label);
    if (page === undefined || form === undefined) return undefined;
    said.push(wayTo(calls.slice(0, index), page, form, true));
  }
  return said.join(" | ");
}

const ACCOUNT: ReadonlySet<string | undefined> = new Set(["~login", "~logout", "~register"]);
