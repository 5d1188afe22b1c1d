import type { Json, JsonObject } from "@ape/core/lib/json";
import { type Field, fieldOf } from "../operations/field.ts";
import type { Operation } from "../operations/operation-catalog.ts";
import { STOP, VERB_CLASSES } from "../words/lexicon.ts";
import { lastWord, plain, stem, tokens } from "../words/words.ts";
import type { Clause } from "./clause.ts";
import { thingNamed } from "./phrases/thing-name.ts";
import { datesIn } from "./times/points-in-time.ts";
import { codesIn } from "./values/written-code.ts";

/** Words before a text that say that it is a name. */
const NAMING = /\b(?:called|named|titled|entitled|labell?ed|name|title)\W*$/i;
const SAYING = /\b(?:saying|says|reads|reading)\W*$/i;
/** A value behind the noun that it is of: `the level 5`, `a limit of 3`, `city = Basel`. */
const VALUE =
  /\b(?:with|and|its|the|an?|of)\s+((?:[a-z]+\s)?[a-z][a-z-]*)(?:\s*[=:]\s*|\s+(?:of|is|to|as|at)\s+|\s+)(-?\d+(?:\.\d+)?\b(?![-:/]\d)|\p{Lu}[\p{L}\p{N}_-]*)/gu;

/** A number before the noun that it is of: `with 3 mites`. */
const COUNTED = /\b(?:with|and|of)\s+(-?\d+(?:\.\d+)?)\s+([a-z][a-z-]*)\b/g;
/** A new value of something that is named: `set its location to roof`. */
const NEW_VALUE =
  /\b(?:its|their|his|her|the|our|my)\s+((?:[a-z]+\s)?[a-z][a-z-]*)(?:\s+of\s+(?:an?|the|my|our|this|that)\s+[\p{L}-]+)?\s+(?:to|as|=)\s+(?:an?\s+|the\s+)?([\p{L}\p{N}][\p{L}\p{N} _-]*?)[\s.,;]*$/u;
/** `Move the trip of Ann to 14 March` names no property. */
const withoutDay = (match: RegExpExecArray | null): RegExpExecArray | null =>
  match === null || datesIn(match[2] ?? "").length > 0 ? null : match;

/** A new value of a thing that has more words than its noun: `set the amount of the fine of 25 November to 10`. */
const OF_THING =
  /\bthe\s+(\p{Ll}+(?:\s+\p{Ll}+)?)\s+of\s+\S.*\s+to\s+(?:an?\s+|the\s+)?([\p{L}\p{N}][\p{L}\p{N} .:/_-]*?)[\s.,;]*$/u;
const NOTHING: Clause["object"] = { nouns: new Map(), plain: new Set(), refers: false };
/** Verbs that give a new name. */
const RENAMES = new Map([
  ["renam", "name"],
  ["retitl", "title"],
  ["relabel", "label"],
]);

/**
 * The body of a call of which only the path is known, by the goal's own words: `{"message": "Fog"}` for `with the message "Fog"`.
 * @param columns names of data columns and what stands for their values; those that the clause names are sent
 */
export function statedBody(clause: Clause, columns: ReadonlyMap<string, string> = new Map()): JsonObject {
  const body: JsonObject = {};
  const put = (name: string, value: Json): void => {
    if (name !== "" && body[name] === undefined) body[name] = value;
  };
  for (const [index, text] of clause.quoted.entries())
    put(nameBefore(clause.labels[index] ?? "", clause), text);
  const [, owned = "", given = ""] =
    clause.verb === "~update"
      ? (NEW_VALUE.exec(clause.text) ?? withoutDay(OF_THING.exec(clause.text)) ?? [])
      : [];
  // What is set is the object of the verb: no thing of its own.
  const changed = owned === "" ? undefined : memberOf(owned, { ...clause, object: NOTHING });
  if (changed !== undefined) put(changed, Number.isNaN(Number(given)) ? given : Number(given));
  const codes = codesIn(clause.text);
  const thing = thingNamed(clause);
  const isMade = VERB_CLASSES.get(clause.verb ?? "") === "create";
  const isCode = thing !== undefined && codes.includes(thing.text);
  const isThing = (value: string): boolean => (isCode || !isMade) && thing?.text.startsWith(value) === true;
  for (const [, words = "", value = ""] of changed === undefined ? clause.text.matchAll(VALUE) : []) {
    // `The lift TK-204/9` is what is acted on.
    if (isThing(value)) continue;
    const name = memberOf(words, clause);
    const code = codes.find((one) => one.startsWith(value));
    if (name !== undefined) put(name, code ?? (Number.isNaN(Number(value)) ? value : Number(value)));
  }
  for (const [, value = "", noun = ""] of clause.text.matchAll(COUNTED)) {
    const name = memberOf(noun, clause);
    if (name !== undefined && !isUnit(noun)) put(name, Number(value));
  }
  if (isMade && isCode && !thing.of) put("name", thing.text);
  const renamed = RENAMES.get(clause.lead ?? "");
  const name = clause.names.find(({ preposition }) => preposition === "to" || preposition === "as");
  if (renamed !== undefined && name !== undefined) put(renamed, name.text);
  for (const [name, value] of columns)
    if (tokens(name).some((token) => !token.startsWith("~") && (clause.weights.get(token) ?? 0) >= 0.5))
      put(name, value);
  return body;
}

/** The values of such a body as those of fields, for an operation of which only the path is known; none for others. */
export function bodyValues({ undocumented }: Operation, clause: Clause): Map<Field, Json> {
  if (undocumented !== true) return new Map();
  return new Map(
    Object.entries(statedBody(clause)).map(([name, value]) => [
      fieldOf({ in: "body", name, type: typeof value, required: false, description: "" }, ""),
      value,
    ]),
  );
}

/** Whether a word is a unit of something that is not named: the value is of no field that is called so. */
const isUnit = (noun: string): boolean =>
  /^(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|percent|times|usd|eur|gbp|chf|dollars?|euros?|pounds?|cents?|km|kg|mm|cm|g|m|l|metres?|meters?|litres?|liters?|grams?|kilos?)$/.test(
    noun,
  );

/** What is set of a thing: `set the note of the lift in Linden Court to`. */
const PROPERTY_OF = /\b(?:the|its|their|his|her|my|our)\s+(\p{Ll}+(?:\s+\p{Ll}+)?)\s+of\s.*\bto\W*$/u;

/** The member that a text is for, by the word before it; the name of what is made, where that only says what it is. */
function nameBefore(label: string, clause: Clause): string {
  if (NAMING.test(label)) return /\b(?:en)?titled?\W*$/i.test(label) ? "title" : "name";
  if (SAYING.test(label)) return "message";
  const [, owned] = clause.verb === "~update" ? (PROPERTY_OF.exec(label) ?? []) : [];
  if (owned !== undefined) return lastWord(owned);
  const words = plain(label.replace(/\b(?:of|to|as|is|with)\W*$/i, "")).split(" ");
  return memberOf(words.slice(-2).join(" "), clause) ?? "name";
}

/** The member that words name; undefined for what is no noun of its own: the verb, or the thing that is made. */
function memberOf(words: string, { object, lead }: Clause): string | undefined {
  const noun = lastWord(words);
  const base = stem(noun);
  const isThing = !object.refers && (object.nouns.get(base) ?? 0) === 1;
  return noun.length < 2 || STOP.has(noun) || base === lead || isThing ? undefined : noun;
}
