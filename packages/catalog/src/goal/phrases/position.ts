import { areKin } from "../../words/thesaurus.ts";
import { plain, stem } from "../../words/words.ts";
import type { Clause } from "../clause.ts";

const ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split(" ");
/** `the second report`, `the 3rd open ticket`, `the last order`: the words behind a position. */
const POSITION = new RegExp(
  `\\bthe (very )?(${ORDINALS.join("|")}|\\d{1,2}(?:st|nd|rd|th)|last)((?: \\p{Ll}[\\p{Ll}-]*){1,3})`,
  "giu",
);
/** `all reports`, `every one of the orders`, `each of my bookings`. */
const ALL =
  /\b(?:all|every|each)(?: (?:single|one))?(?: of)?(?: (?:the|my|our|your|its|their|these|those))?((?: \p{Ll}[\p{Ll}-]*){1,3})/giu;

/** Whether one of the words up to the thing itself is a noun for it: `open ticket in the list`. */
function isAbout(words: string, nouns: readonly string[]): boolean {
  for (const word of plain(words).split(" ")) {
    if (ENDS.test(word)) return false;
    const own = stem(word);
    if (nouns.some((noun) => areKin(noun, own))) return true;
  }
  return false;
}
const ENDS = /^(?:of|in|on|at|for|from|to|with|by|and|or|that|which|as)$/;

/**
 * The place in a list, from 1, of what a clause chooses from it, -1 for the last: `the second report in the list`.
 * @param nouns stems of what the things of the list are called
 */
export function positionOf({ text }: Pick<Clause, "text">, nouns: readonly string[]): number | undefined {
  for (const [, , ordinal = "", words = ""] of text.matchAll(POSITION)) {
    if (!isAbout(words, nouns)) continue;
    const said = ordinal.toLowerCase();
    return said === "last" ? -1 : /^\d/.test(said) ? Number.parseInt(said, 10) : ORDINALS.indexOf(said) + 1;
  }
  return undefined;
}

/**
 * Whether a clause is about all the things of a list: `cancel all orders`.
 * @param nouns stems of what the things of the list are called
 */
export const isAboutAll = ({ text }: Pick<Clause, "text">, nouns: readonly string[]): boolean =>
  EVERYTHING.test(text) || Array.from(text.matchAll(ALL)).some(([, words = ""]) => isAbout(words, nouns));

/** `Seal the active hives in Mill Meadow`: what a verb acts on, in the plural. */
const OBJECT =
  /^\W*(?:(?:then|also|please|finally|now|and)\s+)*\p{L}+(?:\s+(?:off|up|out|down|away|back))?\s+(?:the|my|our)((?: \p{Ll}[\p{Ll}-]*){1,4})/iu;

/**
 * Whether the verb of a clause acts on several things of a list, without a number: `seal the active hives`.
 * @param nouns stems of what the things of the list are called
 */
export function isOnSeveral({ text }: Pick<Clause, "text">, nouns: readonly string[]): boolean {
  const words = (OBJECT.exec(text)?.[1] ?? "").trim().split(" ");
  const end = words.findIndex((word) => ENDS.test(word));
  const last = (end < 0 ? words : words.slice(0, end)).at(-1) ?? "";
  return /[^s]s$/.test(last) && !nouns.includes(last) && nouns.some((noun) => areKin(noun, stem(last)));
}

const EVERYTHING = /\beverything (?:that|which|of|from|in)\b/i;
