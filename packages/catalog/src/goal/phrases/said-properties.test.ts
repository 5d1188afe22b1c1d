import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { onlyOperation, valuesStated } from "../../../test/first-clause.ts";
import { suggestChecks } from "../../checks/suggest-checks.ts";

function stated(goal: string, line: string): Record<string, unknown> {
  return valuesStated(goal, onlyOperation(line));
}

const PLANTING = "POST /plantings | Record a planting | rows# organic?";
const OBJECT = "POST /pieces | Accession a piece | year# weight#";

test.each([
  ["Record a planting of 3 rows of organic leeks", PLANTING, { rows: 3, organic: true }],
  ["Record a planting of 3 rows of non-organic leeks", PLANTING, { rows: 3, organic: false }],
  ["Record a planting of 3 rows", PLANTING, { rows: 3 }],
  [
    "Draft a proposal in dark time",
    "POST /proposals | Draft a proposal | darkTime? remote?",
    { darkTime: true },
  ],
  ["Order a meal without dessert", "POST /meals | Order a meal | dessert? vegan?", { dessert: false }],
  ["Order a vegan meal", "POST /meals | Order a meal | dessert? isVegan?", { isVegan: true }],
  ["Accession a piece from 1790 in poor condition", OBJECT, { year: 1790 }],
  ["Accession a piece, dated 1790", OBJECT, { year: 1790 }],
  ["Add a film from 1999", "POST /films | Add a film | releaseYear", { releaseYear: "1999" }],
  ["Accession a piece from 1790 to 1800", OBJECT, {}],
] as const)("%s: what is said of the thing that is made", (goal, line, values) => {
  expect(stated(goal, line)).toEqual(values);
});

test("a change does not take the word by which a thing is told apart", () => {
  expect(
    stated("Rename the organic planting", "PATCH /plantings/{id} | Change a planting | name organic?"),
  ).toEqual({});
});

test("a year that no field takes is named", () => {
  const api = apiOf("rest", "POST /pieces | Accession a piece | title weight# | id#");
  expect(suggestChecks('Accession a piece titled "Sampler" from 1790', [api]).proof.unproven).toContain(
    "from 1790 (not understood)",
  );
});
