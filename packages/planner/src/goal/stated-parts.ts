import type { Clause } from "@ape/catalog/goal/clause";
import { type Field, isText } from "@ape/catalog/operations/field";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { subjectOf } from "@ape/catalog/operations/operation-subject";
import { plain, stem } from "@ape/catalog/words/words";
import { isJsonObject, type Json } from "@ape/core/lib/json";

/** What a goal says of the thing that it chooses, by the name of a field of it: `the lesson in room B`. */
export interface StatedPart {
  /** The name of the field in an item. */
  leaf: string;
  value: string;
  said: string;
}

/** A noun behind a preposition, and a code or a letter: `in room B`, `at gate 12A`. */
const PART =
  /\b(?:in|at|of|from|on|with)\s+(?:the\s+)?(\p{Ll}+)\s+((?=[\p{L}\p{N}-]*[\p{Lu}\p{N}])[\p{Lu}\p{N}][\p{Lu}\p{N}-]{0,7})(?=$|[\s,.;])/gu;

/** A name between a preposition and a noun: `in the Main hall`. */
const PART_BEFORE =
  /\b(?:in|at|of|from|on|with)\s+(?:the\s+)?((?:\p{Lu}[\p{L}\p{N}'’-]*\s+){1,3})(\p{Ll}+)(?=$|[\s,.;])/gu;

/**
 * The fields of a list by whose values a clause says which of its things is meant.
 * @param operation what is done to the thing, or what makes another one that belongs to it: what it makes may have such
 * values of its own
 */
export function statedParts({ text }: Clause, operation: Operation, fields: readonly Field[]): StatedPart[] {
  const { verbClass, isAction } = subjectOf(operation);
  const makes = verbClass === "create" && !isAction;
  const partOf = (noun: string, value: string, said: string): StatedPart[] => {
    const isCalled = ({ leaf }: Field): boolean => stem(plain(leaf).split(" ")[0] ?? "") === stem(noun);
    const field = fields.find((one) => isText(one) && one.format === undefined && isCalled(one));
    const isOfMade = makes && operation.inputs.some((one) => one.in === "body" && isCalled(one));
    return field === undefined || isOfMade ? [] : [{ leaf: field.leaf, value, said }];
  };
  return [
    ...Array.from(text.matchAll(PART)).flatMap(([, noun = "", value = ""]) =>
      partOf(noun, value, `${noun} ${value}`),
    ),
    ...Array.from(text.matchAll(PART_BEFORE)).flatMap(([, name = "", noun = ""]) =>
      partOf(noun, name.trim(), `${name}${noun}`),
    ),
  ];
}

/** Whether an item has all that a goal says of it; what it does not show may be so. */
export const hasParts = (item: Json, parts: readonly StatedPart[] = []): boolean =>
  parts.every(({ leaf, value, said }) => {
    const own = isJsonObject(item) ? item[leaf] : undefined;
    return typeof own !== "string" || plain(own) === plain(value) || plain(own) === plain(said);
  });
