import { type Field, isReference } from "../../operations/field.ts";
import type { Operation } from "../../operations/operation-catalog.ts";
import { ownNouns, subjectOf } from "../../operations/operation-subject.ts";
import { NUMBERS, STOP } from "../../words/lexicon.ts";
import { areKin } from "../../words/thesaurus.ts";
import { lastWord, plain, stem, stemsOf } from "../../words/words.ts";
import { type Clause, FILLERS } from "../clause.ts";
import { monthNumber } from "../times/points-in-time.ts";

/** A thing that a goal tells from others by a number behind its noun: `order 2`, `ticket no. 42`, `the room with the id 7`, `#502`. */
export interface NumberedThing {
  /** Stem of the noun; empty for a number alone, `#502`. */
  noun: string;
  number: string;
  /** As a goal says it, without the words between: `order 2`. */
  said: string;
  /** Whether it is the id, and no other number of the thing. */
  isId: boolean;
  /** Where the number stands in the clause. */
  at: number;
}

/** What tells things apart by a number. */
const LABEL = "(?:numbers?|no\\.?|nr\\.?|num\\.?|nº|№|ids?|reference|ref\\.?|code)";
const VALUE_OF_LABEL = `(?<label>${LABEL})(?![\\p{L}\\p{N}])(?:\\s+is\\b|\\s*[:=])?\\s*#?`;
const BEFORE_LABEL = "(?:,?\\s+(?:with|having|by|under)\\s+(?:(?:the|an?)\\s+)?(?:[\\p{L}-]+\\s+)?|,?\\s+)";
/** A noun and a number, with the words between that say what the number is; further numbers behind it. */
const NUMBERED = new RegExp(
  `(?<![\\p{L}\\p{N}_.-])(?:(?<noun>\\p{L}[\\p{L}'-]*)(?:${BEFORE_LABEL}${VALUE_OF_LABEL}|\\s+(?<sign>#)|\\s+)|(?<only>#))` +
    "(?<number>\\d+)(?<more>(?:(?:,\\s*|\\s+(?:and|or)\\s+|,\\s*and\\s+)#?\\d+(?![\\p{L}\\p{N}_:.%-]))*)" +
    "(?![\\p{L}\\p{N}_%]|[.,:/-]\\d|\\s*[$€£])",
  "giu",
);
/** What is counted by the number before it, or measured: `2 pizzas`, `5 kg`. */
const COUNTED =
  /^\s+(?:\p{Ll}+(?<![sui])s|of\s+(?:them|these|those|(?:(?:the|my|our|your)\s+)?(?:\p{Ll}+\s+){0,2}?\p{Ll}+(?<![sui])s)|more|less|x|times|kg|g|mg|km|m|cm|mm|l|ml|eur|usd|gbp|euro|people|percent|hour|minute|day|week|month|year)(?![\p{L}-])/u;
const PLURAL_STOP = /^\s+(?:as|is|was|has|does|its|this|always|needs|status|address|details|notes|yes)\b/;

const known = new WeakMap<Clause, readonly NumberedThing[]>();

/** The things that a clause tells from others by numbers behind their nouns; what it counts stands behind the number. */
export function numberedThings(clause: Clause): readonly NumberedThing[] {
  let found = known.get(clause);
  if (found === undefined) {
    found = /\d/.test(clause.text) ? thingsIn(clause) : [];
    known.set(clause, found);
  }
  return found;
}

function thingsIn({ text, lead }: Clause): NumberedThing[] {
  const start = startOf(text, lead);
  return Array.from(text.matchAll(NUMBERED)).flatMap((match) => {
    const { noun: word = "", label, sign, only, number = "", more = "" } = match.groups ?? {};
    const isMarked = label !== undefined || sign !== undefined || only !== undefined;
    const behind = text.slice(match.index + match[0].length);
    const next = /^\s+(\p{L}{3,})/u.exec(behind)?.[1];
    if (next !== undefined && monthNumber(next) > 0) return [];
    const isLead = word !== "" && match.index <= start;
    if (!isMarked && (isLead || (COUNTED.test(behind) && !PLURAL_STOP.test(behind)))) return [];
    const isAlone = isLead || isLabel(word) || (isMarked && DETERMINER.test(word));
    const noun = isAlone ? "" : word.toLowerCase();
    if (noun !== "" && (!isNoun(noun) || /^\p{Lu}/u.test(word))) return [];
    const at = match.index + match[0].length - more.length - number.length;
    const isId = /^id/i.test(label ?? "");
    return [{ own: number, at }, ...othersIn(more, at + number.length)].map(({ own, at: place }) => ({
      noun: noun === "" ? "" : stem(lastWord(noun)),
      number: own,
      said: `${noun === "" ? "number" : singular(noun)} ${own}`,
      isId,
      at: place,
    }));
  });
}

const othersIn = (more: string, start: number): { own: string; at: number }[] =>
  Array.from(more.matchAll(/\d+/g), (one) => ({ own: one[0], at: start + one.index }));

/** Where the verb of a clause begins. */
function startOf(text: string, lead: string | undefined): number {
  for (const match of text.matchAll(/\S+/g)) {
    const word = plain(match[0]);
    if (FILLERS.has(word) && stem(word) !== lead) continue;
    return match.index;
  }
  return 0;
}

const DETERMINER = /^(?:the|this|that|my|our|your|its|their)$/i;
const LABELS = new RegExp(`^${LABEL}$`, "iu");
const isLabel = (word: string): boolean => LABELS.test(word);
const isNoun = (word: string): boolean =>
  word.length > 1 && !STOP.has(word) && !FILLERS.has(word) && !(word in NUMBERS) && !NO_NOUN.test(word);
/** Words before a number that say how much it is, or where or when. */
const NO_NOUN =
  /^(?:it|them|him|her|at|in|on|to|by|for|from|with|than|least|most|about|around|exactly|only|under|over|below|above|within|until|till|and|or|is|are|be|was|its?|all|any|up|down|off|maximum|minimum|max|min|between|every|plus|minus|times)$/;
const singular = (noun: string): string => (/[^s]s$/.test(noun) ? noun.slice(0, -1) : noun);

/** Whether a word is one for what a field takes the id of: the ticket of `/tickets/{id}/cancellation`, the pilot of `pilotId`. */
export function isIdOf({ noun }: NumberedThing, field: Field, operation: Operation): boolean {
  if (field.in !== "path" && !isReference(field)) return false;
  if (noun === "") return isLastId(field, operation);
  return thingsOf(field, operation).some((one) => areKin(noun, one));
}

/** Stems of what a field takes the id of: by its name, by the collection before it in the path, else what the call is about. */
export function thingsOf(field: Field, operation: Operation): string[] {
  const named = plain(field.leaf)
    .split(" ")
    .filter((word) => !isLabel(word) && !/^u?uids?$/.test(word));
  if (named.length > 0) return [stem(named.at(-1) ?? "")];
  const at = operation.path.indexOf(`/{${field.name}}`);
  const collection = at < 0 ? "" : (operation.path.slice(0, at).split("/").at(-1) ?? "");
  if (collection !== "") return stemsOf(collection).slice(-1);
  const subject = subjectOf(operation);
  return [...ownNouns(subject), ...subject.actsOn];
}

/** Whether a field is the id of the very thing that an operation is about. */
function isLastId(field: Field, { inputs }: Operation): boolean {
  const paths = inputs.filter(({ in: place }) => place === "path");
  if (paths.length > 0) return paths.at(-1) === field;
  const ids = inputs.filter((one) => one.required && isReference(one));
  return ids.length === 1 && ids[0] === field;
}

/** The numbered thing of a clause whose id a field takes. */
export const numberedFor = (field: Field, operation: Operation, clause: Clause): NumberedThing | undefined =>
  numberedThings(clause).find((thing) => isIdOf(thing, field, operation));

/** A text without the numbers of some things. */
export const withoutNumbers = (text: string, things: readonly NumberedThing[]): string =>
  things
    .toSorted((one, two) => two.at - one.at)
    .reduce((rest, { at, number }) => `${rest.slice(0, at)}${rest.slice(at + number.length)}`, text)
    .replaceAll(/\s+/g, " ");

const nouns = new WeakMap<readonly Operation[], ReadonlySet<string>>();

/** Whether things of a noun are known to an API: a collection has them, or an id is of one. */
export function isKindOfThing(noun: string, operations: readonly Operation[]): boolean {
  let all = nouns.get(operations);
  if (all === undefined) {
    all = new Set(operations.flatMap(nounsOf));
    nouns.set(operations, all);
  }
  if (noun === "" || all.has(noun)) return true;
  for (const one of all) if (areKin(noun, one)) return true;
  return false;
}

function nounsOf(operation: Operation): string[] {
  const { path, inputs } = operation;
  const parts = path.split("/").filter((part) => part !== "" && !part.includes("{"));
  const collections = parts.flatMap((part) => stemsOf(part).at(-1) ?? []);
  const ids = inputs.filter((field) => field.in === "path" || isReference(field));
  const subject = subjectOf(operation);
  return [
    ...collections,
    ...(subject.collection === "" ? ownNouns(subject) : []),
    ...ids.flatMap(({ leaf }) => stemsOf(leaf).slice(0, -1).slice(-1)),
  ];
}
