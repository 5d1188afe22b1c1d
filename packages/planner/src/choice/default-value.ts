import { isTimeOfDay } from "@ape/catalog/goal/times/stated-times";
import { type Field, isCount, isDate, isNameText, isNumeric, isText } from "@ape/catalog/operations/field";
import type { Json } from "@ape/core/lib/json";
import { isComposite } from "@ape/core/lib/json";
import { isNumber, numberFrom } from "@ape/core/lib/lossless-number";
import { randomFrom, randomHex, seedOf } from "@ape/core/lib/random";
import { distinctItem } from "./body/distinct-item.ts";
import { boundedList, clampValue } from "./bounded-value.ts";
import { ownLetters, plausibleText } from "./plausible-text.ts";

/** Dates before this year are past or soon will be: a date for an order or a stay is moved later. */
const FUTURE = 2031;

/**
 * A value for an input that neither the goal nor the data mention: the document's own suggestion, or one that the seed
 * draws, within the field's bounds.
 * @param place of the field among those of its call: a later date belongs to a later field
 * @param session seed of what has to be the same in all calls of a session: its dates
 */
export function defaultFor(field: Field, place: number, seed: number, session = seed): Json {
  if (field.type.endsWith("[]")) return listFor(field, place, seed, session);
  return clampValue(field, suggested(field, place, seed, session), seed);
}

/** The example of a list, else as many items as it needs. */
function listFor(field: Field, place: number, seed: number, session: number): Json {
  if (Array.isArray(field.example)) return field.example;
  const { example: _, minItems: __, ...rest } = field;
  const item: Field = { ...rest, type: field.type.slice(0, -2) };
  return boundedList(field, (index, items) => {
    if (field.uniqueItems === true && items.length > 0)
      return distinctItem(item, items, (other) => defaultFor(item, place, seedOf(seed, other), session));
    if (field.enum !== undefined) return field.enum[index % field.enum.length] ?? null;
    return defaultFor(item, place, seedOf(seed, index), session);
  });
}

function suggested(field: Field, place: number, seed: number, session: number): Json {
  if (field.enum !== undefined && field.enum.length > 0) return optionOf(field, field.enum, seed);
  if (isDate(field)) return dateFor(field, place, session);
  if (field.format === "uuid") return uuid(seedOf(seed, field.name));
  if (field.example !== undefined) return ownName(field, seed) ?? field.example;
  if (field.type === "array") return boundedList(field, (index) => plausibleText(field, seedOf(seed, index)));
  if (isNumeric(field)) return numberFor(field, seed);
  if (field.type.startsWith("boolean")) return true;
  // A whole body of which nothing more is known: servers refuse an empty one that is required.
  if (field.type.startsWith("object")) return field.name === "" ? { name: plausibleText(field, seed) } : {};
  if (field.format === "email") return plausibleText(field, seed);
  const formatted = field.format === undefined ? undefined : FORMATS[field.format];
  if (formatted !== undefined) return formatted;
  if (/\bdate\b|\bday\b/.test(field.words)) return dateFor(field, place, session);
  if (isTimeOfDay(field)) return timeOfDay(field, seed);
  if (/\b(?:unique|idempotency|nonce)\b/.test(field.words)) return uuid(seedOf(seed, field.name));
  return plausibleText(field, seed);
}

/** A time within working hours, on the half hour. */
function timeOfDay({ name }: Field, seed: number): string {
  const halves = 16 + Math.floor(randomFrom(seedOf(seed, name))() * 20);
  return `${String(halves >> 1).padStart(2, "0")}:${halves % 2 === 0 ? "00" : "30"}`;
}

/** A text for each format of JSON Schema and OpenAPI without a rule of its own. */
const FORMATS: Readonly<Record<string, string | undefined>> = {
  uri: "https://www.example.com/",
  url: "https://www.example.com/",
  "uri-reference": "/example",
  iri: "https://www.example.com/",
  time: "10:00:00Z",
  duration: "P1D",
  hostname: "www.example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  byte: "YXMgYWdyZWVk",
  "idn-email": "someone@mail.example",
  "idn-hostname": "www.example.com",
  decimal: "1",
  double: "1",
  float: "1",
  int32: "1",
  int64: "1",
  uint64: "1",
  char: "a",
  "json-pointer": "/example",
  regex: "^.*$",
};

/** Whether a text is the name of a thing, which must be unique. */
export const namesThing = (field: Field): boolean =>
  isText(field) && field.enum === undefined && isNameText(field);

/** Names of properties that name the thing itself which a body makes. */
const OWN_NAME = /^(?:name|title|label|subject|headline|caption|topic|slug)$/i;

/**
 * The example of a name with a suffix of the session's own: names often have to be unique, and if every session used the
 * document's example, all but the first would get conflicts. Undefined for fields that are no names.
 */
function ownName(field: Field, seed: number): string | undefined {
  const { in: place, name, example, pattern, format, enum: choices } = field;
  if (place !== "body" || !OWN_NAME.test(name) || typeof example !== "string") return undefined;
  if (pattern !== undefined || format !== undefined || choices !== undefined) return undefined;
  const end = ownLetters(field, seed);
  const joined = `${example}${separatorOf(example)}${end}`;
  if (field.maxLength === undefined || joined.length <= field.maxLength) return joined;
  return field.maxLength > end.length ? `${example.slice(0, field.maxLength - end.length)}${end}` : undefined;
}

/** The separator of a name's words: a blank or an underscore if the name has one or is a plain identifier, else a hyphen. */
function separatorOf(name: string): string {
  if (name.includes(" ")) return " ";
  return /[a-z\d]_[a-z\d]|^[a-z_]+$/i.test(name) ? "_" : "-";
}

const STATES =
  /\b(?:stat(?:e|us)|roles?|types?|kinds?|modes?|visib\w*|permissions?|methods?|currency|units?|format|sort|order|locale|language|level|scope|access|plan|direction|action|event)\b/;

/** An option of an enumeration: the first where it may decide what happens, else any. */
function optionOf(field: Field, options: readonly Json[], seed: number): Json {
  if (field.example !== undefined && options.includes(field.example)) return field.example;
  const at = STATES.test(field.words) ? 0 : Math.floor(drawn(field, seed) * options.length);
  return options[at] ?? null;
}

/** Shares of one, two and three pieces. */
const PIECES = [0.7, 0.9, 1];

/** A number within a field's bounds: a small quantity, any value between two bounds, else the least or 1. */
function numberFor(field: Field, seed: number): number {
  const { minimum, maximum, multipleOf } = field;
  const least = minimum ?? Math.min(1, maximum ?? 1);
  const random = drawn(field, seed);
  if (isCount(field)) return least + PIECES.findIndex((share) => random < share) * (multipleOf ?? 1);
  if (minimum === undefined || maximum === undefined || maximum - minimum > 1_000) return least;
  return minimum + Math.floor(random * (maximum - minimum + 1));
}

const drawn = (field: Field, seed: number): number => randomFrom(seedOf(seed, field.name, "drawn"))();

const DAY_MS = 86_400_000;
const BORN = /\b(?:birth|born|birthday)\b/;

/** A birthday for a field that asks for one, near the example's; else the example's day or one in June of a year to come, and up to half a year later. */
function dateFor(field: Field, place: number, session: number): string {
  const random = randomFrom(seedOf(session, "day"));
  const example = typeof field.example === "string" ? field.example : "";
  if (BORN.test(field.words)) {
    const shown = Date.parse(`${example.slice(0, 10)}T00:00:00Z`);
    return Number.isNaN(shown)
      ? dayOf(Date.UTC(1950, 0, 1) + Math.floor(random() * 18_000) * DAY_MS, field)
      : dayOf(shown - Math.floor(random() * 180) * DAY_MS, field, example.slice(10) || undefined);
  }
  const day = /^\d{4}-\d\d-\d\d/.test(example)
    ? Number(example.slice(0, 4)) >= 2030
      ? example.slice(0, 10)
      : `${FUTURE}${example.slice(4, 10)}`
    : `${FUTURE}-06-${String(Math.min(28, 12 + place)).padStart(2, "0")}`;
  const start = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(start)) return example;
  const end = example.length > 10 ? example.slice(10) : undefined;
  return dayOf(start + Math.floor(random() * 180) * DAY_MS, field, end);
}

/** A day in the form of a field; `end` is what an example has behind its day. */
function dayOf(ms: number, { format }: Field, end?: string): string {
  const day = new Date(ms).toISOString().slice(0, 10);
  return `${day}${end ?? (format === "date-time" ? "T10:00:00Z" : "")}`;
}

function uuid(seed: number): string {
  const hex = randomHex(randomFrom(seed), 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Converts a value to the field's type; placeholders stay unchanged. */
export function coerce(value: Json, field: Field): Json {
  if (typeof value === "string" && /^\{\{.+\}\}$/.test(value)) return value;
  if (field.in === "body" && field.type.endsWith("[]") && value !== null && !isComposite(value))
    return [coerce(value, { ...field, type: field.type.slice(0, -2) })];
  if (isNumeric(field) && typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value)))
    return numberFrom(value);
  if (field.type === "string" && (isNumber(value) || typeof value === "boolean")) return String(value);
  if (field.type === "boolean" && (value === "true" || value === "false")) return value === "true";
  return value;
}
