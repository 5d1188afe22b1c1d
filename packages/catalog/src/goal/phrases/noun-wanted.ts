import { VERB_MEANINGS } from "../../words/lexicon.ts";
import { weightedTokens } from "../../words/words.ts";
import type { Clause } from "../clause.ts";

/**
 * The word for what one thing has to be about that a clause wants to see: `microwave` of `read the guide about repairing a
 * microwave`.
 */
export function nounWanted({ verb, plural, text }: Clause): string | undefined {
  const rest = verb === "~show" && !plural ? THE_ONE.exec(text)?.[1] : undefined;
  const isNoun = (word: string): boolean =>
    [...weightedTokens(word).keys()].some((token) => !VERB_MEANINGS.has(token));
  return rest?.match(/[\p{L}-]+/gu)?.findLast(isNoun);
}
const THE_ONE = /\bthe \w+[^s\s] (?:about|on)\s+(.+)$/i;
