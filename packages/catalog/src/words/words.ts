import { stemmer } from "stemmer";
import { apart } from "./compound.ts";
import { MEANINGS, PHRASES, STOP } from "./lexicon.ts";

/** Stems and meanings of a text with their weights. */
export type WeightedTokens = Map<string, number>;

/** Plurals that are written otherwise than their singulars: `/people` and `personId`, `/shelves` and `shelf`. */
const IRREGULAR: ReadonlyMap<string, string> = new Map(
  (
    "people:person children:child men:man women:woman shelves:shelf knives:knife wolves:wolf halves:half loaves:loaf calves:calf " +
    "hooves:hoof thieves:thief wives:wife mice:mouse geese:goose feet:foot teeth:tooth oxen:ox indices:index matrices:matrix " +
    "vertices:vertex criteria:criterion phenomena:phenomenon curricula:curriculum"
  )
    .split(" ")
    .map((pair) => pair.split(":") as [string, string]),
);

const meaningOfStem = new Map(MEANINGS.map(([word, meaning]) => [stemmer(spelled(word)), meaning]));
const stems = new Map<string, string>();
const STEMS_KEPT = 20_000;

/** The Porter stem of a lower-case word, cached. */
export function stem(word: string): string {
  let found = stems.get(word);
  if (found === undefined) {
    if (stems.size >= STEMS_KEPT) stems.clear();
    found = stemmer(spelled(word));
    stems.set(word, found);
  }
  return found;
}

/**
 * One spelling for what British and American English write differently, `favourite` and `favorite`, and for singulars
 * that end in `us`, which the stemmer would take for plurals: `status` is not several `statue`.
 */
function spelled(word: string): string {
  const singular = IRREGULAR.get(word);
  if (singular !== undefined) return singular;
  return word
    .replace(/^(?!menus$|gurus$|emus$|gnus$|bayous$|caribous$)(b|\w{2,}[^aeo])us$/, "$1uses")
    .replace(/^(\w{2,})our(?=(?:s|ed|ing|ites?|ited|iting|able|ful|er|ers|y)?$)/, "$1or")
    .replace(/^(\w{4,})is(?=(?:e|es|ed|ing)$)/, "$1iz");
}

/**
 * Lower-case words separated by single spaces: splits camelCase (`bookARoom` and `HTMLPage`, too) and snake_case, removes
 * punctuation and `'s`.
 */
export function plain(text: string): string {
  return text
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll(/(?<![A-Za-z])(A|[A-Z]{2,})(?=[A-Z][a-z]{2})/g, "$1 ")
    .toLowerCase()
    .replaceAll(/['’]s?\b/g, "")
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .replaceAll(LONG_WORD, partsOf)
    .trim();
}

/** What may be two words, between single spaces. */
const LONG_WORD = /(?<![^ ])[a-z]{8,}(?![^ ])/g;

const parts = new Map<string, string>();
const PARTS_KEPT = 10_000;

/** A long word, or the two nouns that it is made of; cached, as every text of an answer has such words. */
function partsOf(word: string): string {
  let found = parts.get(word);
  if (found === undefined) {
    found = meaningOfStem.has(stem(word)) ? word : apart(word, stem);
    if (parts.size >= PARTS_KEPT) parts.clear();
    parts.set(word, found);
  }
  return found;
}

/** The last one of the words of a name, or of a phrase. */
export function lastWord(name: string): string {
  const words = plain(name);
  return words.slice(words.lastIndexOf(" ") + 1);
}

/** The stems of all words of a text, in order, without meanings. */
export const stemsOf = (text: string): string[] => plain(text).split(" ").map(stem);

/** A text whose phrases are replaced by meanings. */
export function phrased(text: string): string {
  let result = plain(text);
  for (const [pattern, meaning] of PHRASES) result = result.replaceAll(pattern, meaning);
  return result;
}

type Parsed = readonly (readonly [token: string, meant: boolean])[];
const parsedTexts = new Map<string, Parsed>();
const TEXTS_KEPT = 20_000;
const LONGEST_KEPT = 200;

/**
 * The tokens of a text in order, and whether a meaning replaces each; cached, as APIs repeat names and descriptions.
 */
function parsed(text: string): Parsed {
  const known = parsedTexts.get(text);
  if (known !== undefined) return known;
  const found = Array.from(parse(text));
  if (text.length > LONGEST_KEPT) return found;
  if (parsedTexts.size >= TEXTS_KEPT) parsedTexts.clear();
  parsedTexts.set(text, found);
  return found;
}

function* parse(text: string): Generator<readonly [token: string, meant: boolean]> {
  for (const word of phrased(text).split(" ")) {
    if (word === "" || STOP.has(word)) continue;
    if (word.startsWith("~")) {
      yield [word, false];
      continue;
    }
    const base = stem(word);
    const meaning = meaningOfStem.get(base);
    yield [base, meaning !== undefined];
    if (meaning !== undefined) yield [meaning, false];
  }
}

/** The stems and meanings of a text, in order; a word with a meaning gives both. */
export function tokens(text: string): string[] {
  return Array.from(parsed(text), ([token]) => token);
}

/** The meaning of a single word, if the lexicon has one. */
export function meaningOf(word: string): string | undefined {
  return word.startsWith("~") ? word : meaningOfStem.get(stem(word));
}

/**
 * Adds a text to weights; a token that exists keeps the higher weight. A stem with a known meaning counts half, because
 * its meaning is added too.
 */
export function addTokens(weights: WeightedTokens, text: string, weight: number): WeightedTokens {
  for (const [token, meant] of parsed(text)) {
    const own = meant ? weight / 2 : weight;
    if ((weights.get(token) ?? 0) < own) weights.set(token, own);
  }
  return weights;
}

/** The weights of one text. */
export function weightedTokens(text: string, weight = 1): WeightedTokens {
  return addTokens(new Map(), text, weight);
}

/** Weighs tokens: rare ones count more. Source: inverse document frequency, Spärck Jones 1972. */
export class InverseDocumentFrequency {
  readonly #counts = new Map<string, number>();
  #documents = 0;

  add(weights: WeightedTokens): void {
    this.#documents += 1;
    for (const token of weights.keys()) this.#counts.set(token, (this.#counts.get(token) ?? 0) + 1);
  }

  of(token: string): number {
    return Math.log(1 + (this.#documents + 1) / ((this.#counts.get(token) ?? 0) + 1));
  }

  /** The cosine similarity of two weight vectors, 0 to 1. */
  likeness(left: WeightedTokens, right: WeightedTokens): number {
    let dot = 0;
    let one = 0;
    let two = 0;
    for (const [token, weight] of left) {
      const value = weight * this.of(token);
      one += value * value;
      dot += value * (right.get(token) ?? 0) * this.of(token);
    }
    for (const [token, weight] of right) two += (weight * this.of(token)) ** 2;
    return dot === 0 ? 0 : dot / Math.sqrt(one * two);
  }
}
