import { isPlainIdName } from "@ape/core/protocol/id-name";
import { isMethod, type Verb } from "@ape/core/protocol/operations/operation";
import { lastPart } from "@ape/core/protocol/operations/path-words";
import { plain, stem, stemsOf } from "../words/words.ts";
import { type Field, isReference, isText } from "./field.ts";

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
