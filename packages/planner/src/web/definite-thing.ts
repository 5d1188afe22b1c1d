import { areKin } from "@ape/catalog/words/thesaurus";
import { stemsOf } from "@ape/catalog/words/words";
import { sentenceSaid } from "./filling/stated-choices.ts";
import { nouns } from "./label-match.ts";
import type { SeenForm, SeenPage } from "./page-reader.ts";
import type { PageSituation } from "./page-situation.ts";
import { isOneOfSeveral } from "./unmet-wish.ts";
import { bare, isSignInCall, type WebCall } from "./web-call.ts";
import { isLooking } from "./web-progress.ts";

/** `the hedge trimmer`, `my notice`: a thing that there is, and no other will do. */
const DEFINITE = /^\W*\S+(?:\s+(?:back|off|up|out|down|away|for|on|in|to))*\s+(?:the|my|our)\s/i;

/**
 * Whether a form may be that of the thing which a clause tells by common nouns alone: one of them is said on the way to it or on its
 * page, and so is what describes it where that was seen anywhere. Always where the clause speaks of no such thing.
 */
export function isOfThing(now: PageSituation, form: SeenForm): boolean {
  const { clause, called, calls, page } = now;
  const { object, indefinite, verb, text } = clause;
  if (called !== undefined || isLooking(clause) || indefinite || object.refers || ACCOUNT.has(verb))
    return true;
  const said = [...object.nouns.keys()];
  // `Tell the vet that it limps` is about no vet.
  if (said.length === 0 || !DEFINITE.test(text) || sentenceSaid(clause) !== undefined) return true;
  const way = wayTo(calls, page, form);
  const own = [...nouns(way)];
  // What an update names is a field, what comes with a text is made, and what a form has made may be called by other words.
  const isOther = verb === "~update" || clause.quoted.length > 0 || calls.some(hasMade);
  if (!isOther && !said.some((one) => own.some((noun) => areKin(noun, one)))) return false;
  const words = new Set(stemsOf(way));
  const shown = new Set(stemsOf(calls.map(({ page: one }) => things(one)).join(" ")));
  // Of several things it is the one that has all these words, even if none has them.
  const isChosen = calls.some(({ kind, ok, at }) => kind === "link" && ok && isOneOfSeveral(now, at));
  return said.every(
    (noun) =>
      (isOther && object.nouns.get(noun) === 1) ||
      words.has(noun) ||
      own.some((one) => areKin(one, noun)) ||
      !(isChosen || shown.has(noun)),
  );
}
/** Verbs of what is no thing of its own: an account, or all that is in the basket. */
const ACCOUNT: ReadonlySet<string | undefined> = new Set(["~login", "~logout", "~register", "~buy"]);

const hasMade = (call: WebCall): boolean =>
  call.kind === "form" && call.ok && call.writes && !isSignInCall(call);

/** What is said of a form on the way to it: by the links that led to its page, beside it, and by itself; else by its whole page. */
function wayTo(calls: readonly WebCall[], page: SeenPage, { near, label, fields }: SeenForm): string {
  const own = fields.map(({ words, enum: options = [] }) => `${words} ${options.join(" ")}`);
  return [...linksTo(calls), page.title, near === "" ? page.text : near, label, ...own].join(" ");
}

/** The words of the last links in a row, back to one that several pages have, as those of a menu are. */
function linksTo(calls: readonly WebCall[]): string[] {
  const words: string[] = [];
  for (const [at, { kind, ok, label, at: path }] of [...calls.entries()].toReversed()) {
    if (kind !== "link" || !ok) break;
    const sources = calls
      .slice(0, at)
      .flatMap(({ page }) => page?.links.filter((link) => link.path === path) ?? []);
    words.push(label, bare(path).replaceAll(/[/_-]/g, " "), ...sources.map((link) => link.near));
    if (sources.length !== 1) break;
  }
  return words;
}

/** What a page says of the things on it. */
const things = (page: SeenPage | undefined): string =>
  [...(page?.links ?? []), ...(page?.forms ?? [])]
    .map((one) => `${"text" in one ? one.text : ""} ${one.near}`)
    .join(" ");
