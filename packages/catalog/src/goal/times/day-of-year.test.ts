import { expect, test } from "vitest";
import { daysOfYearIn } from "./day-of-year.ts";

test.each([
  ["my outing on 12 December", ["12-12"]],
  ["on the 3rd of May and on June 4th", ["05-03", "06-04"]],
  ["2031-05-03 at 9", ["05-03"]],
  ["Dec 5, Old Faithful", ["12-05"]],
  ["3 May 2031", ["05-03"]],
  ["5. Sept.", ["09-05"]],
  ["two marches in 12 rooms", []],
])("the days of %j are %j", (text, days) => {
  expect(daysOfYearIn(text).map(({ value }) => value)).toEqual(days);
});

test("a day has the words before it", () => {
  expect(daysOfYearIn("cancel the one on 5 May")[0]?.label).toBe("the one on");
});
