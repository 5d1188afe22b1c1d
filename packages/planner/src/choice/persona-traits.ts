import { readDetours } from "@ape/core/config/detour";

/** The traits of a persona that the planner can act on. */
export interface PersonaTraits {
  /** Number of items that it reads on their own before choosing one. */
  looks: number;
  /** Chooses an item that it has not looked at. */
  changesMind: boolean;
  /** Looks at another part of a list before choosing. */
  searchesAgain: boolean;
  /** Chooses the first item that fits. */
  first: boolean;
  /** Chooses the cheapest item that fits, although the goal does not ask for it. */
  cheapest: boolean;
  /** Sends one invalid value, once. */
  errs: boolean;
}

const WORDS = {
  inspects: /\b(?:careful(?:ly)?|cautious(?:ly)?|in detail|details|compare)\b/i,
  first: /\b(?:hurry|hurried|impatient|first (?:thing|one|match|item|offer))\b/i,
  cheapest: /\b(?:cheapest|bargains?|lowest price|best (?:deal|price|offer))\b/i,
  errs: /\b(?:not meant to|not supposed to|adversarial|invalid|wrong kind|malformed)\b/i,
};
const NOT = /\b(?:never|not|don't|without|no)\s+$/i;
/** Two looks leave the list that they are about in sight. */
const COMPARED = 2;

const PLAIN: PersonaTraits = {
  looks: 0,
  changesMind: false,
  searchesAgain: false,
  first: false,
  cheapest: false,
  errs: false,
};

/**
 * Reads the traits that the planner supports from a persona's words; other words have no effect. What the prompt says of
 * this session's detours goes before what it says of the persona.
 * @param words the persona's part of the prompt, undefined without one
 */
export function parsePersonaTraits(words: string | undefined): PersonaTraits {
  if (words === undefined) return PLAIN;
  const says = (trait: keyof typeof WORDS): boolean => {
    const match = WORDS[trait].exec(words);
    return match !== null && !NOT.test(words.slice(0, match.index));
  };
  const first = says("first");
  const cheapest = says("cheapest") && !first;
  const detours = readDetours(words);
  if (detours === undefined)
    return {
      ...PLAIN,
      looks: says("inspects") && !first && !cheapest ? 1 : 0,
      first,
      cheapest,
      errs: says("errs"),
    };
  const changesMind = detours.includes("changeMind");
  const looks = detours.includes("compare") ? COMPARED : detours.includes("details") || changesMind ? 1 : 0;
  return {
    looks,
    changesMind,
    searchesAgain: detours.includes("searchAgain"),
    first,
    cheapest,
    errs: says("errs"),
  };
}
