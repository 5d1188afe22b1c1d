import { clausesOf } from "@ape/catalog/goal/clause";
import { expect, test } from "vitest";
import { placeOf } from "./stated-place.ts";

test.each([
  ["Add boat K-4 to the regatta Spring cup", "Spring|Spring cup"],
  ["Add boat K-4 to Spring cup", "Spring|Spring cup"],
  ["Add a boat to the regatta Spring cup", "Spring|Spring cup"],
  ["Remove boat K-4 from Spring cup", "Spring|Spring cup"],
  ["Remove boat K-4", ""],
  ['Add the note "Dry" to boat K-4', "K-4|K-4"],
  ["Paint boat K-4 for Spring cup", ""],
])("the thing that something is added to or taken from: %s", (goal, expected) => {
  const [clause] = clausesOf(goal, new Set());
  const place = clause && placeOf(clause);
  expect(place === undefined ? "" : `${place.text}|${place.whole}`).toBe(expected);
});
