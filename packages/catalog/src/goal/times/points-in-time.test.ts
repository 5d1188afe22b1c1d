import fc from "fast-check";
import { expect, test } from "vitest";
import {
  anyYearOf,
  datesIn,
  isWithoutYear,
  monthNumber,
  relativeDaysIn,
  timesIn,
  withoutTimes,
  withYear,
} from "./points-in-time.ts";

test.each([
  ["due on 2031-05-03", ["2031-05-03"]],
  ["from 3 May 2031 to 5th of June 2031", ["2031-05-03", "2031-06-05"]],
  ["on Sept. 9, 2031", ["2031-09-09"]],
  ["on Sep 9, 2031 and September 10 2031", ["2031-09-09", "2031-09-10"]],
  ["on 2031-13-45", []],
  ["on 31 February 2031 or 29 Feb 2030", []],
  ["on 29 Feb 2028", ["2028-02-29"]],
])("%s has the dates %j", (text, dates) => {
  expect(datesIn(text).map(({ value }) => value)).toEqual(dates);
});

test.each([
  ["at 14:30", ["14:30"]],
  ["from 9 am to 12:15 pm", ["09:00", "12:15"]],
  ["at 12am", ["00:00"]],
  ["for 14.30 EUR", []],
  ["for 3 nights", []],
])("%s has the times %j", (text, times) => {
  expect(timesIn(text).map(({ value }) => value)).toEqual(times);
});

test("a day relative to the day of the session is returned in the words of the goal", () => {
  expect(relativeDaysIn("Book it for next Friday, or on Monday; not tomorrow")).toEqual([
    "next Friday",
    "on Monday",
    "tomorrow",
  ]);
});

test("numbers of dates and times are left out of the rest", () => {
  expect(withoutTimes("Book 2 seats at 14:30 on 2031-05-03").replaceAll(/\s+/g, " ").trim()).toBe(
    "Book 2 seats at on",
  );
});

test("every written time of day is read", () => {
  fc.assert(
    fc.property(fc.nat({ max: 23 }), fc.nat({ max: 59 }), (hour, minute) => {
      const written = `${hour}:${String(minute).padStart(2, "0")}`;
      expect(timesIn(`at ${written}`)[0]?.value).toBe(written.padStart(5, "0"));
    }),
  );
});

test.each([
  ["on 21 December", ["--12-21"]],
  ["on the 3rd of May and on June 4th", ["--05-03", "--06-04"]],
  ["on 3 May 2031", ["2031-05-03"]],
  ["2 may be taken, 3 decks, 4 octaves, 1 Mar-a", []],
  ["on 31 February", []],
  ["on 29 February", ["--02-29"]],
])("%s has the days %j, with or without a year", (text, values) => {
  expect(datesIn(text).map(({ value }) => value)).toEqual(values);
});

test("a day without a year is that of a shown date, else the next such day", () => {
  expect(withYear("--12-21", 'day: "2025-12-21"', "Saturday, 2026-11-28")).toBe("2025-12-21");
  expect(withYear("--12-21", "", "Saturday, 2026-11-28")).toBe("2026-12-21");
  expect(withYear("--02-01T10:00:00Z", "", "Saturday, 2026-11-28")).toBe("2027-02-01T10:00:00Z");
  expect(withYear("--11-28", "", "Saturday, 2026-11-28")).toBe("2026-11-28");
});

test("a check takes a day without a year in any year", () => {
  expect(isWithoutYear("--12-21")).toBe(true);
  expect(isWithoutYear("2026-12-21")).toBe(false);
  expect("2026-12-21T10:00:00Z").toMatch(new RegExp(anyYearOf("--12-21")));
  expect("2026-12-22").not.toMatch(new RegExp(anyYearOf("--12-21")));
});

test.each([
  ["from 1 to 4 August 2027", ["2027-08-01", "2027-08-04"]],
  ["between the 3rd and the 9th of May", ["--05-03", "--05-09"]],
  ["12–14 May 2030", ["2030-05-12", "2030-05-14"]],
  ["from 28 August to 3 September 2027", ["2027-08-28", "2027-09-03"]],
  ["from 28 December until 3 January 2028", ["2027-12-28", "2028-01-03"]],
  ["on 28 August and pay on 3 September 2027", ["--08-28", "2027-09-03"]],
  ["2 to 4 people on 5 May 2030", ["2030-05-05"]],
  ["pages 3 to 4", []],
])("the days of a range: %s", (text, days) => {
  expect(datesIn(text).map(({ value }) => value)).toEqual(days);
});

test("a day is cut where it stands, and not where its digits stand before", () => {
  expect(withoutTimes("order C-1001 from 1 to 4 August 2027").replaceAll(/ +/g, " ")).toBe(
    "order C-1001 from to ",
  );
});

const MONTHS = "January,February,March,April,May,June,July,August,September,October,November,December".split(
  ",",
);

test.each(MONTHS.map((name, index) => [name, String(index + 1).padStart(2, "0")] as const))(
  "%s is the month %s, and so are its first three letters",
  (name, number) => {
    for (const month of [name, name.slice(0, 3), `${name.slice(0, 3)}.`, name.toUpperCase()]) {
      expect(datesIn(`on 7 ${month} 2031`)).toMatchObject([{ value: `2031-${number}-07` }]);
      expect(datesIn(`on ${month} 7, 2031`)).toMatchObject([{ value: `2031-${number}-07` }]);
      expect(datesIn(`on 7th of ${month}`)).toMatchObject([{ value: `--${number}-07` }]);
    }
    expect(datesIn(`on 7 ${name}x`)).toEqual([]);
    expect(monthNumber(name.toLowerCase())).toBe(Number(number));
  },
);

test.each<[text: string, values: string[]]>([
  ["2031-05-03", ["2031-05-03"]],
  ["12031-05-03", []],
  ["2031-05-031", []],
  ["2031-5-03", []],
  ["2031-02-30", []],
  ["2031-13-01", []],
  ["3 May 2031", ["2031-05-03"]],
  ["03 May, 2031", ["2031-05-03"]],
  ["1st May 2031", ["2031-05-01"]],
  ["2nd of May 2031", ["2031-05-02"]],
  ["3rd May 2031", ["2031-05-03"]],
  ["Sept 4th 2031", ["2031-09-04"]],
  ["Sept. 4 2031", ["2031-09-04"]],
  ["31 February 2031", []],
  ["31 June", []],
  ["29 February", ["--02-29"]],
  ["113 May 2031", []],
  ["3. May", ["--05-03"]],
  ["May the 3rd", ["--05-03"]],
  ["May 3.", ["--05-03"]],
  ["may 3", []],
  ["3 may", []],
  ["3 may 2031", ["2031-05-03"]],
  ["May 3-day", []],
  ["May 3rds", []],
  ["May 3:30", []],
  ["May 3.30", []],
  ["June 3.30", []],
  ["-3 June", []],
  ["2031-12-3 June", []],
  ["x-3 June", []],
  ["2-3 June", ["--06-02", "--06-03"]],
  ["from 1 to 4 August", ["--08-01", "--08-04"]],
  ["from 1 to the 4 August", ["--08-01", "--08-04"]],
  ["1st till 4th August", ["--08-01", "--08-04"]],
  ["1. until 4. August", ["--08-01", "--08-04"]],
  ["1 and 4 August", ["--08-01", "--08-04"]],
  ["1 through 4 August", ["--08-01", "--08-04"]],
  ["1.-4. August", ["--08-01", "--08-04"]],
  ["1 – 4 August", ["--08-01", "--08-04"]],
  ["1–4 August 2031", ["2031-08-01", "2031-08-04"]],
  ["1 or 4 August", ["--08-04"]],
  ["40 to 4 August", ["--08-04"]],
  ["2 to 3 of them", []],
  ["3 May to 5 May 2031", ["2031-05-03", "2031-05-05"]],
  ["3 May to the 5 May 2031", ["2031-05-03", "2031-05-05"]],
  ["3 May. to 5 May 2031", ["2031-05-03", "2031-05-05"]],
  ["28 December to 3 January 2028", ["2027-12-28", "2028-01-03"]],
  ["28 December – 3 January 2028", ["2027-12-28", "2028-01-03"]],
  ["3 May or 5 May 2031", ["--05-03", "2031-05-05"]],
  ["5 May 2031 to 3 June", ["2031-05-05", "--06-03"]],
])("%s has the days %j", (text, values) => {
  expect(datesIn(text).map(({ value }) => value)).toEqual(values);
});

test.each<[text: string, values: string[]]>([
  ["14:30", ["14:30"]],
  ["at 4:05", ["04:05"]],
  ["00:00", ["00:00"]],
  ["23:59", ["23:59"]],
  ["24:00", []],
  ["14:60", []],
  ["14:30:59", ["14:30"]],
  ["14.30", []],
  ["2.30 pm", ["14:30"]],
  ["2:30pm", ["14:30"]],
  ["2:30 p.m.", ["14:30"]],
  ["2:30 AM", ["02:30"]],
  ["12:30 am", ["00:30"]],
  ["12:30 pm", ["12:30"]],
  ["2 pm", ["14:00"]],
  ["2pm", ["14:00"]],
  ["02 a.m.", ["02:00"]],
  ["12 am", ["00:00"]],
  ["13 pm", []],
  ["2 pmx", []],
  ["2 am sure", ["02:00"]],
  ["14", []],
  ["x14:30", []],
  ["from 9:00 to 10 pm", ["09:00", "22:00"]],
])("%s has the times %j", (text, values) => {
  const found = timesIn(text).map(({ value }) => value);
  expect(found).toEqual(values);
});

test.each<[text: string, days: string[]]>([
  ["on Monday", ["on Monday"]],
  ["by next Tuesday", ["by next Tuesday"]],
  ["until wednesday", ["until wednesday"]],
  ["till Thursday", ["till Thursday"]],
  ["before Friday", ["before Friday"]],
  ["after this Saturday", ["after this Saturday"]],
  ["from Sunday", ["from Sunday"]],
  ["every Sunday", ["every Sunday"]],
  ["on Mondays", ["on Mondays"]],
  ["at Monday", ["Monday"]],
  ["today and tonight", ["today", "tonight"]],
  ["by tomorrow", ["by tomorrow"]],
  ["this week", ["this week"]],
  ["next week", ["next week"]],
  ["this weekend", ["this weekend"]],
  ["next month", ["next month"]],
  ["next year", ["next year"]],
  ["this morning", ["this morning"]],
  ["this evening", ["this evening"]],
  ["this afternoon", ["this afternoon"]],
  ["the week", []],
  ["last week", []],
  ["Mondayish", []],
  ["a month", []],
])("%s depends on today by %j", (text, days) => {
  expect(relativeDaysIn(text)).toEqual(days);
});

test("a point in time has the words before it, and is as it is written", () => {
  expect(datesIn("please move all of the visits to 3 May 2031 at once")).toEqual([
    { value: "2031-05-03", text: "3 May 2031", label: "the visits to" },
  ]);
  expect(timesIn("move it  to 2 pm")).toEqual([{ value: "14:00", text: "2 pm", label: "move it to" }]);
  expect(datesIn("1st to 4 August")).toEqual([
    { value: "--08-01", text: "1st", label: "" },
    { value: "--08-04", text: "4 August", label: "1st to" },
  ]);
});

test.each([
  ["--05-03", "", undefined, "2031-05-03"],
  ["--05-03", "", "2026-05-03", "2026-05-03"],
  ["--05-03", "", "2026-05-04", "2027-05-03"],
  ["--05-03", "", "it is 2026-05-02 today", "2026-05-03"],
  ["--05-03T10:00", "", "2026-11-28", "2027-05-03T10:00"],
  ["--05-03", "on 2019-05-03 and 2020-05-03", "2026-11-28", "2019-05-03"],
  ["--05-03T10:00", "2019-05-03T08:00", "2026-11-28", "2019-05-03T10:00"],
  ["--05-03", "12019-05-03 2019-05-031", "2026-11-28", "2027-05-03"],
])("%s beside %j on %j is %s", (value, shown, today, day) => {
  expect(withYear(value, shown, today)).toBe(day);
});

test.each([
  ["--05-03", true],
  ["--05-03T10:00", true],
  ["2031-05-03", false],
  ["--05-033", false],
  ["x--05-03", false],
  [5, false],
])("%j has no year: %j", (value, expected) => {
  expect(isWithoutYear(value)).toBe(expected);
});

test.each([
  ["stay 2 nights from 3 May 2031 at 14:30 for 2", "stay 2 nights from   at   for 2"],
  ["from 1 to 4 August", "from   to  "],
  ["stay", "stay"],
])("%s without its times is %j", (text, rest) => {
  expect(withoutTimes(text)).toBe(rest);
});

test.each([
  ["Move hearing K 240/26 to 16 December 2026", ["2026-12-16"]],
  ["Move K 26 to 16 December 2026", ["2026-12-16"]],
  ["from 12 to 14 May 2027", ["2027-05-12", "2027-05-14"]],
])("a number before a day is the first of several only where they run forwards: %s", (text, days) => {
  expect(datesIn(text).map(({ value }) => value)).toEqual(days);
});
