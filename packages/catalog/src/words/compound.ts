import { isKnownNoun, verbEntry } from "./thesaurus.ts";

/** Minimum length of each part of a compound. */
const PART = 4;
/** What makes an adverb, a name or a kind of living thing of the word before it: a clownfish is no fish of a clown. */
const ENDING =
  /^(?:like|wise|wards?|long|able|less|ness|ships?|hood|most|fold|fore|names?|words?|lists?|fish|birds?|berr(?:y|ies)|trees?|weeds?|worms?|flower|grass)$/;
/** A plural, and a word that says where or how much, begin no compound. */
const NO_BEGINNING =
  /(?:[^s]s$)|^(?:there|here|where|with|over|under|some|every|what|when|more|mean|never|other|else)$/;

/**
 * A word in small letters whose two nouns are written as one, with a space between them: `field trips` of `fieldtrips`. What is a
 * word itself, such as `workshop`, stays as it is.
 * @param stem stems a word
 */
export function apart(word: string, stem: (word: string) => string): string {
  const isNoun = (one: string): boolean => isKnownNoun(stem(one));
  if (isNoun(word) || verbEntry(stem(word)) !== undefined) return word;
  for (let at = word.length - PART; at >= PART; at -= 1) {
    const [one, two] = [word.slice(0, at), word.slice(at)];
    if (!ENDING.test(two) && !NO_BEGINNING.test(one) && isNoun(one) && isNoun(two)) return `${one} ${two}`;
  }
  return word;
}
