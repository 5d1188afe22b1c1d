import fc from "fast-check";
import { expect, test } from "vitest";
import {
  anyYearOf,
  datesIn,
  isWithoutYear,
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
