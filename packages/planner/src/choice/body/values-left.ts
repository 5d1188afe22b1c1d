import { datesIn, relativeDaysIn, timesIn } from "@ape/catalog/goal/times/points-in-time";
import { type Field, isNumeric, isSecret, isText } from "@ape/catalog/operations/field";
import { subjectOf } from "@ape/catalog/operations/operation-subject";
import { plain } from "@ape/catalog/words/words";
import type { Plan, Step } from "../../goal/plan.ts";

/** Numbers, and texts that are quoted or written in capitals: words in small letters may say anything. */
const VALUE = /[\p{Lu}\p{N}"]|^as\s/u;

/**
 * The values of a clause that nothing takes, where its call makes something and would have to make up a field that may be one of
 * them.
 */
export function valuesLeft(
  { clause, operation }: Step,
  field: Field,
  { notUnderstood }: Pick<Plan, "notUnderstood">,
): string[] {
  if (clause === undefined || operation.login || notUnderstood.length === 0) return [];
  if (subjectOf(operation).verbClass !== "create" || !canBeStated(field)) return [];
  const said = ` ${plain(clause.said)} `;
  return notUnderstood.filter(
    (text) => VALUE.test(text) && said.includes(` ${plain(text)} `) && canHold(field, text),
  );
}

/** Whether people say the values of a field: it is no secret, and none of a form that only programs write. */
const canBeStated = (field: Field): boolean =>
  (isText(field) || isNumeric(field)) &&
  field.enum === undefined &&
  !isSecret(field) &&
  field.format !== "uuid";

function canHold(field: Field, text: string): boolean {
  if (timesIn(text).length > 0) return false;
  const isDay = datesIn(text).length > 0 || relativeDaysIn(text).length > 0;
  if (field.format !== undefined || isDay) return isDay && /^date/.test(field.format ?? "");
  const isAmount = /^\d+(?:[.,]\d+)?(?: \p{Lu}{3})?$/u.test(text);
  return isNumeric(field) ? isAmount : !isAmount || OF_NUMBER.test(field.words);
}
const OF_NUMBER = /\b(?:number|no|code|reference)\b/;
