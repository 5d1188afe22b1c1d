import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { checkText } from "../../test/check-text.ts";
import { suggestChecks } from "./suggest-checks.ts";

const APPOINTMENTS = apiOf("rest", "GET /appointments | My appointments | | [].no [].day");
const BOOKS = apiOf(
  "rest",
  "GET /books | Books | | [].isbn [].title",
  "GET /books/{isbn} | A book | | isbn title",
);
const SHIPS = apiOf("graphql", "query ships | | | [].id [].name | ships: [Ship!]!");

test.each([
  ["Find my appointment RD5001", APPOINTMENTS, 'did GET /appointments text {"contains":"RD5001"}'],
  ['Open the book "Dune"', BOOKS, 'did GET /books text {"contains":"Dune"}'],
  ["Find the ship Gorch Fock", SHIPS, 'did query ships text {"contains":"Gorch Fock"}'],
  ["List my appointments", APPOINTMENTS, "did GET /appointments"],
  ["List the Books", BOOKS, "did GET /books"],
] as const)("%s: what was looked for by a name is in the answer", (goal, api, wanted) => {
  const { checks } = suggestChecks(goal, [api]);
  expect(checks.map(({ check }) => checkText(check))).toEqual([wanted]);
});
