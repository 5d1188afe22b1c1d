import { isPlainIdName } from "@ape/core/protocol/id-name";
import { lastPart } from "@ape/core/protocol/operations/path-words";
import { plain, stem, stemsOf } from "../words/words.ts";
import { type Field, isCount, isMoney, isNameText, isNumeric, isText } from "./field.ts";
import { isNumberWord } from "./item-identifier.ts";
import type { Operation } from "./operation-catalog.ts";
import { ownNouns, subjectOf } from "./operation-subject.ts";

/** A list, and the field of its things that an input takes. */
export interface KeyInList {
  operation: Operation;
  field: Field;
}

/**
 * The list of the things that an input is named after, with the word for what it takes of one: `turbineTag` takes the `tag` of
 * `GET /turbines`, although no word of it says that it is an id. Names and amounts are the caller's own: `ownerName`.
 * @param operations those of the input's API
 */
export function keyOfThing(
  owner: Operation,
  input: Field,
  operations: readonly Operation[],
): KeyInList | undefined {
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
    const nouns = path === "" ? [] : stemsOf(lastPart(path));
    if (nouns.at(-1) !== noun && !ownNouns(subjectOf(operation)).includes(noun)) continue;
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
function identifiedBy(
  owner: Operation,
  input: Field,
  operations: readonly Operation[],
): KeyInList | undefined {
  const lists = operations.flatMap((operation): KeyInList[] => {
    const { target, list, writes, inputs } = operation;
    if (target !== owner.target || list === undefined || writes || inputs.some(({ required }) => required))
      return [];
    if (subjectOf(operation).collection === subjectOf(owner).collection) return [];
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
