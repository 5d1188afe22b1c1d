import type { Clause } from "../clause.ts";

/** What a clause gives as a value, as text: quoted texts, names, dates and numbers. */
export const statedTexts = ({ quoted, names, dates, amounts }: Clause): string[] => [
  ...quoted,
  ...names.map(({ text }) => text),
  ...dates.map(({ value }) => value),
  ...amounts.map(({ value }) => String(value)),
];
