import type { Json } from "../../lib/json.ts";
import type { ApiField } from "./api-field.ts";

/** How the bounds of a number are written, before their value. */
const NUMBER_TRAITS = [
  ["minimum", "min"],
  ["maximum", "max"],
  ["exclusiveMinimum", "above"],
  ["exclusiveMaximum", "below"],
  ["multipleOf", "multiple of"],
] as const;

/** How ranges are written, before `low..high`; either end may be missing. */
const RANGE_TRAITS = [
  ["minLength", "maxLength", "length"],
  ["minItems", "maxItems", "items"],
  ["minProperties", "maxProperties", "properties"],
] as const;

/** What a field allows, apart from its type. */
export type FieldTraits = Partial<
  Pick<
    ApiField,
    | "format"
    | "enum"
    | "example"
    | "minimum"
    | "maximum"
    | "exclusiveMinimum"
    | "exclusiveMaximum"
    | "multipleOf"
    | "minLength"
    | "maxLength"
    | "pattern"
    | "minItems"
    | "maxItems"
    | "uniqueItems"
    | "minProperties"
    | "maxProperties"
    | "onlyWith"
    | "nullable"
    | "also"
    | "form"
    | "neededInForm"
    | "choosesForm"
    | "onTypes"
  >
>;

/** A value as JSON in which no `>` ends the traits early. */
const written = (value: Json): string => JSON.stringify(value).replaceAll(">", "\\u003e");

/** What a field allows in words, one for each trait: `min 1`, `length 1..50`, `one of ["a"]`. Read by {@link readTrait}. */
export function writeTraits(field: FieldTraits): string[] {
  const traits: string[] = [];
  if (field.format !== undefined) traits.push(`format ${written(field.format)}`);
  for (const [key, word] of NUMBER_TRAITS) if (field[key] !== undefined) traits.push(`${word} ${field[key]}`);
  for (const [low, high, word] of RANGE_TRAITS)
    if (field[low] !== undefined || field[high] !== undefined)
      traits.push(`${word} ${field[low] ?? ""}..${field[high] ?? ""}`);
  if (field.uniqueItems === true) traits.push("unique");
  if (field.onlyWith !== undefined) traits.push(`only with ${written([...field.onlyWith])}`);
  for (const { at, types } of field.onTypes ?? []) traits.push(`${at} on ${types.join("|")}`.trimStart());
  if (field.form !== undefined)
    traits.push(`${field.neededInForm === true ? "needed in" : "of"} form ${field.form}`);
  if (field.choosesForm !== undefined) traits.push(`chooses form ${field.choosesForm.join(",")}`);
  for (const type of field.also ?? []) traits.push(`or ${type}`);
  if (field.nullable === true) traits.push("or null");
  if (field.pattern !== undefined) traits.push(`pattern ${written(field.pattern)}`);
  if (field.enum !== undefined) traits.push(`one of ${written([...field.enum])}`);
  if (field.example !== undefined) traits.push(`e.g. ${written(field.example)}`);
  return traits;
}

/** Reads one trait that {@link writeTraits} wrote into a field; other texts change nothing. */
export function readTrait(field: FieldTraits, trait: string): void {
  if (trait.startsWith("format ")) field.format = JSON.parse(trait.slice(7)) as string;
  else if (trait === "unique") field.uniqueItems = true;
  else if (trait === "or null") field.nullable = true;
  else if (trait.startsWith("or ")) field.also = [...(field.also ?? []), trait.slice(3)];
  else if (/^(?:needed in|of) form \d+$/.test(trait)) {
    field.form = Number(trait.slice(trait.lastIndexOf(" ")));
    if (trait.startsWith("needed")) field.neededInForm = true;
  } else if (/^chooses form \d+(?:,\d+)*$/.test(trait))
    field.choosesForm = trait.slice("chooses form ".length).split(",").map(Number);
  else if (trait.startsWith("pattern ")) field.pattern = JSON.parse(trait.slice(8)) as string;
  else if (trait.startsWith("one of ")) field.enum = JSON.parse(trait.slice(7)) as Json[];
  else if (trait.startsWith("only with ")) field.onlyWith = JSON.parse(trait.slice(10)) as string[];
  else if (trait.startsWith("e.g. ")) field.example = JSON.parse(trait.slice(5)) as Json;
  else if (ON_TYPES.test(trait)) {
    const [, at = "", types = ""] = ON_TYPES.exec(trait) ?? [];
    field.onTypes = [...(field.onTypes ?? []), { at, types: types.split("|") }];
  } else readBound(field, trait);
}

const ON_TYPES = /^(?:(\S+) )?on (\w+(?:\|\w+)*)$/;

function readBound(field: FieldTraits, trait: string): void {
  for (const [key, word] of NUMBER_TRAITS)
    if (trait.startsWith(`${word} `)) field[key] = Number(trait.slice(word.length + 1));
  for (const [low, high, word] of RANGE_TRAITS) {
    if (!trait.startsWith(`${word} `)) continue;
    const [least = "", most = ""] = trait.slice(word.length + 1).split("..");
    if (least !== "") field[low] = Number(least);
    if (most !== "") field[high] = Number(most);
  }
}

/** The types that a schema's description adds to its own, as {@link writeTraits} writes them: `<or null>`, `<or integer>`. */
export function describedTypes(description: unknown): string[] {
  const traits = typeof description === "string" ? /<(.*)>$/s.exec(description)?.[1] : undefined;
  return traits === undefined
    ? []
    : splitTraits(traits).flatMap((trait) => /^or ([a-z]+)$/.exec(trait)?.[1] ?? []);
}

/** A description without some of the types that {@link describedTypes} reads in it; undefined if nothing is left. */
export function withoutDescribedTypes(description: string, types: readonly string[]): string | undefined {
  const [, words = "", traits] = /^(.*?)<(.*)>$/s.exec(description) ?? [];
  if (traits === undefined) return description;
  const rest = splitTraits(traits).filter((trait) => !types.some((type) => trait === `or ${type}`));
  const said = rest.length === 0 ? words.trimEnd() : `${words}<${rest.join("; ")}>`;
  return said === "" ? undefined : said;
}

/** Splits a list of traits at `; ` outside of JSON strings. */
export function splitTraits(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === "\\" && quoted) i += 1;
    else if (text[i] === '"') quoted = !quoted;
    else if (text[i] === ";" && !quoted) {
      parts.push(text.slice(start, i));
      start = i + 2;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** Words without meaning of their own. */
const EMPTY = new Set("a an and as by for in is it its of on that the this to which".split(" "));
/** Whether a lower-case word has no meaning of its own. */
export const isEmptyWord = (word: string): boolean => EMPTY.has(word);

/** Whether a description only repeats the words of a field's name: `productId`, "The id of the product". */
export function saysNoMore(description: string, name: string): boolean {
  const known = new Set(wordsOf(name));
  return wordsOf(description).every((word) => known.has(word) || EMPTY.has(word));
}

/** Names that have a meaning only with the thing that they belong to. */
const GENERIC = /^_?(?:id|uuid|key|code|number|no|ref|reference|slug|name|title)$/i;
/** Whether a name has no meaning without the thing that it belongs to. */
export const isGeneric = (name: string): boolean => GENERIC.test(name);
/** Number of content words beyond the name's that a description may have and still add little. */
const FEW = 3;

/** Whether a description has every word of a field's name and few others, none of them a figure or an example. */
export function saysLittleMore(description: string, name: string): boolean {
  if (isGeneric(name) || /[\d"'`<>{}=]/.test(description.replaceAll(/\w'\w/g, ""))) return false;
  const words = wordsOf(description).filter((word) => !EMPTY.has(word));
  return elaborates(description, name) && new Set(words).size <= wordsOf(name).length + FEW;
}

const PAGING = /^(?:page|pages?_?(?:number|size)|(?:per|items)_?page|limit|offset)$/i;

/** Whether a description of a paging parameter adds nothing to its name and bounds. */
export function saysPaging(description: string, name: string, bounds: readonly unknown[]): boolean {
  if (!PAGING.test(name) || /["'`<>{}=]/.test(description)) return false;
  return (description.match(/\d+/g) ?? []).every((figure) => bounds.includes(Number(figure)));
}

const AMOUNTS = new Set(
  "amount cost count created date expires expiry page price size total updated".split(" "),
);

/** Whether a name has several words, one of them a usual one for amounts and times, so that it speaks for itself beside a value. */
export function isSpeaking(name: string): boolean {
  const words = wordsOf(name);
  return words.length > 1 && words.some((word) => AMOUNTS.has(word));
}

/** Words for the kind of a value, which a meaningful name needs. */
const KINDS = new Set(
  "id ids identifier uuid code key number reference slug handle name title date day time price cost fee rate many token cursor available sold stock".split(
    " ",
  ),
);

/** Whether a description has a word of a field's name, so that the name alone is meaningful. */
export function elaborates(description: string, name: string): boolean {
  if (isGeneric(name)) return false;
  const words = wordsOf(description);
  return wordsOf(name).some((word) => words.includes(word)) && !namesKind(description, name);
}

/** Whether a description has a word for a kind of value that the name does not have. */
export function namesKind(description: string, name: string): boolean {
  const known = wordsOf(name);
  return wordsOf(description).some((word) => KINDS.has(word) && !known.includes(word));
}

/** The words of a text or of a name such as `productId`, in small letters. */
export function wordsOf(text: string): string[] {
  return (
    text
      .replaceAll(/\be-(?=mail\b)/gi, "e")
      .replaceAll(/(\w)['\u2019]s\b/g, "$1")
      .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** A text in one line. */
export const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

/**
 * The beginning of a text with at most `limit` characters: whole sentences if one fits, else up to the last comma or
 * word that does.
 */
export function shorten(text: string, limit: number): string {
  const line = oneLine(text);
  if (line.length <= limit) return line;
  const part = line.slice(0, limit + 1);
  const sentence = /^.*[.!?](?=\s)/su.exec(part)?.[0];
  if (sentence !== undefined) return sentence;
  const clause = /^.{20,}(?=[,;:] )/su.exec(part)?.[0];
  return clause ?? /^.*(?=\s)/su.exec(part)?.[0] ?? line.slice(0, limit);
}
