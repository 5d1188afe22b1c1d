import { escapeRegExp } from "@ape/core/lib/escape-regexp";
import { availability, type Field, isNumeric, isText } from "../../operations/field.ts";
import type { Operation } from "../../operations/operation-catalog.ts";
import { subjectOf } from "../../operations/operation-subject.ts";
import { plain } from "../../words/words.ts";
import type { Clause } from "../clause.ts";
import { withoutTimes } from "../times/points-in-time.ts";

const DENIED = /\b(?:not|no|non|without)(?: an?| any)?[ -]$/i;

/**
 * The truth of a yes-or-no field of what is made, where a word of the clause is its name: `organic` of `three rows of organic
 * leeks`, `dark time` of `in dark time`; false behind `without`.
 */
export function saidOfMade({ text, names }: Clause, field: Field, operation: Operation): boolean | undefined {
  if (field.in !== "body" || availability(field) !== undefined) return undefined;
  const { verbClass, isAction } = subjectOf(operation);
  if (verbClass !== "create" || isAction) return undefined;
  const name = plain(field.leaf).replace(/^(?:is|has|with) /, "");
  if (name.length <= 3) return undefined;
  const said = names.reduce((rest, one) => rest.replace(one.text, " "), text);
  const words = escapeRegExp(name).replaceAll(" ", "[\\s-]+");
  // The first word of a clause is its verb.
  const found = new RegExp(
    `(?<=\\S\\s+(?:non-)?)(?<![\\p{L}\\p{N}_])${words}(?![\\p{L}\\p{N}_-])`,
    "iu",
  ).exec(said);
  return found === null ? undefined : !DENIED.test(said.slice(0, found.index));
}

/** A year that stands alone behind its preposition: `from 1790`, and neither `from 1790 to 1800` nor `from 1790 grams`. */
const YEAR =
  /\b(?:from|in|since|dated|circa)(?: (?:the )?year)? ((?:1\d|20)\d\d)(?=\s*$|\s*[,;.](?!\d)|\s+(?:in|with|and|for|by|at|on|as|from|of|made|which|that)\b)/gi;

/** The years that a clause gives, without those of its dates. */
export const yearsIn = ({ text }: Pick<Clause, "text">): { year: number; said: string }[] =>
  Array.from(withoutTimes(text).matchAll(YEAR), ([said, year]) => ({ year: Number(year), said }));

/** The field for the year of what an operation writes, where there is only one. */
export function yearField({ inputs }: Operation): Field | undefined {
  const [only, ...others] = inputs.filter(
    (field) =>
      field.in === "body" &&
      field.enum === undefined &&
      field.format !== "date" &&
      field.format !== "date-time" &&
      (isNumeric(field) || isText(field)) &&
      /\byear\b/.test(plain(field.leaf)),
  );
  return others.length > 0 ? undefined : only;
}
