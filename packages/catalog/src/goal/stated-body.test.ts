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

test.each(
  "second minute hour day night week month year dollar euro pound cent metre meter litre liter gram kilo".split(
    " ",
  ),
)("a number of one %s or of several is of no member that is called so", (unit) => {
  expect(bodyOf(`Book a stay with 1 ${unit}`)).toEqual({});
  expect(bodyOf(`Book a stay with 2 ${unit}s`)).toEqual({});
  expect(bodyOf(`Book a stay with 2 ${unit}ships`)).toEqual({ [`${unit}ships`]: 2 });
});

test.each([
  ["Create a boat labelled with care", {}],
  ['Create a boat labelled "Ada"', { name: "Ada" }],
  ['Create a boat labeled "Ada"', { name: "Ada" }],
  ['Create a boat entitled "Ada"', { title: "Ada" }],
  ['Create a boat with the title "Ada"', { title: "Ada" }],
  ['Create a boat with the name: "Ada"', { name: "Ada" }],
  ['Create a boat named "Ada"', { name: "Ada" }],
  ['Create a boat of the nickname "Ada"', { nickname: "Ada" }],
  ['Create a card that says "Ada"', { message: "Ada" }],
  ['Create a card that reads: "Ada"', { message: "Ada" }],
  ['Create a card reading "Ada"', { message: "Ada" }],
  ['Create a card "Ada" "Eva"', { name: "Ada" }],
  ['Create a card with the text of "Ada"', { text: "Ada" }],
  ['Create a card with the text as "Ada"', { text: "Ada" }],
  ['Create a card with the text is "Ada"', { text: "Ada" }],
  ['Create a card with the text to "Ada"', { text: "Ada" }],
  ['Create a card with "Ada"', { name: "Ada" }],
  ['Create "Ada"', { name: "Ada" }],
])("%s: a text goes by the word before it: %j", (goal, body) => {
  expect(bodyOf(goal)).toEqual(body);
});

test.each([
  ["Create a trip with the level 5", { level: 5 }],
  ["Create a trip with level 5.5", { level: 5.5 }],
  ["Create a trip with a level of -5", { level: -5 }],
  ["Create a trip and level = 5", { level: 5 }],
  ["Create a trip with level: 5", { level: 5 }],
  ["Create a trip with the level is 5", { level: 5 }],
  ["Create a trip with the level to 5", { level: 5 }],
  ["Create a trip with the level as 5", { level: 5 }],
  ["Create a trip with the level at 5", { level: 5 }],
  ["Create a trip with the water level 5", { level: 5 }],
  ["Create a trip, its level 5", { level: 5 }],
  ["Create a trip of level 5", { level: 5 }],
  ["Create a trip with an area Basel", { area: "Basel" }],
  ["Create a trip with area basel", {}],
  ["Create a trip for level 5", {}],
  ["Create a trip 5", {}],
  ["Create a trip with -3 mites and 4.5 eggs of 2 hens", { mites: -3, eggs: 4.5, hens: 2 }],
  ["Create a trip with 3 trips", {}],
  ["Create a trip for 3 mites", {}],
  ["Change their location to roof", { location: "roof" }],
  ["Change his location as roof", { location: "roof" }],
  ["Change her location = roof", { location: "roof" }],
  ["Change our water level to 5.", { level: 5 }],
  ["Change my location to an old roof;", { location: "old roof" }],
  ["Change the level of a boat to the roof 5", { level: "roof 5" }],
  ["Change the level of this boat-house to R_5-b", { level: "R_5-b" }],
  ["Change a level to 5", {}],
  ["Find its location to roof", {}],
  ["Relabel it as Spring", { label: "Spring" }],
  ["Rename it for Spring", {}],
  ["Move it to Spring", {}],
])("%s: values by the nouns that they are of: %j", (goal, body) => {
  expect(bodyOf(goal)).toEqual(body);
});

test("a column is sent that the goal names by a word of its own, not by a meaning alone", () => {
  expect(bodyOf("Create a trip for the client", { customer: "C1", clientName: "C2" })).toEqual({
    clientName: "C2",
  });
  expect(bodyOf("Create a berth with the berth B1 and note 5", { berth: "B7", note: "7" })).toEqual({
    note: 5,
    berth: "B7",
  });
});
