/** How a kind of user goes about things, as far as the planner can act on it. */
export interface PersonaTraits {
  /** Looks at a thing by itself before something is done with it. */
  inspects: boolean;
  /** Takes the first thing that will do. */
  first: boolean;
  /** Takes the cheapest thing that will do, though the goal does not ask for it. */
  cheapest: boolean;
  /** Sends something that is not meant to be sent, once. */
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
 * Reads a persona's words for the few things that the planner can do about them; all other words change nothing.
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
