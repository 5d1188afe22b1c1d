import { VERB_MEANINGS } from "./lexicon.ts";
import { verbEntry } from "./thesaurus.ts";
import { meaningOf, stem } from "./words.ts";

/** Whether a word is used as a verb at least as often as as a noun: `cancel`, not `order`. */
export const isMostlyVerb = (word: string): boolean =>
  VERB_MEANINGS.has(meaningOf(word) ?? "") || verbEntry(stem(word))?.mostly === true;
