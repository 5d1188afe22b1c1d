import { datesIn } from "./points-in-time.ts";

/** A day of a text, and the words before it. */
export interface DayOfYear {
  /** `12-31`. */
  value: string;
  label: string;
}

/** The days of a text, with or without their years: `2031-05-03`, `3 May 2031`, `3 May`, `May 3rd`. */
export const daysOfYearIn = (text: string): DayOfYear[] =>
  datesIn(text).map(({ value, label }) => ({ value: value.slice(-5), label }));

/** Days of a year from the first to the last, `12-10` to `12-15`; the last may be of the next year. */
export interface DayRange {
  first: string;
  last: string;
}

const RANGE =
  /\b(?:between|from)\s+(?:the )?((?:\d{1,2}(?:st|nd|rd|th|\.)?)(?: (?:of )?[a-z]{3,9})?|[a-z]{3,9} \d{1,2})\s+(?:and|to|until)\s+(?:the )?(\d{1,2}(?:st|nd|rd|th|\.)? (?:of )?[a-z]{3,9}|[a-z]{3,9} \d{1,2})\b/i;
const MONTH_NAME = /[a-z]{3,9}$/i;
/** A whole month, the day of which is left open: `in June 2027`. */
const MONTH = /\b(?:in|during)\s+([a-z]{3,9})\b(?!\s+\d{1,2}(?!\d))/gi;

/** The months of a text of which it wants any day: `06` of `in June 2027`. */
export const monthsIn = (text: string): { value: string; text: string }[] =>
  Array.from(text.matchAll(MONTH)).flatMap(([said, name = ""]) =>
    daysOfYearIn(`1 ${name}`).map(({ value }) => ({ value: value.slice(0, 2), text: said })),
  );

/**
 * The days between which a text wants something: `between 10 and 15 December`, `from 28 December to 3 January`, `in the course in
 * June`.
 */
export function dayRangeIn(text: string): DayRange | undefined {
  const [, first = "", last = ""] = RANGE.exec(text) ?? [];
  if (last === "") {
    const [month, ...others] = monthsIn(text);
    return month === undefined || others.length > 0
      ? undefined
      : { first: `${month.value}-01`, last: `${month.value}-31` };
  }
  const month = MONTH_NAME.exec(last)?.[0] ?? "";
  const from = daysOfYearIn(/[a-z]{3}/i.test(first) ? first : `${first} ${month}`)[0]?.value;
  const to = daysOfYearIn(last)[0]?.value;
  return from === undefined || to === undefined ? undefined : { first: from, last: to };
}

export const isWithin = (day: string, { first, last }: DayRange): boolean =>
  first <= last ? day >= first && day <= last : day >= first || day <= last;
