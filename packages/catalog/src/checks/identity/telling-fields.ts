import { isIdName } from "@ape/core/protocol/id-name";
import { type Field, isNameText, isSecret, isText } from "../../operations/field.ts";
import { isNumberWord } from "../../operations/item-identifier.ts";
import { plain } from "../../words/words.ts";

/** A text of letters and digits, or of capitals and signs: `TM-01`, `K 118/26`. */
const CODE = /^(?=.*\p{N})(?=.*\p{Lu})[\p{L}\p{N} /_.-]+$/u;

/** Whether a text of a goal is a code, and no word or number. */
export const isCode = (text: string): boolean => CODE.test(text);

/** Whether a field may hold any words, such as a name or a note. */
export const isFreeText = (field: Field): boolean =>
  isText(field) &&
  field.enum === undefined &&
  field.format === undefined &&
  !isIdName(field.leaf) &&
  !isSecret(field);

/** Whether a field identifies things, beside their ids: `tag`, `serialNumber`. */
export const isCodeField = (field: Field): boolean =>
  isText(field) &&
  field.enum === undefined &&
  field.format === undefined &&
  !isSecret(field) &&
  isOtherNumber(field);

/** Whether a field may hold the name or the code of a thing. */
export const tells = (field: Field): boolean =>
  isCodeField(field) || (isNameText(field) && isFreeText(field));

/** Whether a thing shows numbers or codes beside its id: a number of the goal may be one of these. */
export const hasOtherNumber = (fields: readonly Field[]): boolean =>
  fields.length === 0 || fields.some(isOtherNumber);

function isOtherNumber({ leaf }: Field): boolean {
  const last = plain(leaf).split(" ").at(-1) ?? "";
  return isNumberWord(last) && !/^(?:id|uuid|guid)$/.test(last);
}

/** Whether a field holds what is said of a thing: a reason, a note. */
export const isRemark = ({ leaf }: Field): boolean =>
  /\b(?:reason|cause|notes?|comments?|remarks?|message|text|description|feedback)$/.test(plain(leaf));
