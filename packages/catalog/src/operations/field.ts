import type { ApiField } from "@ape/core/protocol/api";
import { isPlainIdName } from "@ape/core/protocol/id-name";
import { namesPassword } from "@ape/core/protocol/sign-in";
import { minorUnits, namesAbsence, namesAvailability, namesMoney } from "../words/value-words.ts";
import {
  addTokens,
  type InverseDocumentFrequency,
  lastWord,
  plain,
  stem,
  type WeightedTokens,
  weightedTokens,
} from "../words/words.ts";

/** A field with the meanings of its words. */
export interface Field extends ApiField {
  /** The name without its parents. */
  leaf: string;
  /** Words of the leaf and of its parents. */
  nameTokens: WeightedTokens;
  textTokens: WeightedTokens;
  /** Name and description in plain words. */
  words: string;
  /** It is called by the noun of things that a collection here has, and takes the id of one: `dog`. */
  thing?: true;
}

type FieldWords = Pick<Field, "leaf" | "nameTokens" | "textTokens" | "words">;
const known = new Map<string, FieldWords>();
const FIELDS_KEPT = 20_000;
/** Of fields whose context means nothing: those of a shared schema are one object in every operation. */
const ofField = new WeakMap<ApiField, FieldWords>();

/** Parses a field; `context` is the thing that an unqualified `id` belongs to. */
export function fieldOf(field: ApiField, context: string): Field {
  const words = ofField.get(field) ?? wordsOf(field, context);
  // The spread is last: V8 adds properties to a copy thirty times slower, and there are a hundred thousand fields.
  const { leaf, nameTokens, textTokens, words: spoken } = words;
  return { leaf, nameTokens, textTokens, words: spoken, ...field };
}

function wordsOf(field: ApiField, context: string): FieldWords {
  const { name, description } = field;
  const leaf = name.split(/\.|\[\]/).findLast((part) => part !== "") ?? name;
  const generic = isGeneric(leaf);
  // Fields of different operations often have the same name and description.
  const key = `${name}\n${generic ? context : ""}\n${description}`;
  let words = known.get(key);
  if (words === undefined) {
    const nameTokens = addTokens(weightedTokens(leaf), name, 0.5);
    if (generic) addTokens(nameTokens, context, 0.8);
    words = {
      leaf,
      nameTokens,
      textTokens: described(description),
      words: `${spokenName(name)} ${plain(description)}`,
    };
    if (known.size >= FIELDS_KEPT) known.clear();
    known.set(key, words);
  }
  if (!generic) ofField.set(field, words);
  return words;
}

/** A field's own name in plain words, with what it belongs to where that alone says that it is money: `price.amount`. */
export function spokenName(name: string): string {
  const parts = name.split(/\.|\[\]/).filter((part) => part !== "");
  const leaf = parts.at(-1) ?? name;
  const owner = AMOUNT.test(leaf) ? plain(parts.at(-2) ?? "") : "";
  return namesMoney(owner) ? `${owner} ${plain(leaf)}` : plain(leaf);
}
const AMOUNT = /^(?:value|amount|min|max|minimum|maximum|net|gross|cent_?amount|units)$/i;

/** The part of a description that says what something is counts in full, its purpose or origin a third. */
function described(description: string): WeightedTokens {
  const [head = ""] = description.split(ASIDE);
  return addTokens(weightedTokens(head), description, 0.35);
}

const ASIDE = /[,;.(]|\s(?:to|that|which|as|for|where|from|into?|needed|when)\s/;
const isGeneric = (leaf: string): boolean => isPlainIdName(leaf) || /^(?:name|title)$/i.test(leaf);
const ID = /\b(?:id|ids|identifier|identifies|uuid|guid|code|reference|ref|slug|handle|unique|key)\b/;
const NUMBERED = /\b(?:number|no|sku|isbn)\b/;
/** Numbers that people have already, and that no system issues. */
const OWN_NUMBER = /\b(?:telephone|phone|mobile|cell|fax)\b/;
const COUNT = /\b(?:how many|how much|quantity|qty|count|pieces|units|amount|number of)\b/;
const SECRET = /\b(?:password|passcode|passphrase|pin|secret|credential)\b/;
const OFFSET = /\b(?:offset|skip|skipped|leave out)\b|\b(?:start|begin)(?:s|n?ing)? (?:at|from|with)\b/;
const SIZE =
  /\b(?:how many|limit|size|per page|at a time|at once|at most|page size|number of (?:results|items|entries|rows))\b/;
const PAGE = /\b(?:page|pages|part|slice|batch|portion)\b/;
const CURSOR =
  /\b(?:cursor|continu\w*|go(?:es)? on|going on|carry on|resume|bookmark|next|after|token|follow(?:s|ing)?|where)\b/;
const SEARCH =
  /\b(?:search|words?|contains?|query|keywords?|look(?:ing)? for|terms?|text to|matching|matches)\b/;

export const isNumeric = (field: ApiField): boolean =>
  /^(?:integer|number)/.test(field.type) && !field.type.endsWith("[]");
export const isText = (field: ApiField): boolean =>
  field.type.startsWith("string") && !field.type.endsWith("[]");
const isBoolean = (field: ApiField): boolean => field.type.startsWith("boolean");

/** Whether a value has to come from elsewhere, rather than be invented: it identifies something. */
export function isReference(field: Field): boolean {
  if (!isNumeric(field) && !isText(field)) return false;
  if (field.thing === true) return true;
  if (field.format === "uuid" || ID.test(field.words)) return !COUNT.test(field.words) || !isNumeric(field);
  if (OWN_NUMBER.test(field.words)) return false;
  return NUMBERED.test(field.words) && field.maximum === undefined && !isCount(field);
}

/** Whether a text is a number by which a person is called. */
export const isPhone = (field: Field): boolean => isText(field) && OWN_NUMBER.test(field.words);

const WHEREABOUTS =
  /^(?:(?:storage|current) )?(?:location|place|position|spot|site|storage|shelf|whereabouts)$/;

/** Whether a text says where a thing is. */
export const isWhereabouts = (field: Field): boolean =>
  isText(field) && !isReference(field) && field.enum === undefined && WHEREABOUTS.test(plain(field.leaf));

/** Whether a field holds a day, with or without a time. */
export const isDate = ({ format }: Pick<Field, "format">): boolean =>
  format === "date" || format === "date-time";

/** Whether a number is a quantity. */
export function isCount(field: Field): boolean {
  return (
    isNumeric(field) &&
    COUNT.test(field.words) &&
    !(NUMBERED.test(field.words) && field.maximum === undefined && field.minimum === undefined)
  );
}

const LOGIN_NAME = /\b(?:user ?name|login|nick ?name|handle|slug)\b/;
const NAME = /\b(?:name|named|called|title|subject|headline|label|caption|topic)\b/;
/** Whether a text is the name of an account, which must be unique. */
export const isLoginName = (field: Field): boolean => LOGIN_NAME.test(field.words);
/** Whether a text is the name of a thing or an account, which often must be unique. */
export const isNameText = (field: Field): boolean => isLoginName(field) || NAME.test(field.words);
const PLACE = /\b(?:path|paths|file ?names?|filepath|folder|directory|source|destination|location)\b/;
/** Whether a text says where something lies, comes from or goes to: the path of a file. */
export const isPlace = (field: Field): boolean => PLACE.test(field.words);
export const isSecret = (field: Field): boolean =>
  SECRET.test(field.words) || field.format === "password" || (isText(field) && namesPassword(field.leaf));
export const isMoney = (field: Field): boolean => namesMoney(field.words);
export const isOffset = (field: Field): boolean => isNumeric(field) && OFFSET.test(field.words);
export const isSize = (field: Field): boolean =>
  isNumeric(field) && SIZE.test(field.words) && !OFFSET.test(field.words) && !isMoney(field);
export const isPage = (field: Field): boolean =>
  isNumeric(field) && PAGE.test(field.words) && !isSize(field) && !isOffset(field);
export const isCursor = (field: Field): boolean =>
  isText(field) && CURSOR.test(field.words) && !SEARCH.test(field.words);
export const isSearch = (field: Field): boolean =>
  isText(field) && field.enum === undefined && SEARCH.test(field.words);

/** What a field says about availability: true if its truth means that a thing is available. */
export function availability(field: Field): boolean | undefined {
  if (isBoolean(field) || isNumeric(field)) {
    if (namesAbsence(field.words)) return isBoolean(field) ? false : undefined;
    if (namesAvailability(field.words) && !isMoney(field)) return true;
  }
  return undefined;
}

/** Number of a field's own minor units per unit of money: 100 for cents. */
export function moneyScale(field: Field): number {
  return minorUnits(field.words);
}

/**
 * How likely it is that an input takes the value of an answer's field, 0 to about 1.2: by name, or by description
 * alone. `answerContext` is the subject of the answer's operation.
 */
export function fieldSimilarity(input: Field, answer: Field, rarity: InverseDocumentFrequency): number {
  if (!isText(answer) && !isNumeric(answer)) return 0;
  const same = input.leaf === answer.leaf && (!isGeneric(input.leaf) || isOfSame(input, answer)) ? 1 : 0;
  const name = Math.max(same, 0.9 * rarity.likeness(input.nameTokens, answer.nameTokens));
  const text = rarity.likeness(input.textTokens, answer.textTokens);
  const cross =
    0.7 *
    Math.max(
      rarity.likeness(input.nameTokens, answer.textTokens),
      rarity.likeness(input.textTokens, answer.nameTokens),
    );
  const best = Math.max(name, text, cross);
  const kind = isNumeric(input) === isNumeric(answer) ? 1 : 0.75;
  return kind * (best + 0.2 * Math.min(name, text));
}

/** Whether an answer's field belongs to the thing that an input refers to: `articles[].slug` for `/articles/{slug}`. */
function isOfSame(input: Field, answer: Field): boolean {
  const parts = answer.name.split(/\.|\[\]/).filter((part) => part !== "");
  const owner = lastWord(parts.at(-2) ?? "");
  return owner !== "" && input.nameTokens.has(stem(owner));
}
