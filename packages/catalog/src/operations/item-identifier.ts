import { isPlainIdName } from "@ape/core/protocol/id-name";
import { isMethod, type Verb } from "@ape/core/protocol/operations/operation";
import { lastPart, pathWords } from "@ape/core/protocol/operations/path-words";
import { plain, stem, stemsOf } from "../words/words.ts";
import { type Field, isCount, isMoney, isNameText, isNumeric, isReference, isText } from "./field.ts";

const NUMBERED = new Set(
  "id no nr num number tag code key ref reference sku slug handle serial isbn uuid guid".split(" "),
);

/** Whether a word says that a value tells things apart: `tag`, `number`. */
export const isNumberWord = (word: string): boolean => NUMBERED.has(word);

/** What an operation answers. */
interface Answering {
  list: { prefix: string; fields: readonly Field[] } | undefined;
  answers: readonly Field[];
  writes: boolean;
}

/**
 * The collection whose items a path parameter names: `/bikes` for `bikeTag` of `/bikes/{bikeTag}/hire`. Undefined for other
 * inputs.
 */
export function collectionOfParameter(
  { in: place, name }: Field,
  { path, call }: { path: string; call: Verb },
): string | undefined {
  if (place !== "path" || !isMethod(call)) return undefined;
  const at = path.indexOf(`/{${name}}`);
  return at <= 0 ? undefined : path.slice(0, at);
}

/** The fields of an answer that belong to the thing itself, or to each thing of the list. */
function ownFields({ list, answers, writes }: Answering): readonly Field[] {
  if (list !== undefined && !writes) {
    const depth = list.prefix === "" ? "[]." : `${list.prefix}[].`;
    return list.fields.filter(({ name }) => name.startsWith(depth) && !/[.[]/.test(name.slice(depth.length)));
  }
  return answers.filter(({ name }) => !/[.[]/.test(name));
}

/**
 * The field of an answer that identifies things of a collection, where a parameter of another name takes it: the document's
 * structure says which, as other paths name it, as ids are named, by the name of the collection, or by its form.
 * @param names names of the parameters that paths have for items of the collection
 */
export function identifierIn(
  operation: Answering,
  input: Field,
  collection: string,
  names: ReadonlySet<string>,
): Field | undefined {
  const fields = ownFields(operation);
  const noun = stemsOf(lastPart(collection)).at(-1) ?? "";
  const words = (field: Field): string[] => plain(field.leaf).split(" ");
  const isNumber = (field: Field): boolean => isNumberWord(words(field).at(-1) ?? "");
  const hasForm = ({ pattern, format }: Field): boolean =>
    (pattern !== undefined && pattern === input.pattern) || (format !== undefined && format === input.format);
  return (
    fields.find(({ leaf }) => leaf === input.leaf) ??
    fields.find(({ leaf }) => names.has(leaf)) ??
    fields.find(({ leaf }) => /^_?id$/.test(leaf)) ??
    fields.find((field) => isNumber(field) && words(field).map(stem).includes(noun)) ??
    fields.find(hasForm) ??
    fields.find(({ leaf }) => isPlainIdName(leaf)) ??
    fields.find((field) => words(field).length === 2 && isNumber(field)) ??
    fields.find(isReference) ??
    // The first text is what a list begins with: the plate of a vehicle.
    fields.find(isText)
  );
}

/**
 * Whether a field is the id of what is in a list within a thing that has an id of its own, where an input names no such part:
 * `tanks[].fish[].id` is none for a `tankId`.
 */
export function isOfOtherPart({ name, leaf }: Field, input: Field, answers: readonly Field[]): boolean {
  if (!isPlainIdName(leaf)) return false;
  const owner = /([^.[\]]+)(?:\[\])?\.[^.[\]]+$/.exec(name)?.[1];
  if (owner === undefined) return false;
  if (stemsOf(owner).some((word) => input.nameTokens.has(word) || input.textTokens.has(word))) return false;
  const isWithin = (whole: string): boolean => {
    const outside = whole.slice(0, whole.length - leaf.length);
    return whole.endsWith(leaf) && name.startsWith(outside) && name.slice(outside.length).includes("[]");
  };
  return answers.some((other) => other.leaf === leaf && other.name !== name && isWithin(other.name));
}

/** A list, and the field of its things that an input takes. */
export interface KeyInList<Listing> {
  operation: Listing;
  field: Field;
}

/** An operation that may list things. */
interface Listing extends Pick<Answering, "list" | "writes"> {
  target: string;
  path: string;
  inputs: readonly Field[];
}

/**
 * The list of the things that an input is named after, with the word for what it takes of one: `turbineTag` takes the `tag` of
 * `GET /turbines`, although no word of it says that it is an id. Names and amounts are the caller's own: `ownerName`.
 * @param operations those of the input's API
 */
export function keyOfThing<One extends Listing>(
  owner: Listing,
  input: Field,
  operations: readonly One[],
): KeyInList<One> | undefined {
  if (input.in !== "body" || !input.required || input.enum !== undefined || /[.[]/.test(input.name))
    return undefined;
  const words = plain(input.leaf).split(" ");
  const key = words.at(-1) ?? "";
  const noun = stem(words.at(-2) ?? "");
  if (!canBeKey(input, key)) return undefined;
  if (words.length < 2) return identifiedBy(owner, input, operations);
  for (const operation of operations) {
    const { target, list, writes, inputs, path } = operation;
    if (target !== owner.target || list === undefined || writes || operation === owner) continue;
    if (inputs.some(({ required }) => required)) continue;
    if (stemsOf(lastPart(path.replace(/\/$/, ""))).at(-1) !== noun) continue;
    const start = list.prefix === "" ? "[]." : `${list.prefix}[].`;
    const field = list.fields.find(
      ({ name, leaf, enum: options }) =>
        name === `${start}${leaf}` && options === undefined && [key, words.join(" ")].includes(plain(leaf)),
    );
    if (field !== undefined) return { operation, field };
  }
  return undefined;
}

/** The only list whose things have no id, but begin with what the input is called: the `plate` of cars. */
function identifiedBy<One extends Listing>(
  owner: Listing,
  input: Field,
  operations: readonly One[],
): KeyInList<One> | undefined {
  const lists = operations.flatMap((operation): KeyInList<One>[] => {
    const { target, list, writes, inputs } = operation;
    if (target !== owner.target || list === undefined || writes || inputs.some(({ required }) => required))
      return [];
    if (pathWords(operation.path).collection === pathWords(owner.path).collection) return [];
    const [field] = list.fields;
    const hasId = list.fields.some(({ leaf }) => /^_?id$/.test(leaf));
    return field?.leaf === input.leaf && !hasId ? [{ operation, field }] : [];
  });
  return lists.length === 1 ? lists[0] : undefined;
}

/** Whether an input can hold what tells things apart: a plain text, or what numbers are called by. */
function canBeKey(input: Field, key: string): boolean {
  if (isPlainIdName(input.leaf) || isNameText(input) || isMoney(input) || isCount(input)) return false;
  if (isNumberWord(key)) return true;
  return isText(input) && !isNumeric(input) && input.format === undefined;
}
