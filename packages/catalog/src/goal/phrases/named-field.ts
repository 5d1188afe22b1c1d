import { nounKinship } from "../../words/thesaurus.ts";
import { stemsOf, type WeightedTokens } from "../../words/words.ts";
import type { Clause } from "../clause.ts";

/** Nouns that say nothing without the word before them: a phone number, a street name. */
const GENERAL = new Set("number name address code level value type date".split(" ").flatMap(stemsOf));

/** What nouns must be akin at least to be the same in their most usual sense: telephone and phone. */
const SAME_NOUN = 0.8;

/** Whether the thing that a clause acts on is a field, by the field's name or label. */
export function namesField({ object }: Clause, ...names: readonly WeightedTokens[]): boolean {
  const nouns = [...object.nouns];
  const head = nouns.find(([, weight]) => weight === 1)?.[0] ?? "";
  const own =
    GENERAL.has(head) && nouns.length > 1 ? nouns.filter(([noun]) => noun !== head) : [[head] as const];
  return own.some(([noun]) =>
    names.some(
      (tokens) =>
        tokens.has(noun) || [...tokens.keys()].some((token) => nounKinship(token, noun) >= SAME_NOUN),
    ),
  );
}
