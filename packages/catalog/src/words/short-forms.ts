import { isKnownNoun } from "./thesaurus.ts";
import { stem } from "./words.ts";

/** Short forms that are nouns themselves, or are no part of the words that they stand for. */
const IRREGULAR: Readonly<Record<string, readonly string[]>> = {
  no: ["number"],
  nr: ["number"],
  tel: ["telephone", "phone"],
  ref: ["reference"],
  min: ["minimum"],
  max: ["maximum"],
  temp: ["temperature"],
};
const LONGEST = 5;
/** By how many letters a word is longer than a short form of it. */
const SHORTER = 2;
const PREFIX = 3;

/**
 * Whether a word of a name is written short for another word: `no` and `num` for `number`, `qty` for `quantity`, `addr` for
 * `address`. It begins as the word does, or leaves its vowels out.
 */
export function isShortFor(short: string, word: string): boolean {
  if (IRREGULAR[short]?.includes(word) === true) return true;
  if (short.length < 2 || short.length > LONGEST || word.length < short.length + SHORTER) return false;
  if (isKnownNoun(stem(short))) return false;
  if (short.length >= PREFIX && word.startsWith(short)) return true;
  if (/[aeiou]/.test(short.slice(1)) || short[0] !== word[0]) return false;
  let at = 0;
  for (const letter of word) if (letter === short[at]) at += 1;
  return at === short.length;
}
