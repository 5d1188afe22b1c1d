import type { Json } from "@ape/core/lib/json";
import type { Field } from "../../operations/field.ts";
import type { Operation } from "../../operations/operation-catalog.ts";
import { ownNouns, subjectOf } from "../../operations/operation-subject.ts";
import { STOP } from "../../words/lexicon.ts";
import { plain, stem, stemsOf } from "../../words/words.ts";
import type { Clause } from "../clause.ts";

/** An article, a word, and the noun behind it. */
const DESCRIBED = /\b(?:an?|another)\s+(?:new\s+)?(\p{Ll}[\p{Ll}-]+)\s+(?=(\p{Ll}[\p{Ll}-]+))/gu;
/** Words that say nothing of what kind a thing is. */
export const SAYS_NO_KIND =
  /^(?:new|other|free|further|quick|short|long|small|big|large|good|nice|simple|fresh|first|second|third|last|next|single|double)$/;

/**
 * The word by which a clause says of what kind it makes something, where the call needs one of some options and none of them is
 * that: `record a pollen measurement` of the kinds dust and methane.
 */
export function unofferedOption(
  { text }: Clause,
  operation: Operation,
  values: ReadonlyMap<Field, Json>,
): string | undefined {
  const subject = subjectOf(operation);
  if (subject.verbClass !== "create" || subject.isAction) return undefined;
  const isOpen = operation.inputs.some(
    (field) => field.in === "body" && field.required && (field.enum?.length ?? 0) > 1 && !values.has(field),
  );
  if (!isOpen) return undefined;
  const own = ownNouns(subject);
  return Array.from(text.matchAll(DESCRIBED), ([, word = "", noun = ""]) => ({ word, noun })).find(
    ({ word, noun }) =>
      own.includes(stem(plain(noun))) &&
      !SAYS_NO_KIND.test(word) &&
      !STOP.has(word) &&
      !isKnown(stem(plain(word)), operation),
  )?.word;
}

/** Whether an operation has a word in its path, its summary or its inputs. */
const isKnown = (word: string, { weights, inputs }: Operation): boolean =>
  weights.has(word) ||
  inputs.some(
    ({ nameTokens, enum: options }) =>
      nameTokens.has(word) || options?.some((option) => stemsOf(String(option)).includes(word)) === true,
  );
