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
