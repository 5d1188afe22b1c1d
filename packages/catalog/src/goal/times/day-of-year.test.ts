import { expect, test } from "vitest";
import { dayRangeIn, daysOfYearIn, isWithin, monthsIn } from "./day-of-year.ts";

test.each([
  ["my outing on 12 December", ["12-12"]],
  ["on the 3rd of May and on June 4th", ["05-03", "06-04"]],
  ["2031-05-03 at 9", ["05-03"]],
  ["Dec 5, Old Faithful", ["12-05"]],
  ["3 May 2031", ["05-03"]],
  ["5. Sept.", ["09-05"]],
  ["Honey course, 05.06.2031, €30", ["06-05"]],
  ["on 24/12/2031 or 12/25/2031", ["12-24", "12-25"]],
  ["on 3/4/2031, version 1.2.2031.4, at 31.02.2031", []],
  ["two marches in 12 rooms", []],
])("the days of %j are %j", (text, days) => {
  expect(daysOfYearIn(text).map(({ value }) => value)).toEqual(days);
});

test("a day has the words before it", () => {
  expect(daysOfYearIn("cancel the one on 5 May")[0]?.label).toBe("the one on");
});

test.each([
  ["dates between 10 and 15 December", ["12-10", "12-15"]],
  ["between the 10th and the 15th of December", ["12-10", "12-15"]],
  ["from 28 December to 3 January", ["12-28", "01-03"]],
  ["from May 3 until May 9", ["05-03", "05-09"]],
  ["between 10 and 15 people", undefined],
  ["from 10 to 15", undefined],
  ["between Graz and Linz", undefined],
  ["the cheapest course in June 2031", ["06-01", "06-31"]],
  ["during october", ["10-01", "10-31"]],
  ["in June or in July", undefined],
  ["in March 12 people come", undefined],
  ["between 3 and 5 May, in June", ["05-03", "05-05"]],
  ["in time", undefined],
  ["from 3. May to 4. May", ["05-03", "05-04"]],
  ["from 3 to 12 of June", ["06-03", "06-12"]],
  ["from the  3 to 12 June", undefined],
  ["from 3  May to 12 June", undefined],
  ["from  3 to  12 June", ["06-03", "06-12"]],
  ["from 3 and May 12", undefined],
  ["between May 3 and 5 June", ["05-03", "06-05"]],
  ["from 12 to 30 June", ["06-12", "06-30"]],
  ["from June 13 to July 12", ["06-13", "07-12"]],
  ["from 100 to 3 June", undefined],
  ["from 3 Mayo to 4 June", undefined],
  ["from xyz 3 to 5 June", undefined],
  ["from 3 May to 5 xyz", undefined],
  ["between 10 and 15 Decembers", undefined],
  ["during  June", ["06-01", "06-31"]],
  ["In June", ["06-01", "06-31"]],
  ["in June 5", undefined],
  ["in June 123", ["06-01", "06-31"]],
  ["inside June", undefined],
  ["in ju", undefined],
  ["in jun", ["06-01", "06-31"]],
])("%s: %j", (text, range) => {
  const found = dayRangeIn(text);
  expect(found && [found.first, found.last]).toEqual(range);
});

test.each([
  ["12-10", true],
  ["12-15", true],
  ["12-09", false],
  ["12-16", false],
])("%s is within 10 to 15 December: %s", (day, within) => {
  expect(isWithin(day, { first: "12-10", last: "12-15" })).toBe(within);
});

test("a day may be the only one of a range", () => {
  const only = { first: "12-10", last: "12-10" };
  expect(["12-09", "12-10", "12-11"].map((day) => isWithin(day, only))).toEqual([false, true, false]);
});

test.each([
  ["12-31", true],
  ["12-28", true],
  ["01-03", true],
  ["01-02", true],
  ["01-04", false],
  ["12-27", false],
])("%s is within 28 December to 3 January: %s", (day, within) => {
  expect(isWithin(day, { first: "12-28", last: "01-03" })).toBe(within);
});

test.each([
  ["in June 2027", ["06"]],
  ["during June", ["06"]],
  ["in June 7", []],
  ["in June 27", []],
  ["in June 270", ["06"]],
  ["within June", []],
  ["in Junes", []],
  ["in the course of June", []],
  ["in May and in June", ["05", "06"]],
])("%s wants any day of the months %j", (text, months) => {
  expect(monthsIn(text).map(({ value }) => value)).toEqual(months);
});

test("months of which any day will do", () => {
  expect(monthsIn("in June 2031 or during march, in may 3, in a box")).toEqual([
    { value: "06", text: "in June" },
    { value: "03", text: "during march" },
  ]);
});
