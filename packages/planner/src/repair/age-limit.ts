import type { Field } from "@ape/catalog/operations/field";

/** The ages that a refusal allows, in years, both included. */
export interface AgeLimit {
  least: number | undefined;
  most: number | undefined;
}

const YEARS = "(\\d{1,3})";
const OLD = /\b(?:years?|age|aged|old|older|young|younger|born|birth\w*|adults?)\b/i;
const NOT_OLDER = new RegExp(
  `\\b(?:not?|never) (?:be )?older than ${YEARS}|\\b(?:at most|up to|maximum(?: age)?(?: of| is)?:?) ${YEARS}`,
  "i",
);
const NOT_YOUNGER = new RegExp(
  `\\b(?:not?|never) (?:be )?younger than ${YEARS}|\\b(?:at least|minimum(?: age)?(?: of| is)?:?) ${YEARS}|\\b${YEARS}(?: years)?(?: of age)? (?:or|and) (?:older|over|above)`,
  "i",
);
const OLDER = new RegExp(`\\b(?:older than|over|above|more than) (?:the age of )?${YEARS}`, "i");
const YOUNGER = new RegExp(`\\b(?:younger than|under|below|less than) (?:the age of )?${YEARS}`, "i");
const BETWEEN = new RegExp(`\\b(?:between|from|aged) ${YEARS} (?:and|to) ${YEARS}`, "i");

const first = (match: RegExpExecArray | null): number | undefined => {
  const found = match?.slice(1).find((group) => group !== undefined);
  return found === undefined ? undefined : Number(found);
};
const beyond = (age: number | undefined, by: number): number | undefined =>
  age === undefined ? undefined : age + by;

/** The ages that a text allows: `must be older than 50 years`, `18 or older`; undefined if it speaks of none. */
export function ageLimitIn(text: string): AgeLimit | undefined {
  if (!OLD.test(text)) return undefined;
  const [, low, high] = BETWEEN.exec(text) ?? [];
  if (low !== undefined && high !== undefined) return { least: Number(low), most: Number(high) };
  const most = first(NOT_OLDER.exec(text));
  const least = first(NOT_YOUNGER.exec(text));
  const limit = {
    least: least ?? (most === undefined ? beyond(first(OLDER.exec(text)), 1) : undefined),
    most: most ?? (least === undefined ? beyond(first(YOUNGER.exec(text)), -1) : undefined),
  };
  return limit.least === undefined && limit.most === undefined ? undefined : limit;
}

/** Whether a field holds a day of birth. */
export const isBirthday = ({ words, format, type }: Field): boolean =>
  /\b(?:birth|born|birthday|dob)\b/.test(words) && type === "string" && format !== "time";

/** Whether a field holds an age in years. */
export const isAge = ({ words, type }: Field): boolean =>
  /\bage\b/.test(words) && /^(?:integer|number)$/.test(type);

/** A day of birth within a limit, on the same day of the year as one before; `today` as views write it, `Saturday, 2026-11-28`. */
export function birthdayWithin(
  { least, most }: AgeLimit,
  sent: string,
  today: string | undefined,
): string | undefined {
  const year = Number(/(\d{4})-\d\d-\d\d/.exec(today ?? "")?.[1] ?? Number.NaN);
  const behind = /^\d{4}(-\d\d-\d\d.*)$/.exec(sent)?.[1];
  if (Number.isNaN(year) || behind === undefined) return undefined;
  const age =
    least !== undefined && most !== undefined
      ? Math.floor((least + most) / 2)
      : least === undefined
        ? Math.max(0, (most ?? 0) - 1)
        : least + 1;
  return `${year - age}${behind}`;
}
