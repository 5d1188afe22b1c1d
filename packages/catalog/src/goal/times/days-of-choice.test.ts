import { expect, test } from "vitest";
import { bodyField } from "../../../test/body-field.ts";
import { firstClause } from "../../../test/first-clause.ts";
import { isAt, isDayOfThing, isTimeOfThing, pointsOfChoice } from "./days-of-choice.ts";

test.each([
  ["startDate", {}, true],
  ["day", {}, true],
  ["starts", {}, true],
  ["start", {}, true],
  ["begins", {}, true],
  ["begin", {}, true],
  ["starting", {}, true],
  ["beginning", {}, true],
  ["when", {}, true],
  ["from", {}, true],
  ["scheduled", {}, true],
  ["departure", {}, true],
  ["arrival", {}, true],
  ["opening", { format: "date" }, true],
  ["opening", { format: "date-time" }, true],
  ["opening", { format: "uuid" }, false],
  ["startDate", { format: "uuid" }, false],
  ["opening", {}, false],
  ["today", {}, false],
  ["started", {}, false],
  ["day", { type: "boolean" }, false],
  ["day", { enum: ["mon", "tue"] }, false],
])("%s %j says on which day something is: %j", (leaf, more, expected) => {
  expect(isDayOfThing(bodyField(leaf, more))).toBe(expected);
});

test.each([
  "createdDate",
  "date_updated",
  "changedOn",
  "modifiedAt",
  "deletedAt",
  "addedOn",
  "registeredAt",
  "joinedOn",
  "bornOn",
  "birth",
  "birthday",
  "memberSince",
])("%s is a day of a record, and tells nothing of what takes place", (leaf) => {
  expect(isDayOfThing(bodyField(leaf, { format: "date" }))).toBe(false);
  expect(isTimeOfThing(bodyField(leaf, { format: "date-time" }))).toBe(false);
});

test.each([
  ["hall", { format: "date-time" }, true],
  ["hall", { format: "time" }, true],
  ["hall", { format: "date" }, false],
  ["startTime", {}, true],
  ["hall", {}, false],
])("%s %j says at what time something is: %j", (leaf, more, expected) => {
  expect(isTimeOfThing(bodyField(leaf, more))).toBe(expected);
});

const pointsOf = (goal: string, ...given: (string | number)[]): string[] => {
  const { days, times } = pointsOfChoice(firstClause(goal), given);
  return [...days, ...times].map(({ value }) => value);
};

test.each<[goal: string, points: string[]]>([
  ["Cancel the tour on 2030-05-04", ["2030-05-04"]],
  ["Cancel the tour of 2030-05-04 at 18:30", ["2030-05-04", "18:30"]],
  ["Cancel the tour before 2030-05-04", []],
  ["Cancel the tour before the 4 May 2030", []],
  ["Cancel the tour after 2030-05-04", []],
  ["Cancel the tour until 2030-05-04", []],
  ["Cancel the tour till 18:30", []],
  ["Cancel the tour by 2030-05-04", []],
  ["Cancel the tour since 2030-05-04", []],
  ["Cancel the tour between 2030-05-04 and 2030-05-06", []],
  ["Cancel the tour from 2030-05-04 to 2030-05-06", []],
  ["Cancel the tour from 2030-05-04 through 2030-05-06", []],
  ["Cancel the tour earlier than 2030-05-04", []],
  ["Move the tour to 2030-05-04", ["2030-05-04"]],
  ["Move the tour to the 4 May 2030", ["2030-05-04"]],
  ["Move the tour of 2030-05-04 to 2030-05-06", ["2030-05-04", "2030-05-06"]],
])("%s tells what it chooses by %j", (goal, points) => {
  expect(pointsOf(goal)).toEqual(points);
});

test("what an input takes tells nothing apart any more, within a text as well", () => {
  const goal = "Cancel the tour on 2030-05-04 at 18:30";
  expect(pointsOf(goal, 5, "2030-05-04")).toEqual(["18:30"]);
  expect(pointsOf(goal, "2030-05-04T18:30:00Z", "lamp")).toEqual([]);
});

const point = (value: string) => ({ value, text: value, label: "", at: 0 });

test.each([
  ["2030-05-04", "2030-05-04", true],
  ["2030-05-04T18:30", "2030-05-04", true],
  ["on 2030-05-04", "2030-05-04", false],
  ["2030-05-05", "2030-05-04", false],
  [20_300_504, "2030-05-04", false],
  [null, "2030-05-04", false],
  ["2030-05-04", "--05-04", true],
  ["2031-05-04T10:00", "--05-04", true],
  ["2030-05-041", "--05-04", false],
  ["at 2030-05-04", "--05-04", false],
  ["203-05-04", "--05-04", false],
  ["18:30", "18:30", true],
  ["2030-05-04T18:30:00Z", "18:30", true],
  ["2030-05-04 18:30", "18:30", true],
  ["18:301", "18:30", false],
  ["118:30", "18:30", false],
  ["9:05", "09:05", true],
  ["09:05", "09:05", true],
  ["2030-05-04T09:05", "09:05", true],
  ["19:05", "09:05", false],
  ["10:05", "10:05", true],
  ["1:5", "10:05", false],
])("%j is at %s: %j", (value, at, expected) => {
  expect(isAt(value, point(at))).toBe(expected);
});
