import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { OperationCatalog } from "../../operations/operation-catalog.ts";
import { clausesOf } from "../clause.ts";
import { isChosenWord, isKindFor, kindUsed, plainNameOf, plainThingsBeside } from "./plain-name.ts";

const CATALOG = new OperationCatalog([
  apiOf(
    "rest",
    "GET /tools | List tools | | id label size=small,tiny",
    "POST /loans/{loanId}/return | Return a tool",
    "POST /loans | Borrow a tool | toolId!",
    "PATCH /tools/{toolId} | Change a tool | note",
    "GET /vessels | List vessels | | id",
    "GET /instruments | List instruments | | id",
  ),
]);

const clauseOfGoal = (goal: string) => {
  const [clause] = clausesOf(goal, CATALOG.verbs);
  if (clause === undefined) throw new Error(`no clause in ${goal}`);
  return clause;
};

test.each([
  ["Return the tile cutter.", "tile cutter", false],
  ["Please also return our tile cutter that leaks.", "tile cutter", false],
  ["Give back the tile cutter.", "tile cutter", false],
  ["Give back the cutter of the shop.", "shop", true],
  ["Call off the repair of my tile cutter.", "tile cutter", true],
  ['Set the note of the tile cutter to "x".', "tile cutter", true],
  ['Set the cutter to "x".', "cutter", false],
])("%s: it is called %s", (goal, text, of) => {
  const clause = clauseOfGoal(goal);
  expect(plainNameOf(clause, CATALOG)).toEqual({ text, whole: text, nouns: [], of });
  expect(plainNameOf(clause, CATALOG)).toBe(plainNameOf(clause, CATALOG));
});

test.each([
  "Return a tile cutter.",
  "Return the tool.",
  "Return the tiny.",
  "Return the label.",
  "Return the two cutters.",
  "Return the all cutter.",
  "Return the oldest cutter.",
  'Return the tile cutter "Bosch".',
  'Set the weight of it to "x".',
  "Return it.",
])("%s: nothing has a name in small letters", (goal) => {
  expect(plainNameOf(clauseOfGoal(goal), CATALOG)).toBeUndefined();
});

test("a name in small letters is kept for each catalog", () => {
  const clause = clauseOfGoal("Return the tile cutter.");
  const cutters = new OperationCatalog([apiOf("rest", "GET /cutters | List cutters | | id")]);
  expect(plainNameOf(clause, cutters)).toBeUndefined();
  expect(plainNameOf(clause, CATALOG)?.text).toBe("tile cutter");
});

test.each([
  ["Call off the trip to the gas sensor.", ["gas sensor"]],
  ["Call off the trip to the boat.", ["boat, of a kind"]],
  ["Call off the trip to the instrument.", []],
  ["Call off the trip to the gear on the weekend.", ["gear"]],
  ["Call off the trip because of the storm.", []],
])("%s: beside it there are %j", (goal, things) => {
  const found = plainThingsBeside(clauseOfGoal(goal), CATALOG);
  expect(found.map(({ name, isKind }) => `${name.whole}${isKind ? ", of a kind" : ""}`)).toEqual(things);
  expect(found.every(({ name }) => name.of && name.text === name.whole && name.nouns.length === 0)).toBe(
    true,
  );
});

test.each([
  ["Hire a crane.", "crane"],
  ["Hire a boat.", "boat"],
  ["Plan a visit to a windmill.", "windmill"],
  ["Plan a visit to a weekend.", "visit"],
  ["Plan a visit to a tool.", "visit"],
  ["Hire a tool.", undefined],
  ["Hire a page.", undefined],
  ["Hire the crane.", undefined],
  ["Hire it.", undefined],
])("%s: any %s will do", (goal, kind) => {
  const found = kindUsed(clauseOfGoal(goal), CATALOG);
  expect(found?.whole).toBe(kind);
  expect(found?.of).toBe(kind === undefined ? undefined : true);
});

test("a sailing boat can be one of the vessels", () => {
  const name = plainNameOf(clauseOfGoal("Return the sailing boat."), CATALOG);
  if (name === undefined) throw new Error("it has no name");
  const keys = CATALOG.operations.filter((operation) => isKindFor(name, operation)).map(({ key }) => key);
  expect(keys).toEqual(["GET /vessels"]);
});

test.each([
  ["cheapest", true],
  ["same", true],
  ["sameness", false],
  ["west", false],
  ["latest", true],
])("%s chooses: %s", (word, is) => {
  expect(isChosenWord(word)).toBe(is);
});
