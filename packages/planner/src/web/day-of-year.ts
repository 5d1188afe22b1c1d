import { datesIn, monthNumber } from "@ape/catalog/goal/points-in-time";

const MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?";
const DAY_MONTH = new RegExp(
  `\\b(\\d{1,2})(?:st|nd|rd|th|\\.)? (?:of )?${MONTH}\\b|\\b${MONTH} (\\d{1,2})(?:st|nd|rd|th)?\\b`,
  "gi",
);

/** A day of a text, and the words before it. */
export interface DayOfYear {
  /** `12-31`. */
  value: string;
  label: string;
}

/** The days of a text, with or without their years: `2031-05-03`, `3 May 2031`, `3 May`, `May 3rd`. */
export function daysOfYearIn(text: string): DayOfYear[] {
  const days = datesIn(text).map(({ value, label }) => ({ value: value.slice(5), label }));
  for (const match of text.matchAll(DAY_MONTH)) {
    const [, day = match[4] ?? "", month = match[3] ?? ""] = match;
    const value = `${String(monthNumber(month)).padStart(2, "0")}-${day.padStart(2, "0")}`;
    if (!days.some((one) => one.value === value))
      days.push({ value, label: text.slice(0, match.index).trim() });
  }
  return days;
}
