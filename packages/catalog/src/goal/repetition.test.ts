import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { firstClause, onlyOperation } from "../../test/first-clause.ts";
import { suggestChecks } from "../checks/suggest-checks.ts";
import { clausesOf } from "./clause.ts";
import { isAboutEach, timesOf } from "./repetition.ts";

/** How often the only operation of a line is called for a goal's only clause, without values. */
const times = (goal: string, line: string): number =>
  timesOf(firstClause(goal), onlyOperation(line), new Map());

test.each([
  ["Create two recipes", "POST /recipes | Create a recipe | title!", 2],
  ["Register 3 boats called Ada", "POST /boats | Register a boat | name!", 3],
  ["Book four seats", "POST /seats | Book a seat | row!", 4],
  ["Order two of them", "POST /orders | Order a cake | cakeId!", 2],
  ["Create a recipe for 4 servings", "POST /recipes | Create a recipe | servings#", 1],
  ["Create 500 recipes", "POST /recipes | Create a recipe | title!", 1],
  ["Delete two recipes", "DELETE /recipes/{id} | Delete a recipe", 2],
  ["Approve two recipes", "POST /recipes/{id}/approve | Approve a recipe", 2],
  ["Approve two votes", "POST /recipes/{id}/approve | Approve a recipe", 1],
  ["Reserve two seats", "POST /plays/{id}/reserve | Reserve seats for a play | seats#!", 1],
  ["Change two recipes", "PATCH /recipes/{id} | Change a recipe | title", 1],
  ["List two recipes", "GET /recipes | List recipes", 1],
])("%s by %s: %i times", (goal, line, expected) => {
  expect(times(goal, line)).toBe(expected);
});

test("a number that a call takes repeats none", () => {
  const operation = onlyOperation("POST /items | Add an item | quantity#");
  const [quantity] = operation.inputs;
  if (quantity === undefined) throw new Error("no input");
  expect(timesOf(firstClause("Add two items"), operation, new Map([[quantity, 2]]))).toBe(1);
});

test("the check counts all of them, and what is done to each of them by its id", () => {
  const api = apiOf(
    "rest",
    "POST /recipes | Create a recipe | title! | id title",
    "GET /recipes/{id} | Show a recipe | | id title",
    "DELETE /recipes/{id} | Delete a recipe",
  );
  const { checks, proof } = suggestChecks("Create two recipes and delete them", [api]);
  expect(checks.map(({ check }) => check)).toEqual([
    { action: { operation: "POST /recipes", status: "2xx", count: 2 } },
    { action: { operation: "DELETE /recipes/{id}", status: "2xx", count: 2 } },
  ]);
  expect(proof.unproven).toEqual([]);
  expect(suggestChecks("Create two recipes and print them", [api]).proof.unproven).toEqual(["print them"]);
});

test.each([
  ["delete them", true],
  ["rate both", true],
  ["delete it", false],
])("%s is about each: %s", (goal, expected) => {
  expect(clausesOf(goal, new Set()).map(isAboutEach)).toEqual([expected]);
});
