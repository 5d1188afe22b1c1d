import type { Json } from "@ape/core/lib/json";
import { clampNumber } from "../../operations/clamp-number.ts";
import { type Field, isNumeric, isReference, isText } from "../../operations/field.ts";
import { plain } from "../../words/words.ts";

/** Several measures of one thing in a row: `800 by 1200 mm`, `3 x 4 m`. */
export interface StatedSize {
  values: readonly number[];
  /** As written, in small letters; undefined where none is given. */
  unit: string | undefined;
  text: string;
}

/** Units of length in millimetres. */
const UNITS: Readonly<Record<string, number>> = {
  mm: 1,
  millimetre: 1,
  millimeter: 1,
  cm: 10,
  centimetre: 10,
  centimeter: 10,
  dm: 100,
  m: 1000,
  metre: 1000,
  meter: 1000,
  inch: 25.4,
  ft: 304.8,
  foot: 304.8,
  feet: 304.8,
};
const UNIT = "(mm|cm|dm|m|ft|feet|foot|inch(?:es)?|(?:milli|centi)?met(?:re|er)s?)";
const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const NEXT = String.raw`\s*(?:(?<=\s)by(?=\s)|x|×)\s*${NUMBER}(?:\s*${UNIT}\b)?`;
const SIZE = new RegExp(
  String.raw`(?<![\w.])${NUMBER}(?:\s*${UNIT}\b)?${NEXT}(?:${NEXT})?(?![\w.]*\d)`,
  "giu",
);

/** The sizes that a text gives. */
export const sizesIn = (text: string): StatedSize[] =>
  Array.from(text.matchAll(SIZE), ([said, one, first, two, second, three, third]) => ({
    values: [one, two, three].flatMap((value) => (value === undefined ? [] : Number(value))),
    unit: (third ?? second ?? first)?.toLowerCase(),
    text: said.trim(),
  }));

/** A text without its sizes, whose numbers are no amounts of anything. */
export const withoutSizes = (text: string): string => text.replaceAll(SIZE, " ");

const LENGTH = /\blength\b|\blong\b|^l\b/;
const WIDTH = /\b(?:width|breadth|wide)\b|^w\b/;
const HEIGHT = /\b(?:height|high|tall)\b|^h\b/;
const DEPTH = /\b(?:depth|deep|thickness)\b|^d\b/;
const AS_TEXT = /\b(?:size|dimensions?|measures|measurements?)$/;

/** Which fields the measures of a size go to, and those that none takes. */
export interface SizeValues {
  values: Map<Field, Json>;
  left: readonly string[];
}

/**
 * Gives sizes to the fields of a call, each in the unit that the field's words name: length, width and height in this order,
 * width and height where there is no length; numbers of other names where just as many are required; a text for the size as
 * it is written.
 */
export function assignedSizes(sizes: readonly StatedSize[], inputs: readonly Field[]): SizeValues {
  const values = new Map<Field, Json>();
  const left: string[] = [];
  for (const size of sizes) {
    const open = inputs.filter((field) => field.in !== "path" && field.in !== "header" && !values.has(field));
    const text = open.find((field) => isText(field) && AS_TEXT.test(plain(field.leaf)));
    const numbers = open.filter((field) => isNumeric(field) && !isReference(field));
    const fields = fieldsOfSize(size.values.length, numbers);
    if (text !== undefined && fields.every((field) => field === undefined)) {
      values.set(text, size.text);
      continue;
    }
    for (const [index, value] of size.values.entries()) {
      const field = fields[index];
      const own = field === undefined ? undefined : inUnitOf(field, value, size.unit);
      if (field === undefined || own === undefined || clampNumber(field, own) !== own)
        left.push(String(value));
      else values.set(field, own);
    }
  }
  return { values, left };
}

/** The field of each measure; undefined where there is none. */
function fieldsOfSize(count: number, numbers: readonly Field[]): (Field | undefined)[] {
  const of = (names: RegExp): Field | undefined => numbers.find(({ leaf }) => names.test(plain(leaf)));
  const hasLength = of(LENGTH) !== undefined;
  const order = [...(hasLength ? [LENGTH] : []), WIDTH, HEIGHT, DEPTH];
  const had = order.flatMap((names) => of(names) ?? []);
  const required = had.filter((field) => field.required);
  if (required.length === count) return required;
  if (had.length >= count) return had.slice(0, count);
  if (had.length > 0) return order.slice(0, count).map(of);
  const needed = numbers.filter((field) => field.required);
  return needed.length === count ? needed : [];
}

/** A measure in the unit that a field's words name; undefined if it has no exact value there. */
function inUnitOf(field: Field, value: number, unit: string | undefined): number | undefined {
  const from = unit === undefined ? undefined : UNITS[unit.replace(/(?<=inch)es$|(?<=r|re)s$/, "")];
  const own = plain(field.words)
    .split(" ")
    .find((word) => (UNITS[word] ?? UNITS[word.replace(/s$/, "")]) !== undefined);
  const to = own === undefined ? undefined : (UNITS[own] ?? UNITS[own.replace(/s$/, "")]);
  const exact =
    from === undefined || to === undefined ? value : Number(((value * from) / to).toPrecision(12));
  return field.type.startsWith("integer") && !Number.isInteger(exact) ? undefined : exact;
}
