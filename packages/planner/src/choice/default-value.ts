import { clampNumber } from "@ape/catalog/operations/clamp-number";
import { type Field, isNumeric, isText } from "@ape/catalog/operations/field";
import type { Json } from "@ape/core/lib/json";
import { isComposite } from "@ape/core/lib/json";
import { isNumber, numberFrom } from "@ape/core/lib/lossless-number";
import { randomFrom, randomHex, seedOf } from "@ape/core/lib/random";
import { boundedList, clampValue } from "./bounded-value.ts";

const PLAIN_TEXT = "as agreed";
/** Dates before this year are past or soon will be: a date for an order or a stay is moved later. */
const FUTURE = 2031;

/**
 * A value for an input that neither the goal nor the data mention: the document's own suggestion, within its bounds.
 */
export function defaultFor(field: Field, place: number, seed: number): Json {
  if (field.type.endsWith("[]")) return listFor(field, place, seed);
  return clampValue(field, suggested(field, place, seed), seed);
}

/** The example of a list, else as many items as it needs. */
function listFor(field: Field, place: number, seed: number): Json {
  if (Array.isArray(field.example)) return field.example;
  const { example: _, enum: choices, minItems: __, ...rest } = field;
  const item: Field = { ...rest, type: field.type.slice(0, -2) };
  return boundedList(field, (index) => {
    if (choices !== undefined) return choices[index % choices.length] ?? null;
    const made = defaultFor(item, place, seedOf(seed, index));
    if (field.uniqueItems !== true || index === 0) return made;
    if (typeof made === "number") return clampNumber(item, made + index * (field.multipleOf ?? 1));
    return typeof made === "string" && field.pattern === undefined && field.format === undefined
      ? clampValue(item, `${made} ${index + 1}`, seed)
      : made;
  });
}

function suggested(field: Field, place: number, seed: number): Json {
  if (field.enum !== undefined && field.enum.length > 0) return field.enum[0] as Json;
  if (field.format === "date" || field.format === "date-time") return futureDate(field, place);
  if (field.format === "uuid") return uuid(seedOf(seed, field.name));
  if (field.example !== undefined) return ownName(field, seed) ?? field.example;
  if (field.type === "array")
    return boundedList(field, (index) => (index === 0 ? PLAIN_TEXT : `${PLAIN_TEXT} ${index + 1}`));
  if (isNumeric(field)) return field.minimum ?? Math.min(1, field.maximum ?? 1);
  if (field.type.startsWith("boolean")) return true;
  // A whole body of which nothing more is known: servers refuse an empty one that is required.
  if (field.type.startsWith("object")) return field.name === "" ? { name: PLAIN_TEXT } : {};
  if (field.format === "email") return `someone.${own(field, seed)}@mail.example`;
  const formatted = field.format === undefined ? undefined : FORMATS[field.format];
  if (formatted !== undefined) return formatted;
  if (/\bdate\b|\bday\b/.test(field.words)) return futureDate(field, place);
  if (/\b(?:unique|idempotency|nonce)\b/.test(field.words)) return uuid(seedOf(seed, field.name));
  // Values that name a thing differ from session to session.
  if (LOGIN_NAME.test(field.words)) return `someone${own(field, seed)}`;
  if (NAME.test(field.words)) return `As agreed ${own(field, seed)}`;
  return PLAIN_TEXT;
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
  "json-pointer": "/example",
  regex: "^.*$",
};

const LOGIN_NAME = /\b(?:user ?name|login|nick ?name|handle|slug)\b/;
const NAME = /\b(?:name|named|called|title|subject|headline|label|caption|topic)\b/;

/** Whether a text is the name of a thing, which must be unique. */
export const namesThing = (field: Field): boolean =>
  isText(field) && field.enum === undefined && (LOGIN_NAME.test(field.words) || NAME.test(field.words));

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
  const end = own(field, seed);
  const joined = `${example}${separatorOf(example)}${end}`;
  if (field.maxLength === undefined || joined.length <= field.maxLength) return joined;
  return field.maxLength > end.length ? `${example.slice(0, field.maxLength - end.length)}${end}` : undefined;
}

/** The separator of a name's words: a blank or an underscore if the name has one or is a plain identifier, else a hyphen. */
function separatorOf(name: string): string {
  if (name.includes(" ")) return " ";
  return /[a-z\d]_[a-z\d]|^[a-z_]+$/i.test(name) ? "_" : "-";
}

const own = (field: Field, seed: number): string => randomHex(randomFrom(seedOf(seed, field.name)), 3);

/** The example's day in a year to come; without an example, a day in June, later for later fields. */
function futureDate(field: Field, place: number): string {
  const example = typeof field.example === "string" ? field.example : "";
  if (/^\d{4}-\d\d-\d\d/.test(example))
    return Number(example.slice(0, 4)) >= 2030 ? example : `${FUTURE}${example.slice(4)}`;
  const day = `${FUTURE}-06-${String(Math.min(28, 12 + place)).padStart(2, "0")}`;
  return field.format === "date-time" ? `${day}T10:00:00Z` : day;
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
