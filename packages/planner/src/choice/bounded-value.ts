import { clampNumber } from "@ape/catalog/operations/clamp-number";
import { type Field, isNumeric, isText } from "@ape/catalog/operations/field";
import type { Json } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { randomFrom, seedOf } from "@ape/core/lib/random";
import { MAX_ITEMS, MAX_TEXT } from "@ape/core/protocol/fields/value-limits";
import randexp from "randexp";
import { withoutSurrogates } from "./unicode-pattern.ts";

/** The package exports the class itself, although its types say `default`. */
const RandExp = randexp as unknown as typeof randexp.default;

/** Limits of open repetitions of a pattern, tried in turn; undefined: the minimum length. */
const REPEATED = [12, 1, 3, undefined, 6, 2, 8, 4];
const PATTERN_TRIES = 64;
const FILLER = "as agreed ";

/** Moves a generated value within a field's bounds; a value within them stays. */
export function clampValue(field: Field, value: Json, seed: number): Json {
  if (field.enum !== undefined) return value;
  if (typeof value === "number" && isNumeric(field)) return clampNumber(field, value);
  if (typeof value === "string" && isText(field)) return boundedText(field, value, seed);
  return value;
}

/** Makes as many items as a list needs, each by `item`, until it finds no other; distinct if required. */
export function boundedList(
  { minItems = 0, maxItems = MAX_ITEMS, uniqueItems }: Field,
  item: (index: number, items: readonly Json[]) => Json | undefined,
): Json[] {
  const items: Json[] = [];
  const seen = new Set<string>();
  // A bound that cannot be met is broken by one item as well as by many, and `validate` names it.
  const count = minItems > MAX_ITEMS ? Math.min(1, maxItems) : Math.min(minItems, maxItems);
  for (let index = 0; items.length < count && index < count * 5; index += 1) {
    const made = item(index, items);
    if (made === undefined) break;
    if (uniqueItems === true && seen.has(writeJson(made))) continue;
    seen.add(writeJson(made));
    items.push(made);
  }
  return items;
}

function boundedText(field: Field, value: string, seed: number): string {
  const { pattern } = field;
  const fits = (text: string): boolean =>
    lengthFits(field, text) && (pattern === undefined || matches(pattern, text));
  if (fits(value)) return value;
  const lengthened = withLength(field, value);
  if (pattern === undefined || fits(lengthened)) return lengthened;
  return matching(field, pattern, seed, fits) ?? lengthened;
}

const lengthOf = (text: string): number => [...text].length;

function lengthFits({ minLength = 0, maxLength = Number.POSITIVE_INFINITY }: Field, text: string): boolean {
  const length = lengthOf(text);
  return length >= minLength && length <= maxLength;
}

/** Extends or cuts a text to the length that a field requires. */
function withLength({ minLength = 0, maxLength, format }: Field, value: string): string {
  let text = value;
  const least = minLength > MAX_TEXT ? 0 : minLength;
  if (lengthOf(text) < least) {
    // An e-mail address stays valid when its first part grows.
    const filler = format === "email" ? "a" : FILLER;
    const missing = filler.repeat(Math.ceil((least - lengthOf(text)) / filler.length));
    text = format === "email" ? `${missing}${text}` : `${text} ${missing}`.trimEnd();
    if (lengthOf(text) < least) text += "d".repeat(least - lengthOf(text));
  }
  if (maxLength === undefined || lengthOf(text) <= maxLength) return text;
  if (format === "email") return maxLength >= 5 ? `${"a".repeat(Math.min(8, maxLength - 4))}@b.c` : text;
  // Names differ at their end.
  const unique = /[0-9a-f]{6}$/.exec(text)?.[0];
  const whole =
    unique !== undefined && maxLength > unique.length
      ? `${[...text].slice(0, maxLength - unique.length).join("")}${unique}`
      : [...text].slice(0, maxLength).join("");
  const cut = whole.trimEnd();
  return lengthOf(cut) < least ? cut.padEnd(least, "d") : cut;
}

function matches(pattern: string, text: string): boolean {
  return regexOf(pattern)?.test(text) ?? true;
}

const regexes = new Map<string, RegExp | undefined>();
const MAX_REGEXES = 1_000;

/** ECMA-262 with Unicode, as JSON Schema requires, else without; undefined if it is neither. */
function regexOf(pattern: string): RegExp | undefined {
  if (regexes.has(pattern)) return regexes.get(pattern);
  let regex: RegExp | undefined;
  for (const flags of ["u", ""]) {
    try {
      regex ??= new RegExp(pattern, flags);
    } catch {
      // Another form may be valid.
    }
  }
  if (regexes.size >= MAX_REGEXES) regexes.clear();
  regexes.set(pattern, regex);
  return regex;
}

/** The minimum length of a text that a pattern matches, by its counted repetitions, nested or not. */
function leastLength(pattern: string): number {
  let product = 1;
  for (const [, count] of pattern.matchAll(/\{(\d+)/g)) product *= Math.max(1, Number(count));
  return product;
}

/** Unicode classes as the ranges of ASCII within them: the generator knows no others. */
const CLASSES: readonly (readonly [RegExp, string])[] = [
  [/^\\p\{(?:Lu|Lt|Uppercase(?:_Letter)?)\}$/, "A-Z"],
  [/^\\p\{(?:L|Letter|Alphabetic|Ll|Lowercase(?:_Letter)?|(?:sc|Script)=Latin)\}$/, "a-z"],
  [/^\\p\{(?:N|Nd|Number|Decimal_Number)\}$/, "0-9"],
];

function withPlainClasses(pattern: string): string {
  if (!pattern.includes("\\p{")) return pattern;
  let plain = "";
  let isClass = false;
  for (const [part] of pattern.matchAll(/\\p\{[^}]*\}|\\.|[[\]]|[^\\[\]]+|\\/gs)) {
    const range = CLASSES.find(([known]) => known.test(part))?.[1];
    plain += range === undefined ? part : isClass ? range : `[${range}]`;
    if (part === "[") isClass = true;
    else if (part === "]") isClass = false;
  }
  return plain;
}

/** A text that a pattern matches, drawn by the seed; undefined if none is found in a few attempts. */
function matching(
  { minLength = 0 }: Field,
  pattern: string,
  seed: number,
  fits: (text: string) => boolean,
): string | undefined {
  if (regexOf(pattern) === undefined) return undefined;
  const plain = withoutSurrogates(withPlainClasses(pattern));
  if (Math.max(minLength, leastLength(plain)) > MAX_TEXT) return undefined;
  const random = randomFrom(seedOf(seed, pattern));
  try {
    for (let round = 0; round < PATTERN_TRIES; round += 1) {
      const generator = new RandExp(plain);
      // Nested repetitions multiply, so that no single limit fits all lengths.
      const limit = REPEATED[round % REPEATED.length] ?? minLength;
      generator.max = Math.min(MAX_TEXT, Math.max(1, limit));
      generator.randInt = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
      const text = generator.gen();
      if (fits(text)) return text;
    }
  } catch {
    // The generator does not support this pattern.
  }
  return undefined;
}
