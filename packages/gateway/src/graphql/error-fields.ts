import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import type { SelectedField } from "./selection.ts";

/** Fields that hold errors. */
export const ERROR_FIELD = /^(?:\w*[eE]rrors?|errs?|violations|problems?|failures?|faults?|exceptions?)$/;
/** Lists of texts about errors: `errorMessages`. */
const ERROR_LIST = /^\w*err(?:or)?_?(?:messages|msgs|codes|reasons|texts|descriptions|details|list)$/i;
/** Fields with a text about an error. */
export const ERROR_TEXT =
  /^(?:err(?:or)?_?(?:code|type|message|msg|reason|text|description|details?)|(?:fail(?:ure|ed)?|reject(?:ion|ed)?|decline|denial|refusal)_?(?:reason|code|message))$/i;
/** Fields with the number of an error; 0 is none. */
const ERROR_NUMBER = /^err(?:or)?_?(?:code|no|number)$/i;
/** What a record keeps of earlier times: no result of the call. */
const EARLIER =
  /^(?:last|latest|previous|prev|prior|recent|past|old|former|most_?recent)(?:[A-Z_]|$)|(?:history|log)s?$/;
/** Error words that domains use for their own objects: a quiz has problems, a pump failures. */
const DOMAIN_WORD = /^(?:violations?|problems?|failures?|faults?|exceptions?)$/i;
/** Fields of an object that describes an error. */
const DESCRIBES =
  /^(?:message|msg|code|error\w*|reason|detail|description|field|path|kind|type|key|__typename)$/i;
const NO_ERROR = /^(?:|ok|none|no_?error|success(?:ful)?|0)$/i;
const MESSAGE_LIST = /^(?:\w*[mM]essages?|notifications?|alerts?|feedback)$/;
const SEVERITY = /^(?:type|severity|level|kind|status)$/i;
const SEVERE = /^(?:error|err|fatal|critical|failure|failed|danger)$/i;
/** Lists of what failed: `failedItems`. */
const FAILED_LIST = /^(?:failed|rejected|invalid|unprocessed|errored)_?[A-Za-z]\w*$/;
/** Counts of what failed: `errorCount`, `failed`. */
const FAILED_COUNT =
  /^(?:n_?|num_?|number_?of_?|total_?)?(?:errors?|err|fail(?:ed|ures?)|reject(?:ed|ions?)|invalid)_?(?:count|items?|rows?|records?|total|num)?$/i;

/** Words of a field whose subject is errors. */
const SUBJECT = /error|problem|failure|fault|conflict|exception|violation/i;

/** Whether a field's subject is errors: its value may hold some. */
export const namesErrors = (name: string): boolean => SUBJECT.test(name);

/** Whether a field holds an error of the call: by its name, and for ambiguous words and objects by its content. */
export function isErrorField(name: string, value: Json, isSubject: boolean): boolean {
  if (EARLIER.test(name)) return false;
  if (ERROR_LIST.test(name)) return Array.isArray(value) && value.length > 0;
  if (!ERROR_FIELD.test(name) || (isSubject && /^errors?$/i.test(name)) || !isError(value)) return false;
  return !DOMAIN_WORD.test(name) || (!isSubject && describesError(value));
}

/** Whether a field holds a text about an error of the call, or its number; not if the mutation asked for it, as `declineOffer` does. */
export function isErrorText(name: string, value: Json, mutation: string): boolean {
  if (isNumber(value)) return ERROR_NUMBER.test(name) && Number(value) !== 0;
  if (!ERROR_TEXT.test(name) || typeof value !== "string" || NO_ERROR.test(value)) return false;
  return !isNamedIn(/^(?:fail|reject|declin|deni|refus)/i.exec(name)?.[0] ?? "", mutation);
}

/** Whether a field counts or lists what failed of several things. */
export function countsFailed(name: string, value: Json, mutation: string): boolean {
  const stem = /fail|reject|invalid|err/i.exec(name)?.[0] ?? "";
  if (isNamedIn(stem, mutation)) return false;
  if (isNumber(value)) return FAILED_COUNT.test(name) && Number(value) > 0;
  return FAILED_LIST.test(name) && Array.isArray(value) && value.length > 0;
}

/** Whether a flag or count says that nothing failed. */
export const saysNoneFailed = (name: string, value: Json): boolean =>
  isNothing(value) &&
  (FAILED_COUNT.test(name) || /^(?:is_?|has_?)?(?:failed|failure|errors?|errored)$/i.test(name));

/** Whether a list of messages has nothing but errors. */
export const listsOnlyErrors = (name: string, value: Json): boolean =>
  MESSAGE_LIST.test(name) &&
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(
    (one) =>
      isJsonObject(one) &&
      Object.keys(one).some((key) => SEVERITY.test(key) && SEVERE.test(String(one[key] ?? ""))),
  );

/** Whether a value is a text, or has a field that errors have. */
function describesError(value: Json): boolean {
  if (Array.isArray(value)) return value.some(describesError);
  return isJsonObject(value) ? Object.keys(value).some((key) => DESCRIBES.test(key)) : value !== true;
}

function isError(value: Json): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "string") return !NO_ERROR.test(value);
  if (!isJsonObject(value)) return value === true;
  const filled = Object.entries(value).filter(([, one]) => one !== null && one !== "");
  // A status that means that there is no error.
  const says = filled.filter(([key]) => key !== "__typename");
  return (
    says.length > 0 &&
    !says.every(([key, one]) => /code|status|type|kind/i.test(key) && NO_ERROR.test(String(one)))
  );
}

/**
 * Whether a mutation's name contains the word of a value or flag: `setFailed` asks for `FAILED`, `rejectOffer` for
 * `rejected`.
 */
export function isNamedIn(word: string, mutation: string): boolean {
  const letters = word
    .toLowerCase()
    .replaceAll(/[^a-z]/g, "")
    .replace(/(?:ed|e)$/, "");
  const name = mutation.toLowerCase();
  return letters.length > 2 && (name.includes(letters) || name.includes(letters.replace(/i$/, "y")));
}

/** Whether a value is nothing: null, an empty text, zero, or a list or object of nothing. */
function isNothing(value: Json): boolean {
  if (Array.isArray(value)) return value.every(isNothing);
  return value === null || value === "" || value === false || (isNumber(value) && Number(value) === 0);
}

/** Whether every field of an object but some is nothing. */
export const hasNothingBut = (
  value: JsonObject,
  parent: SelectedField,
  isLeftOut: (name: string) => boolean,
): boolean =>
  Object.keys(value).every((key) => {
    const name = parent.fields.get(key)?.name ?? key;
    return (
      name === "__typename" || name === "clientMutationId" || isLeftOut(name) || isNothing(value[key] ?? null)
    );
  });
