import type { Field } from "../../operations/field.ts";
import { codeOfName, isLanguage, isOfLanguage, nameOfCode } from "../../words/code-names.ts";
import { plain } from "../../words/words.ts";
import type { StatedName } from "../goal-text.ts";

/** A code in brackets behind a name: `Arabic (ar)`. */
const BRACKETED = /^\s*\(([A-Za-z]{2,3}(?:[-_][A-Za-z]{2})?)\)/;
/** What says that a field has codes rather than names. */
const HAS_CODES = /\b(?:codes?|iso|bcp|locale|abbreviation)\b/;
const LONGEST_CODE = 5;

/**
 * The value of a field for a language or a country that a goal names: the code that the goal has in brackets behind it, `Arabic
 * (ar)`, that of the name where the field has codes, else the name. Undefined for other fields, and for names of other things.
 * @param text the clause
 */
export function codeValue({ text: name }: StatedName, field: Field, text: string): string | undefined {
  const behind = text.slice(text.indexOf(name) + name.length);
  const given = BRACKETED.exec(behind)?.[1];
  if (given !== undefined && nameOfCode(given, field.words) === plain(name)) return given;
  const code = codeOfName(name, field.words);
  return code === undefined ? undefined : hasCodes(field) ? code : name;
}

/** A name, or the code of a language that a goal has in brackets behind it: `from English (en)`. */
export function nameOrCode(name: string, text: string): string {
  const given = BRACKETED.exec(text.slice(text.indexOf(name) + name.length))?.[1];
  return given !== undefined && nameOfCode(given, "language") === plain(name) ? given : name;
}

/** Whether a name is that of a language, and a field is for something else: `in Arabic` is no room. */
export const isOtherThanLanguage = ({ text, preposition }: StatedName, { words }: Field): boolean =>
  preposition === "in" && isLanguage(text) && !isOfLanguage(words);

const hasCodes = ({ words, leaf, maxLength, pattern, example }: Field): boolean =>
  HAS_CODES.test(plain(words)) ||
  /code$/i.test(leaf) ||
  (maxLength !== undefined && maxLength <= LONGEST_CODE) ||
  (pattern !== undefined && /^\^?\[[a-zA-Z-]+\]\{2/.test(pattern)) ||
  (typeof example === "string" && /^[a-z]{2,3}(?:[-_][A-Za-z]{2})?$/.test(example));
