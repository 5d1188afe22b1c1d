import { NUMBERS, STOP } from "../../words/lexicon.ts";
import { stem } from "../../words/words.ts";
import type { Clause } from "../clause.ts";
import { isChosenWord } from "../phrases/plain-name.ts";

/** A known thing by a word before its noun: `the south depot`. */
const DESCRIBED =
  /(?<=\s)(?:the|my|our|your)\s+((?:\p{Ll}[\p{Ll}'-]*\s+){1,2}?)(\p{Ll}[\p{Ll}-]*)(?=$|[.,;]|\s+(?:to|from|in|into|on|onto|at|with|for|of|by|and|under|over|until|because|as)\b)/gu;

/**
 * The words by which a clause tells a thing from others of its kind: `south` of `transfer it to the south depot`. Undefined where they
 * say nothing of it, as `free`, or it tells several such things.
 * @param nouns stems of the words for such things
 */
export function describedThing({ text }: Pick<Clause, "text">, nouns: readonly string[]): string | undefined {
  const found = Array.from(text.matchAll(DESCRIBED)).flatMap(([, words = "", noun = ""]) =>
    nouns.includes(stem(noun)) ? words.trim() : [],
  );
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) return undefined;
  const words = only.split(/\s+/);
  return words.some((word) => isChosenWord(word) || STOP.has(word) || word in NUMBERS) ? undefined : only;
}
