import type { Clause } from "@ape/catalog/goal/clause";
import { definiteThings } from "@ape/catalog/goal/things/definite-things";
import { areKin } from "@ape/catalog/words/thesaurus";
import { plain, stemsOf } from "@ape/catalog/words/words";
import { wayTo } from "./definite-thing.ts";
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
  const shown = [...nouns(said)];
  const text = ` ${plain(said)} `;
  const isShown = (noun: string): boolean =>
    words.has(noun) || shown.some((one) => areKin(one, noun)) || text.includes(` ${noun}`);
  return clauses.flatMap((clause) => {
    if (isLooking(clause) || ACCOUNT.has(clause.verb) || sentenceSaid(clause) !== undefined) return [];
    return definiteThings(clause).flatMap(({ text: told, words: own, isObject }) => {
      if (isObject && ownNameIn(clause) !== undefined) return [];
      // What an update names may be called otherwise by its page: a field.
      const isKnown = isObject && clause.verb === "~update" ? own.some(isShown) : own.every(isShown);
      return isKnown ? [] : told;
    });
  });
}

/** What was said on the way to each form that was sent, and by what was sent; undefined where a page is no longer visible. */
export function saidOnTheWay(calls: readonly WebCall[]): string | undefined {
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
