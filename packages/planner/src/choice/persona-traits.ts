/** The traits of a persona that the planner can act on. */
export interface PersonaTraits {
  /** Reads an item on its own before acting on it. */
  inspects: boolean;
  /** Chooses the first item that fits. */
  first: boolean;
  /** Chooses the cheapest item that fits, although the goal does not ask for it. */
  cheapest: boolean;
  /** Sends one invalid value, once. */
  errs: boolean;
}

const WORDS: Readonly<Record<keyof PersonaTraits, RegExp>> = {
  inspects: /\b(?:careful(?:ly)?|cautious(?:ly)?|in detail|details|compare)\b/i,
  first: /\b(?:hurry|hurried|impatient|first (?:thing|one|match|item|offer))\b/i,
  cheapest: /\b(?:cheapest|bargains?|lowest price|best (?:deal|price|offer))\b/i,
  errs: /\b(?:not meant to|not supposed to|adversarial|invalid|wrong kind|malformed)\b/i,
};
const NOT = /\b(?:never|not|don't|without|no)\s+$/i;

const PLAIN: PersonaTraits = { inspects: false, first: false, cheapest: false, errs: false };

/**
 * Reads the traits that the planner supports from a persona's words; other words have no effect.
 * @param words the persona's part of the prompt, undefined without one
 */
export function parsePersonaTraits(words: string | undefined): PersonaTraits {
  if (words === undefined) return PLAIN;
  const says = (trait: keyof PersonaTraits): boolean => {
    const match = WORDS[trait].exec(words);
    return match !== null && !NOT.test(words.slice(0, match.index));
  };
  const first = says("first");
  return {
    inspects: says("inspects") && !first && !says("cheapest"),
    first,
    cheapest: says("cheapest") && !first,
    errs: says("errs"),
  };
}
