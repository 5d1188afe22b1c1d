import { VERB_MEANINGS } from "../../words/lexicon.ts";
import { mainNouns } from "../../words/object-phrase.ts";
import { plain, stem, weightedTokens } from "../../words/words.ts";
import type { Clause } from "../clause.ts";

/** A thing that a clause tells by common nouns, and that is there: `the hedge trimmer`, `for the skateboard`. */
export interface DefiniteThing {
  /** As the clause says it, without its article. */
  text: string;
  /** Stems of its words. */
  words: readonly string[];
  /** The verb acts on it. */
  isObject: boolean;
  /** It is what something is about, without an article: `about night buses`. */
  isTopic: boolean;
  /** It is where something is: `in the bisque firing`. */
  isPlace: boolean;
}

/** `the hedge trimmer`, `my notice`: a thing that there is, and no other will do. */
const DEFINITE = /^\W*\S+(?:\s+(?:back|off|up|out|down|away|for|on|in|to))*\s+(?:the|my|our)\s/i;
const PLACES = /^(?:in|at)$/i;
const BESIDE =
  /\s(?:(for|of|about|on|with|in|at)\s+(?:the|my|our)|(about))\s+((?!(?:the|my|our|an?|it|them|this|that|its|his|her|their|your)\b)(?:\p{Ll}[\p{L}-]*)(?:\s\p{Ll}[\p{L}-]*){0,2}?)(?=\s+(?:to|from|until|because|and|on|at|in|for|of|with)\b|[,.]|\s*$)/gu;

/** Whether a clause acts on a thing that there is, which it tells by nouns. */
export const actsOnDefinite = ({ object, indefinite, text }: Clause): boolean =>
  object.nouns.size > 0 && !indefinite && DEFINITE.test(text);

/** The things that a clause tells by common nouns: what it acts on first, then those beside it. */
export function definiteThings(clause: Clause): DefiniteThing[] {
  const { text, object } = clause;
  const words = [...object.nouns.keys()].filter((noun) => !noun.startsWith("~"));
  const isTold = actsOnDefinite(clause) && !object.refers && words.length > 0;
  const own = { text: objectText(text, words), words, isObject: true, isTopic: false, isPlace: false };
  return [...(isTold ? [own] : []), ...thingsBeside(clause)];
}

/** The further things that a clause speaks of by common nouns. */
export const thingsBeside = (clause: Clause): DefiniteThing[] =>
  Array.from(clause.text.matchAll(BESIDE), ([, preposition = "", topic, phrase = ""]) => ({
    text: phrase,
    words: nounsOf(phrase),
    isObject: false,
    isTopic: topic !== undefined,
    isPlace: PLACES.test(preposition),
  })).filter(({ text, isPlace }) => !isOfQuoted(clause, text) && (isPlace || !isCalled(clause, text)));

const nounsOf = (text: string): string[] =>
  [...weightedTokens(text).keys()].filter((token) => !VERB_MEANINGS.has(token));

/** Whether a phrase says only what a text is: `with the remark "Urgent"`. */
const isOfQuoted = ({ said }: Clause, phrase: string): boolean =>
  /^\W{0,3}["“'‘]/u.test(behind(said, phrase));

/** Whether a phrase says only what something with a name is, which tells it: `the bear at Old Bruno`. */
const isCalled = ({ said, names }: Clause, phrase: string): boolean =>
  names.some(({ text, preposition }) =>
    behind(said, phrase).trimStart().startsWith(`${preposition} ${text}`.trim()),
  );

const behind = (said: string, phrase: string): string => said.slice(said.indexOf(phrase) + phrase.length);

/** What a clause acts on, as it says it. */
const objectText = (text: string, stems: readonly string[]): string =>
  text
    .split(/[^\p{L}\d'-]+/u)
    .filter((word) => stems.includes(stem(plain(word))))
    .join(" ");

/** The nouns of the object itself are those of what is made or changed; what describes it tells which one it is. */
export const tellsApart = (clause: Clause, { words, isObject }: DefiniteThing): readonly string[] =>
  isObject ? words.filter((word) => !mainNouns(clause).includes(word)) : words;
