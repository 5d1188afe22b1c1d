import { expect, test } from "vitest";
import { firstClause } from "../../test/first-clause.ts";
import { statedBody } from "./stated-body.ts";

const bodyOf = (goal: string, columns: Record<string, string> = {}) =>
  statedBody(firstClause(goal), new Map(Object.entries(columns)));

test.each([
  ['Create an alert with the message "Fog"', { message: "Fog" }],
  ['Send a letter saying "Hello" to the editor', { message: "Hello" }],
  ['Create a boat called "Ada" and the colour "red"', { name: "Ada", colour: "red" }],
  ['Create a book titled "Dune"', { title: "Dune" }],
  ['Create a boat "Ada"', { name: "Ada" }],
  ["Create a trip with a limit of 7", { limit: 7 }],
  ["Create a trip with a port of Basel", { port: "Basel" }],
  ["Create a trip", {}],
])("%s", (goal, body) => {
  expect(bodyOf(goal)).toEqual(body);
});

test("columns that the goal names are sent", () => {
  expect(bodyOf("Create a trip for the berth", { berth: "B7", note: "late" })).toEqual({ berth: "B7" });
});

test.each([
  ["Record an inspection with 3 mites", { mites: 3 }],
  ["File a report with 2 photos and 40 pages", { photos: 2, pages: 40 }],
  ["Book a stay with 3 nights", {}],
  ["Rename it to Alder", { name: "Alder" }],
  ["Retitle it to Spring cleaning", { title: "Spring cleaning" }],
  ["Change its location to cellar", { location: "cellar" }],
  ["Set the capacity of the hall to 40", { capacity: 40 }],
  ["Change the colour of a boat to the red", { colour: "red" }],
])("%s: counts, new names and new values", (goal, body) => {
  expect(bodyOf(goal)).toEqual(body);
});
