import { isKnownNoun } from "../../words/thesaurus.ts";
import { stem } from "../../words/words.ts";
import type { Clause } from "../clause.ts";

/** `the heaviest wheel`, `my longest loan`, `the wheel with the most holes`. */
const SUPERLATIVE =
  /\b(?:the|my|our|your|its|their|his|her)\s+(?:very\s+)?(\p{Ll}{2,}est|(?:most|least)\s+\p{Ll}+)\b(?=\s+\p{L}|\s*$)/giu;
/** Words of this form that nouns are, too. */
const BOTH = /^(?:best|latest|oldest|youngest|eldest|first|finest|nearest|deepest)$/i;

/**
 * The words by which a clause wants the first in an order that nothing here understands: `heaviest`, `most holes`. What is known,
 * `cheapest` or `lowest price`, is an order of the clause itself.
 */
export function unknownSuperlative({ text, extreme }: Pick<Clause, "text" | "extreme">): string | undefined {
  if (extreme !== undefined) return undefined;
  return Array.from(text.matchAll(SUPERLATIVE), ([, word = ""]) => word).find(
    (word) => /\s/.test(word) || BOTH.test(word) || !isKnownNoun(stem(word.toLowerCase())),
  );
}
