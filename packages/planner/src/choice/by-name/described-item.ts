import { isNameText } from "@ape/catalog/operations/field";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { resultNouns, subjectOf } from "@ape/catalog/operations/operation-subject";
import { areKin } from "@ape/catalog/words/thesaurus";
import { lastWord, plain, stem } from "@ape/catalog/words/words";
import { isJsonObject, type Json } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import type { ListChoice } from "../../goal/plan.ts";
import { itemFields, readItem } from "../response-values.ts";

/**
 * Of items that fit, those that have the words by which a goal tells the thing from others. Where none has them, none is meant, unless
 * the word is one for all such things, and they have names of their own: a boat of `Anna` and `Bella`.
 * @param items all that the list shows
 */
export function ofDescription(
  fitting: Json[],
  items: readonly Json[],
  { described }: ListChoice,
  operation: Operation,
): Json[] {
  if (described === undefined || fitting.length === 0) return fitting;
  const words = plain(described.text).split(" ");
  const found = fitting.filter((item) => words.every((word) => hasWord(item, word)));
  if (found.length > 0) return found;
  const isOpen = described.isNoun && !items.some((item) => isNamedByKind(item, operation));
  return isOpen ? fitting : [];
}

/** Whether a thing shows a word, or has a property that is called so. */
function hasWord(item: Json, word: string): boolean {
  const texts = ` ${plain(writeJson(isJsonObject(item) ? Object.values(item) : item))} `;
  if (texts.split(" ").some((text) => text === word || stem(text) === stem(word))) return true;
  return (
    isJsonObject(item) &&
    Object.entries(item).some(([name, value]) => value === true && plain(name).includes(word))
  );
}

/** Whether a thing is called by what it is: a tool `Band saw`. */
function isNamedByKind(item: Json, operation: Operation): boolean {
  const nouns = resultNouns(subjectOf(operation));
  const fields = itemFields(operation);
  return fields.filter(isNameText).some((field) => {
    const name = readItem(item, field, fields);
    const word = typeof name === "string" ? stem(lastWord(name)) : "";
    return word !== "" && nouns.some((noun) => areKin(noun, word));
  });
}
