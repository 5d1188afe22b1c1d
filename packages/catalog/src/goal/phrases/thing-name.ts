import { VERB_CLASSES } from "../../words/lexicon.ts";
import { plain, stem } from "../../words/words.ts";
import { type Clause, FILLERS } from "../clause.ts";
import { withoutAmount } from "../goal-text.ts";
import { plainForm } from "../plain-form.ts";
import { asserts, isCondition, withoutAsserted } from "../things/sought-text.ts";
import { datesIn, type StatedTime } from "../times/points-in-time.ts";
import { nameAt } from "../unquoted-name.ts";
import { codeAt } from "../values/written-code.ts";
import type { NumberedThing } from "./numbered-thing.ts";

/** The name by which a goal calls a thing: quoted, in capitals inside of a sentence, or a code that has digits. */
export interface ThingName {
  /** The words that are a name for sure: `Snow` of `the Snow queen`. */
  text: string;
  /** The same with the words in small letters behind it, which may belong to it: `Snow queen`. */
  whole: string;
  /** Stems of the nouns before it: `target` of `the target "SS Cyg"`. */
  nouns: readonly string[];
  /** Whether it is what the verb acts on, or what that is of: `a treatment of the Kilim`. */
  of: boolean;
  /** Other names of the clause that may be meant instead: which one it is the list itself shows. */
  or?: readonly string[];
  /** It is a day or a time that the thing is on. */
  point?: StatedTime;
  /** It is a number behind the noun: of a thing it is its id, or another number or code of its own. */
  numbered?: NumberedThing;
}

/** A text as the name of a thing of which nothing else is said. */
export const nameOf = (text: string): ThingName => ({ text, whole: text, nouns: [], of: false });

/** A number behind a noun as a name: no other thing will do. */
export const nameOfNumber = (thing: NumberedThing): ThingName => ({
  text: thing.number,
  whole: thing.said,
  nouns: thing.noun === "" ? [] : [thing.noun],
  of: false,
  numbered: thing,
});

/**
 * The name without quotation marks that a text begins with.
 * @param nouns the words before it, which say what it is of; empty ones are left out
 */
export function nameBegun(text: string, nouns: readonly string[]): ThingName | undefined {
  const name = nameAt(text, true);
  if (name === undefined) return undefined;
  const before = nouns.filter((word) => word !== "").map(stem);
  return { ...nameOf(name), whole: nameAt(text) ?? name, nouns: before };
}

/** The name of a thing that is identified by a day or a time. */
export const nameOfPoint = (point: StatedTime): ThingName => ({
  text: point.text,
  whole: point.text,
  nouns: [],
  of: true,
  point,
});

const DETERMINER = /^(?:the|this|that|these|those|my|our|your|its|their|his|her)$/;
const INDEFINITE = /^(?:an?|another|one|some|any|no|every|each|all)$/;
/** Words that end what a verb acts on. */
const END =
  /^(?:to|in|on|at|near|with|from|into|onto|by|as|under|over|below|above|about|after|before|until|within|without|via|through|between|than|and|or|but|so|that|which|who|where|when|if|while|using|called|named|titled|entitled|labell?ed)$/;
/** Words that may stand right behind a verb: `apply for`, `get rid of`, `look at`. */
const PARTICLE = /^(?:rid|off|up|out|down|back|away|for|at|on|of|in|to|over|through)$/;
/** A code: letters or signs with digits. */
const CODE = /^(?=[\p{L}\p{N}/_-]*\p{N})(?=[\p{N}/_-]*\p{L})[\p{L}\p{N}/_-]+$/u;
const ORDINAL = /^\d+(?:st|nd|rd|th|x|%|[a-z]{1,3}|-\p{Ll}+)$/u;
const MOST_NOUNS = 4;

const known = new WeakMap<Clause, { name: ThingName | undefined }>();

/** The name of the thing that a clause acts on; undefined if it gives none. */
export function thingNamed(clause: Clause): ThingName | undefined {
  let found = known.get(clause);
  if (found === undefined) {
    found = { name: nameIn(clause, plainForm(withoutAssertion(clause))) };
    known.set(clause, found);
  }
  return found.name;
}

/** What is asserted of a thing names none: `check that SM-02 is online` is about SM-02. */
const withoutAssertion = (clause: Clause): string =>
  asserts(clause) || isCondition(clause)
    ? withoutAsserted(clause.written).replace(INTRODUCES, "")
    : clause.written;
const INTRODUCES = /\b(?:that|whether|if)\s(?=.*\S)/i;

function nameIn(clause: Clause, text: string): ThingName | undefined {
  const words = Array.from(text.matchAll(/\S+/g), (match) => ({
    word: match[0].replace(/[.,;:!?)]+$/, ""),
    at: match.index,
  }));
  let start = words.findIndex(({ word }) => !FILLERS.has(word.toLowerCase()));
  if (start < 0) return undefined;
  start += 1;
  while (PARTICLE.test(words[start]?.word ?? "") && start < words.length) start += 1;
  const nouns: string[] = [];
  let isIndefinite = false;
  let of = false;
  for (const { word, at } of words.slice(start)) {
    // What stands behind a comma says more, and names nothing: `the umbrella, my name is Paul Rehm`.
    const sign = text[at - 2];
    if (nouns.length > 0 && sign === ",") return undefined;
    const quote = /^quoted(\d+)$/.exec(word);
    if (quote !== null) {
      const quoted = quoteOf(word, clause);
      // What is filled in from a data row is another one in each session.
      return quoted === undefined || quoted.includes("{{")
        ? undefined
        : { text: quoted, whole: quoted, nouns, of };
    }
    const written = codeAt(text.slice(at));
    if (written !== undefined) return { text: written, whole: written, nouns, of };
    if (CODE.test(word) && !ORDINAL.test(word)) {
      // The name of the owner is no part of the code: `the booking KX42P of Tessa Brandt`.
      const code = (withoutAmount(nameAt(text.slice(at), true), text) ?? word).replace(
        /\s+(?:of|de|von|van)\s.*$/u,
        "",
      );
      return { text: code, whole: code, nouns, of };
    }
    if (/^\p{Lu}/u.test(word)) return isIndefinite ? undefined : capitals(text.slice(at), nouns, of);
    // What is read about a thing is its own: `the bulletins about Askell`.
    if (word === "of" || (word === "about" && nouns.length > 0 && isLook(clause))) {
      if (nouns.length === 0) return undefined;
      of = true;
      isIndefinite = false;
      nouns.length = 0;
    } else if (word === "for" && nouns.length > 0 && !isLook(clause)) return undefined;
    // `Tell the keeper that Rex limps`, `note that Rex limps`: a sentence names nothing that is acted on.
    else if (word === "that" && (nouns.length > 0 || /^\s+\p{Lu}/u.test(text.slice(at + word.length))))
      return undefined;
    else if (DETERMINER.test(word)) isIndefinite = false;
    else if (INDEFINITE.test(word)) isIndefinite = true;
    else if (word === "with" && nouns.length > 0 && !isIndefinite && !clause.indefinite)
      return labelled(text.slice(at), nouns, of, clause);
    else if (END.test(word) || /^\d/.test(word) || nouns.length >= MOST_NOUNS) return undefined;
    else nouns.push(stem(plain(word)));
  }
  return undefined;
}

/** The name behind what says that it is one: `with the case number "K 240/26"`, `with reference RX-7`. */
function labelled(
  rest: string,
  nouns: readonly string[],
  of: boolean,
  clause: Clause,
): ThingName | undefined {
  const [, given = ""] = LABELLED.exec(rest) ?? [];
  const name = given.startsWith("quoted") ? quoteOf(given, clause) : given;
  return name === undefined || name === "" || name.includes("{{")
    ? undefined
    : { text: name, whole: name, nouns, of };
}
const LABELLED =
  /^with\s+(?:(?:the|its)\s+)?(?:\p{Ll}+\s+){0,2}?(?:numbers?|no\.?|code|id|name|reference|ref|title|key|tag)\s+(quoted\d+|(?=[\p{Lu}\p{N}/-]*\p{N})(?=[\p{Lu}\p{N}/-]*\p{Lu})[\p{Lu}\p{N}/-]+)(?![\p{L}\p{N}])/u;

/** `Reserve the table for Ann` gives the table no name, `search the pages for "gas"` says what is looked for. */
const isLook = ({ verb }: Clause): boolean => VERB_CLASSES.get(verb ?? "") === "read";

function capitals(rest: string, nouns: readonly string[], of: boolean): ThingName | undefined {
  const narrow = nameAt(rest, true);
  const said = withoutAmount(narrow, rest);
  if (said === undefined || said === "I" || datesIn(said).length > 0) return undefined;
  const whole = said === narrow ? (nameAt(rest) ?? said) : said;
  // `Tanner's Row 4` is a name as a whole, and the boat of `Ada Birk's Heron` is hers.
  const owner = NAMED_AFTER.test(said) ? undefined : /^(.*?)['’]s\b/u.exec(said)?.[1];
  return owner === undefined
    ? { text: said, whole, nouns, of }
    : { text: owner, whole: owner, nouns, of: true };
}

/** One word in capitals with an apostrophe, and more in capitals behind it. */
const NAMED_AFTER = /^\S+['’]s\s+[\p{Lu}\d]/u;

/** The text of a clause that a placeholder stands for. */
function quoteOf(mark: string, { written, quoted }: Clause): string | undefined {
  const marks = Array.from(written.matchAll(/\bquoted\d+\b/g), ([one]) => one);
  return quoted[marks.indexOf(mark)];
}

/** How well a thing's own text is a name: 3 the name itself, 2 it is within what is said, 1 it contains the name, 0 not at all. */
export type NameMatch = 0 | 1 | 2 | 3;

/**
 * How well a text of a thing is a name that a goal gives it, by whole words, letter case apart.
 * @param said what the goal says of it
 * @param isCommon whether a stem is a word for such things, which may stand behind any of their names: `the Kilim rug`
 */
export function matchName(
  text: string,
  { text: name, whole }: ThingName,
  said: string,
  isCommon: (stem: string) => boolean = () => false,
): NameMatch {
  const own = plain(text);
  const core = plain(name);
  const all = plain(whole);
  if (core === "") return 0;
  if (own === all) return 3;
  // `The Emmental wheel`, of wheels that show `Emmental`.
  if (own !== "" && all.startsWith(`${own} `) && isRestCommon(all, own, isCommon)) return 2;
  if (has(own, core) && has(plain(said), own)) return 2;
  if (has(own, all)) return 1;
  return has(own, core) && isRestCommon(all, core, isCommon) ? 1 : 0;
}

const has = (text: string, words: string): boolean => ` ${text} `.includes(` ${words} `);

/** Whether what follows a name are words for any such thing. */
const isRestCommon = (all: string, core: string, isCommon: (stem: string) => boolean): boolean =>
  all
    .slice(core.length)
    .split(" ")
    .every((word) => word === "" || isCommon(stem(word)));
