import { lastWord } from "../../words/words.ts";

/** A part of a clause that is a clause of its own. */
export interface InnerPhrase {
  /** As it is written, its preposition included. */
  written: string;
  /** What is asked for, without the preposition: `two laminated panes`. */
  thing: string;
}

/** The noun of a phrase: `panes` of `two laminated panes of glass`. */
export const headNounOf = (thing: string): string =>
  lastWord(thing.replace(/\s+(?:of|called|named|titled|entitled|labell?ed)\b.*$/i, ""));

const NEW =
  /\b(?:for|to|with|by|under|from|at|in)\s+((?:an?|another|one)?\s*(?:brand[- ])?new\s+(?:(?!(?:and|or|for|to|with|by|from|at|in|on)\b)[\p{L}-]+\s*){1,3}?(?:\s+(?:called|named)\s+quoted\d+)?)(?=\s*(?:$|[,.;]|\b(?:and|or|for|to|with|by|from|at|in|on)\b))/iu;

/** What is new in a clause, and for which its verb does something. */
export function newThings(written: string): InnerPhrase[] {
  const [all, thing = ""] = NEW.exec(written) ?? [];
  return all === undefined ? [] : [{ written: all, thing: thing.trim() }];
}

/** Whether a text may have such a phrase. */
export const mayHaveInner = (written: string): boolean => NEW.test(written) || /\bwith\s/i.test(written);

const PLACE = String.raw`(?:in|on|inside|aboard)\s+(?:it|board|them)`;
/** `with Tom Hale in it`. */
const WITH_NAME = new RegExp(
  String.raw`\bwith\s+(\p{Lu}[\p{L}'-]*(?:\s+\p{Lu}[\p{L}'-]*)*|quoted\d+)\s+${PLACE}\b`,
  "u",
);
const STOPS = "and|or|for|to|from|at|on|in|by|that|which|as|before|after|until|while|so|then|under|over|via";
/** `with two laminated panes`, `with a walk of 30 minutes`, `with a box called quoted0 in it`. */
const WITH_THING = new RegExp(
  String.raw`\bwith\s+((?:an?|one|two|three|four|five|six|some|several|\d+)\s+(?:(?!(?:${STOPS}|of|called|named|with)\b)[\p{L}\p{N}'-]+\s*){1,4}?(?:\s*\bof\s+(?:(?!(?:${STOPS})\b(?!\s+\d))[\p{L}\p{N}.'-]+\s*){1,6})?(?:\s*\b(?:called|named)\s+quoted\d+)?)(?:\s*${PLACE})?(?=\s*(?:$|[,.;]|\b(?:${STOPS}|with)\b))`,
  "iu",
);
/** Whether what is asked for is a person or a thing by name alone. */
export const isName = (thing: string): boolean => /^(?:\p{Lu}|quoted\d)/u.test(thing);

/** What comes along with the thing that a clause is about. */
export function companionsOf(written: string): InnerPhrase[] {
  const found = WITH_NAME.exec(written) ?? WITH_THING.exec(written);
  if (found === null) return [];
  const [all, thing = ""] = found;
  const rest = written.slice(found.index + all.length);
  return [{ written: all, thing: thing.trim() }, ...companionsOf(rest)];
}
