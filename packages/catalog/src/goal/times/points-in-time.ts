import { STOP } from "../../words/lexicon.ts";

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
  [/(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4})(?![\d.]*\d)/g, ([, day, month, year]) => [year, month, day]],
  // Only where one of the numbers can be no month: elsewhere `3/4/2031` is two days.
  [
    /(?<![\d/])(1[3-9]|2\d|3[01])\/(\d{1,2})\/(\d{4})(?![\d/])/g,
    ([, day, month, year]) => [year, month, day],
  ],
  [
    /(?<![\d/])(\d{1,2})\/(1[3-9]|2\d|3[01])\/(\d{4})(?![\d/])/g,
    ([, month, day, year]) => [year, month, day],
  ],
];
const NO_YEAR = "(?!-?\\p{L}|[.,]{0,2} \\d{4}\\b|[:.]\\d)";
const DAYS_OF_YEAR: typeof DATES = [
  [
    // Behind a hyphen only as the last of several: `1.-4. August`.
    new RegExp(`(?<!\\d|(?<!(?<![-\\d])\\d{1,2}\\.?)-)\\b${ORDINAL}\\.? (?:of )?${MONTH}${NO_YEAR}`, "giu"),
    ([, day, month]) => [month, day],
  ],
  [new RegExp(`\\b${MONTH} (?:the )?${ORDINAL}\\b${NO_YEAR}`, "giu"), ([, month, day]) => [month, day]],
];
/** The first day of several, which has the month of the last: `1` of `from 1 to 4 August`, `1.-4. August`. */
const FIRST_OF_RANGE = new RegExp(
  `(?<![-\\d/.:#])\\b${ORDINAL}\\.?(?: (?:to|till|until|and|through) (?:the )?| ?[-–] ?)(?=\\d)`,
  "gi",
);
const TIME =
  /\b([01]?\d|2[0-3])[:.]([0-5]\d)(?::[0-5]\d)?(?: ?([ap])\.?m\b\.?)?|\b(1[0-2]|0?[1-9]) ?([ap])\.?m\b\.?/gi;
const RELATIVE = new RegExp(
  `\\b(?:(?:on|by|until|till|before|after|from|this|next|every) )*(?:${WEEKDAYS.join("|")}|today|tonight|tomorrow|(?:this|next) (?:week|weekend|month|year|morning|evening|afternoon))s?\\b`,
  "gi",
);

/** A point in time, and the words before it that say what it is for: `due on`. */
export interface StatedTime {
  /** `2031-05-03`, without a year `--05-03` (as in ISO 8601:2000), or `14:30`. */
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

/** Whether nothing but `to` stands between one day and the place of another. */
const isRange = (text: string, { at, text: own }: { at: number; text: string }, next: number): boolean =>
  next > at && BETWEEN.test(text.slice(at + own.length, next));
const BETWEEN = /^\.?(?: (?:to|till|until|and|through) (?:the )?| ?[-–] ?)$/i;
const OPEN_END = /^(\d{1,2}(?:st|nd|rd|th)?)\.?(?: (?:to|till|until|and|through) (?:the )?| ?[-–] ?)$/i;

/** The dates of a text, `2031-05-03` and `3 May 2031`, and the days of it without a year, `3 May`, in order. */
export const datesIn = (text: string): StatedTime[] => datesAt(text).map(({ at: _, ...date }) => date);

function datesAt(text: string): (StatedTime & { at: number })[] {
  const found: (StatedTime & { at: number })[] = [];
  const add = (match: RegExpExecArray, year: string, month: string, day: string): void => {
    const number = /^\d/.test(month) ? Number(month) : monthNumber(month);
    const value = `${year}-${String(number).padStart(2, "0")}-${day.padStart(2, "0")}`;
    if (!isDay(value.replace(/^--/, "2000-"))) return;
    const written = OPEN_END.exec(match[0])?.[1] ?? match[0];
    found.push({ value, text: written, label: labelBefore(text, match.index), at: match.index });
  };
  for (const [pattern, parts] of DATES)
    for (const match of text.matchAll(pattern)) {
      const [year = "", month = "", day = ""] = parts(match);
      add(match, year, month, day);
    }
  for (const [pattern, parts] of DAYS_OF_YEAR)
    for (const match of text.matchAll(pattern)) {
      const [month = "", day = ""] = parts(match);
      // `2 may` is a word of any sentence.
      if (/\bmay\b/.test(match[0])) continue;
      add(match, "-", month, day);
    }
  for (const match of text.matchAll(FIRST_OF_RANGE)) {
    const last = found.find(({ at }) => at === match.index + match[0].length);
    const [, year = "", month = ""] = /^(-|\d{4})-(\d\d)/.exec(last?.value ?? "") ?? [];
    // `Move the visit at Quay 19 to 21 December`: the number is part of a name.
    if (isOfName(text.slice(0, match.index))) continue;
    // `Move K 26 to 16 December`: no days run backwards.
    const isBefore = Number(match[1]) < Number(/-(\d\d)$/.exec(last?.value ?? "")?.[1]);
    if (month !== "" && isBefore && !found.some(({ at }) => at === match.index))
      add(match, year, month, match[1] ?? "");
  }
  for (const first of found) {
    const last = found.find(({ at, value }) => !isWithoutYear(value) && isRange(text, first, at));
    if (last === undefined || !isWithoutYear(first.value)) continue;
    // `From 28 December to 3 January 2028` begins a year earlier.
    const year = Number(last.value.slice(0, 4)) - (first.value.slice(2) > last.value.slice(5) ? 1 : 0);
    first.value = `${year}-${first.value.slice(2)}`;
  }
  return found.sort((one, two) => one.at - two.at);
}

/** Whether a text ends with a word of a name: no first word of a sentence, and no day of the week or month. */
function isOfName(text: string): boolean {
  const word = /(?<=\S\s+)(\p{Lu}[\p{L}'’-]*)\s$/u.exec(text)?.[1]?.toLowerCase();
  return word !== undefined && !STOP.has(word) && !WEEKDAYS.includes(word) && monthNumber(word) === 0;
}

/** A day without a year, or a point in time on it. */
const WITHOUT_YEAR = /^--(\d\d-\d\d)(T.*)?$/;

/** Whether a value is a day of which the goal gives no year. */
export const isWithoutYear = (value: unknown): value is string =>
  typeof value === "string" && WITHOUT_YEAR.test(value);

/** The regular expression of the dates on a day without a year; text behind the day is open. */
export const anyYearOf = (value: string): string => `^\\d{4}${value.slice(1, 7)}`;

/** A year to come, where the day of the session is not known. */
const LATER = 2031;

/**
 * A day without a year with its year: the one of a shown date on such a day, else the next such day from a date.
 * @param shown text that may hold dates
 * @param today `2026-11-28`, also within a text
 */
export function withYear(value: string, shown: string, today = ""): string {
  const [, day = "", rest = ""] = WITHOUT_YEAR.exec(value) ?? [];
  const seen = new RegExp(`\\b\\d{4}-${day}(?!\\d)`).exec(shown)?.[0];
  if (seen !== undefined) return `${seen}${rest}`;
  const now = /\d{4}-\d\d-\d\d/.exec(today)?.[0];
  const year = now === undefined ? LATER : Number(now.slice(0, 4)) + (now.slice(5) > day ? 1 : 0);
  return `${year}-${day}${rest}`;
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
  for (const { text: written, at } of datesAt(text).toReversed())
    rest = `${rest.slice(0, at)} ${rest.slice(at + written.length)}`;
  for (const { text: written } of timesIn(rest)) rest = rest.replace(written, " ");
  return rest;
}
