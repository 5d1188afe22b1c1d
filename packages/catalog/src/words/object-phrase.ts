import { STOP, VERB_MEANINGS } from "./lexicon.ts";
import { meaningOf, phrased, stem, type WeightedTokens } from "./words.ts";

/** What the verb of a clause or of a summary acts on. */
export interface ObjectPhrase {
  /** Stems of its nouns: 1 for the last, less for those before it. */
  nouns: WeightedTokens;
  /** Words before it that usually say nothing of the thing: `first`, which may be a class of it. */
  plain: ReadonlySet<string>;
  /** It is, or belongs to, what was mentioned before: `it`, `its name`. */
  refers: boolean;
}

const PRONOUN = new Set(["it", "them", "him", "this", "these", "those"]);
const POSSESSIVE = new Set(["its", "their", "his", "her"]);
const MODIFIER = 0.5;
/** Weight of the thing that a part is of: `the state of the run`. */
const WHOLE = 0.7;
/** Words before a noun that say nothing of the thing. */
const PLAIN = new Set(
  "new cheapest cheap first last next own single existing other another different current given specific few several more most best oldest newest latest".split(
    " ",
  ),
);
const PREPOSITION = new Set(
  "to in on of for with from into at by as under over below above about after before through via onto within without than between until till since during".split(
    " ",
  ),
);
const END = new Set(
  "called named titled entitled using when if where whose who which that and or but so because".split(" "),
);
const MORE = new Set("more further extra additional fewer less".split(" "));
const PARTICLE = new Set("off down away up back out on over".split(" "));

/**
 * The nouns that follow a verb up to the next preposition: `pet type` of `Create a pet type for dogs`. Where the first
 * noun follows a preposition, that one: `search for a position`.
 */
export function objectPhrase(text: string, verb: string | undefined): ObjectPhrase {
  const words = phrased(text).split(" ");
  const at = (verb === undefined ? -1 : words.indexOf(verb)) + 1;
  const phrase: string[] = [];
  const plain = new Set<string>();
  let whole = 0;
  let refers = false;
  for (const [index, word] of words.slice(at).entries()) {
    if (POSSESSIVE.has(word)) refers = true;
    else if (PRONOUN.has(word)) refers ||= phrase.length === 0;
    else if (word === "one" && phrase.length === 0) refers = true;
    // `Register 3 boats` is about boats, `add 2 more seats` changes a number.
    else if (/^\d+$/.test(word) && phrase.length === 0 && !MORE.has(words[at + index + 1] ?? "")) continue;
    // `Get the letter once a month`: what follows says how it is done.
    else if (ADVERB.has(word) && phrase.length > 0) break;
    else if (END.has(word) || /^\d|^quoted\d/.test(word)) break;
    else if (PREPOSITION.has(word) || PARTICLE.has(word)) {
      if (word === "of" && phrase.length > 0 && whole === 0) whole = phrase.length;
      else if (phrase.length > 0) break;
      if (refers && !PARTICLE.has(word)) break;
    } else if (PLAIN.has(word)) plain.add(word);
    else if (!STOP.has(word) && isNoun(word)) phrase.push(word);
  }
  const nouns: WeightedTokens = new Map();
  const last = (whole === 0 ? phrase.length : whole) - 1;
  for (const [index, word] of phrase.entries()) {
    const weight = index === last ? 1 : index === phrase.length - 1 ? WHOLE : MODIFIER;
    nouns.set(word.startsWith("~") ? word : stem(word), weight);
  }
  return { nouns, plain, refers };
}

/** The nouns of what is acted on, without the words that describe it and the whole that it is a part of. */
export const mainNouns = ({ object }: { object: ObjectPhrase }): string[] =>
  [...object.nouns].flatMap(([noun, weight]) => (weight === 1 ? [noun] : []));

/** Whether a word can be a noun: a phrase's meaning is none if it is a verb's. */
const isNoun = (word: string): boolean =>
  word.startsWith("~") ? !VERB_MEANINGS.has(meaningOf(word) ?? "") : word.length > 1 && !ADVERB.has(word);

/** Words at the end of a request that are no thing: `cancel it again`. */
const ADVERB = new Set(
  "longer again too now later afterwards instead immediately please soon anyway already twice once".split(
    " ",
  ),
);
