import { kinship } from "../../operations/operation-agreement.ts";
import type { Operation, OperationCatalog } from "../../operations/operation-catalog.ts";
import { resultNouns, subjectOf } from "../../operations/operation-subject.ts";
import { NUMBERS, STOP } from "../../words/lexicon.ts";
import { mainNouns } from "../../words/object-phrase.ts";
import { KIN } from "../../words/thesaurus.ts";
import { lastWord, meaningOf, plain, stem, stemsOf } from "../../words/words.ts";
import type { Clause } from "../clause.ts";
import { withoutTimes } from "../times/points-in-time.ts";
import { withoutCause } from "./cause.ts";
import { nameOf, type ThingName, thingNamed } from "./thing-name.ts";

const WORDS = "((?:\\p{Ll}[\\p{Ll}'-]*(?:\\s+|(?=\\W|$))){1,4})";
/** What the verb of a clause acts on, in small letters: `return the tile cutter`. */
const ACTED_ON = new RegExp(
  `^\\W*(?:(?:then|also|please|finally|now|and)\\s+)*\\p{L}+(?:\\s+(?:off|up|out|back|down|away))?\\s+(?:the|my|our|your)\\s+${WORDS}`,
  "iu",
);
/** What that is of: `call off the repair of the tile cutter`. */
const PART_OF = new RegExp(`\\bof\\s+(?:the|my|our|your)\\s+${WORDS}`, "u");
/** What is beside that: `the trip to the gas sensor`. */
const BESIDE = new RegExp(
  `\\b(?:of|for|to|from|on|onto|in|at|with|by|near)\\s+(?:the|my|our|your)\\s+${WORDS}`,
  "gu",
);
/** Any one of a kind beside it: `a visit to a windmill`. */
const BESIDE_ANY = new RegExp(`\\b(?:for|to|of|from)\\s+an?\\s+${WORDS}`, "u");
/** Times, places and ways of speaking that are no thing. */
const NO_THING =
  /\b(?:day|night|morning|noon|afternoon|evening|weekend|week|month|year|spring|summer|autumn|winter|end|beginning|start|time|moment|meantime|future|way|phone|front|back|left|right|top|bottom|list|page|system|first|second|third|others?|same|name|occasion|case|public|world|rest)$/;
/** What is set is a property of a thing: `set the note of the lift`. */
const PROPERTY = /^\W*(?:(?:then|also|please|finally|now|and)\s+)*\p{L}+\s+the\s+(?:\p{Ll}+\s+){1,2}of\s/iu;
/** Words that end such a phrase. */
const END =
  /^(?:of|to|in|on|at|near|with|from|into|onto|by|as|for|under|over|about|after|before|until|till|within|without|via|between|than|and|or|but|so|that|which|who|whose|where|when|if|while|because|is|are|was|has|using|called|named|off|up|out|down|back|away|again|too|now|please)$/;
/** Words that choose one, and are no name: `the same tool`, `the last one`. */
const CHOOSES =
  /^(?:same|other|another|last|first|next|only|new|old|own|one|ones|rest|whole|current|previous|free|cheap|\p{Ll}{2,}est|most|least|more|less)$/u;

/** Whether a word chooses one of several things, and says nothing of it. */
export const isChosenWord = (word: string): boolean => CHOOSES.test(word);

const known = new WeakMap<Clause, Map<OperationCatalog, ThingName | undefined>>();

/**
 * What a clause calls a known thing in small letters, where nothing here has such a word: the tile cutter of `return the tile cutter`,
 * where there are tools and loans. Computed once per clause and catalog.
 */
export function plainNameOf(clause: Clause, catalog: OperationCatalog): ThingName | undefined {
  let byCatalog = known.get(clause);
  if (byCatalog === undefined) {
    byCatalog = new Map();
    known.set(clause, byCatalog);
  }
  if (!byCatalog.has(catalog)) byCatalog.set(catalog, nameIn(clause, catalog));
  return byCatalog.get(catalog);
}

function nameIn(clause: Clause, { operations }: OperationCatalog): ThingName | undefined {
  if (clause.indefinite) return undefined;
  const part = phraseIn(PART_OF.exec(clause.text)?.[1], operations);
  if (part !== undefined) return { text: part, whole: part, nouns: [], of: true };
  const own =
    thingNamed(clause) === undefined && !(clause.verb === "~update" && PROPERTY.test(clause.text))
      ? phraseIn(ACTED_ON.exec(clause.text)?.[1], operations)
      : undefined;
  return own === undefined ? undefined : { text: own, whole: own, nouns: [], of: false };
}

/** A thing that a clause speaks of in small letters. */
export interface PlainThing {
  name: ThingName;
  /** It may be a kind of what is known here, as a tiltmeter is of instruments: what shows the word goes first. */
  isKind: boolean;
}

/**
 * The things that a clause speaks of in small letters beside what its verb acts on, where nothing here has such a word: the gas
 * sensor of `call off the trip to the gas sensor`.
 */
export function plainThingsBeside(clause: Clause, { operations }: OperationCatalog): PlainThing[] {
  const text = withoutTimes(withoutCause(clause.text));
  return Array.from(text.matchAll(BESIDE), ([, phrase]) => phraseIn(phrase, operations)).flatMap((said) => {
    if (said === undefined || NO_THING.test(said)) return [];
    const kin = kinHere(stem(lastWord(said)), operations);
    if (kin >= SYNONYM) return [];
    return { name: { text: said, whole: said, nouns: [], of: true }, isKind: kin >= KIN };
  });
}

/** The kind of which a clause uses any thing, where nothing here has such a word: `hire a crane`, `plan a visit to a windmill`. */
export function kindUsed(clause: Clause, { operations }: OperationCatalog): ThingName | undefined {
  const [noun] = mainNouns(clause);
  const beside = phraseIn(BESIDE_ANY.exec(withoutTimes(withoutCause(clause.text)))?.[1], operations);
  if (beside !== undefined && !NO_THING.test(beside) && kinHere(stem(lastWord(beside)), operations) < SYNONYM)
    return { ...nameOf(beside), of: true };
  if (!clause.indefinite || clause.object.refers || noun === undefined || noun.startsWith("~"))
    return undefined;
  if (meaningOf(noun) !== undefined || isWordHere(noun, operations) || kinHere(noun, operations) >= SYNONYM)
    return undefined;
  const said = clause.text.split(/[^\p{L}'-]+/u).find((word) => stem(plain(word)) === noun);
  return said === undefined || NO_THING.test(said) ? undefined : { ...nameOf(said), of: true };
}

/** How near a noun is to those of what is known here. */
const kinHere = (noun: string, operations: readonly Operation[]): number =>
  Math.max(
    0,
    ...operations.flatMap((operation) => resultNouns(subjectOf(operation)).map((own) => kinship(noun, own))),
  );
/** Nearness of a noun that is only another word for the same thing. */
const SYNONYM = 0.7;

/** The words of a phrase, where they name a thing of which nothing here has the last word. */
function phraseIn(phrase: string | undefined, operations: readonly Operation[]): string | undefined {
  const words = phrase?.trim().split(/\s+/) ?? [];
  const end = words.findIndex((word) => END.test(word));
  const own = end < 0 ? words : words.slice(0, end);
  if (own.length === 0 || own.some((word) => CHOOSES.test(word) || STOP.has(word) || word in NUMBERS))
    return undefined;
  return isWordHere(stem(plain(own.at(-1) ?? "")), operations) ? undefined : own.join(" ");
}

const wordsHere = new WeakMap<readonly Operation[], Set<string>>();

/** Whether an API has a noun. */
function isWordHere(noun: string, operations: readonly Operation[]): boolean {
  let words = wordsHere.get(operations);
  if (words === undefined) {
    words = new Set(operations.flatMap(wordsOf));
    wordsHere.set(operations, words);
  }
  return words.has(noun);
}

/** Whether the things of an operation can be meant by a plain name as such: a boat, of vessels. */
export const isKindFor = ({ whole }: ThingName, operation: Operation): boolean =>
  resultNouns(subjectOf(operation)).some((own) => kinship(stem(lastWord(whole)), own) >= KIN);

/** The words of an operation: of its summary and path, of its inputs and answers, and of their options. */
const wordsOf = ({ weights, inputs, answers }: Operation): string[] => [
  ...weights.keys(),
  ...[...inputs, ...answers].flatMap(({ leaf, enum: options = [] }) => [
    ...stemsOf(leaf),
    ...options.flatMap((option) => (typeof option === "string" ? stemsOf(option) : [])),
  ]),
];
