const long = (options: Intl.DateTimeFormatOptions, days: readonly number[]): string[] => {
  const format = new Intl.DateTimeFormat("en", { ...options, timeZone: "UTC" });
  return days.map((day) => format.format(day));
};
const DAY = 86_400_000;
const MONTHS = long(
  { month: "long" },
  Array.from({ length: 12 }, (_, month) => Date.UTC(2026, month, 1)),
);
const WEEKDAYS = long(
  { weekday: "long" },
  Array.from({ length: 7 }, (_, day) => day * DAY),
);
const MONTH = `(${MONTHS.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`).join("|")}|Sept)\\.?`;
const ORDINAL = "(\\d{1,2})(?:st|nd|rd|th)?";
const DATES: readonly (readonly [RegExp, (match: RegExpMatchArray) => readonly (string | undefined)[]])[] = [
  [/\b(\d{4})-(\d\d)-(\d\d)\b/g, ([, year, month, day]) => [year, month, day]],
  [
    new RegExp(`\\b${ORDINAL} (?:of )?${MONTH},? (\\d{4})\\b`, "gi"),
    ([, day, month, year]) => [year, month, day],
  ],
  [new RegExp(`\\b${MONTH} ${ORDINAL},? (\\d{4})\\b`, "gi"), ([, month, day, year]) => [year, month, day]],
];
const TIME =
  /\b([01]?\d|2[0-3])[:.]([0-5]\d)(?::[0-5]\d)?(?: ?([ap])\.?m\b\.?)?|\b(1[0-2]|0?[1-9]) ?([ap])\.?m\b\.?/gi;
const RELATIVE = new RegExp(
  `\\b(?:(?:on|by|until|till|before|after|from|this|next|every) )*(?:${WEEKDAYS.join("|")}|today|tonight|tomorrow|(?:this|next) (?:week|weekend|month|year|morning|evening|afternoon))s?\\b`,
  "gi",
);

/** A point in time, and the words before it that say what it is for: `due on`. */
export interface StatedTime {
  /** `2031-05-03`, or `14:30`. */
  value: string;
  /** As the goal writes it. */
  text: string;
  label: string;
}

const labelBefore = (text: string, at: number): string =>
  text.slice(0, at).split(/\s+/).slice(-4).join(" ").trim();

/** The number of a month by the first three letters of its name, 1 to 12; 0 for another word. */
export const monthNumber = (word: string): number =>
  MONTHS.findIndex((name) => name.toLowerCase().startsWith(word.slice(0, 3).toLowerCase())) + 1;

/** Whether there is such a day: 31 February is none. */
function isDay(value: string): boolean {
  const time = Date.parse(value);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** The dates of a text, `2031-05-03` and `3 May 2031`, in order. */
export function datesIn(text: string): StatedTime[] {
  const found: (StatedTime & { at: number })[] = [];
  for (const [pattern, parts] of DATES)
    for (const match of text.matchAll(pattern)) {
      const [year = "", month = "", day = ""] = parts(match);
      const number = /^\d/.test(month) ? Number(month) : monthNumber(month);
      const value = `${year}-${String(number).padStart(2, "0")}-${day.padStart(2, "0")}`;
      if (!isDay(value)) continue;
      found.push({ value, text: match[0], label: labelBefore(text, match.index), at: match.index });
    }
  return found.sort((one, two) => one.at - two.at).map(({ at: _, ...date }) => date);
}

/** The times of day of a text, `14:30` and `2 pm`, as hours and minutes. A number with a point, `14.30`, is none without am or pm. */
export function timesIn(text: string): StatedTime[] {
  const found: StatedTime[] = [];
  for (const match of text.matchAll(TIME)) {
    const [written, hour, minute = "00", half, onlyHour, onlyHalf] = match;
    const part = (half ?? onlyHalf)?.toLowerCase();
    if (written.includes(".") && part === undefined) continue;
    const hours = Number(hour ?? onlyHour);
    const full = part === undefined ? hours : (hours % 12) + (part === "p" ? 12 : 0);
    found.push({
      value: `${String(full).padStart(2, "0")}:${minute}`,
      text: written,
      label: labelBefore(text, match.index),
    });
  }
  return found;
}

/** Days that depend on the day of the session: `on Friday`, `tomorrow`. Nothing here knows that day. */
export const relativeDaysIn = (text: string): string[] =>
  Array.from(text.matchAll(RELATIVE), ([written]) => written);

/** A text without its dates and times, whose numbers count nothing. */
export function withoutTimes(text: string): string {
  let rest = text;
  for (const { text: written } of [...datesIn(text), ...timesIn(text)]) rest = rest.replace(written, " ");
  return rest;
}
