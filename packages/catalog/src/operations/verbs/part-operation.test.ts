import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { firstClause } from "../../../test/first-clause.ts";
import { keysFor } from "../../../test/goal-operations.ts";
import { OperationCatalog } from "../operation-catalog.ts";
import { partOperation } from "./part-operation.ts";

const of = (...lines: string[]): OperationCatalog => new OperationCatalog([apiOf("rest", ...lines)]);

const CREWS = [
  "GET /people | List people | | [].id# [].name",
  "GET /sitevisits | List site visits | | [].id# [].purpose",
  "POST /sitevisits | Plan a site visit | purpose! | id#",
  "POST /sitevisits/{id}/call-off | Call a site visit off | reason!",
  "POST /sitevisits/{id}/members | Add a person to the crew | personId!#",
  "DELETE /sitevisits/{id}/members/{personId} | Take a person off the crew",
];
const VISITS = of(...CREWS);
const TWO = of(...CREWS, "DELETE /sitevisits/{id}/guests/{personId} | Send a guest away");

test.each([
  ["remove Ada Wyss from visit 31", "DELETE /sitevisits/{id}/members/{personId}"],
  ["take Ada Wyss off the visit for PU-04", "DELETE /sitevisits/{id}/members/{personId}"],
  ["add Piet Roos to site visit 31", "POST /sitevisits/{id}/members"],
  ["add Piet Roos to the crew of visit 31", "POST /sitevisits/{id}/members"],
])("%s: %s", (goal, key) => {
  expect(keysFor(goal, VISITS)).toEqual([key]);
});

test("where several parts can be taken out, none is by this rule", () => {
  expect(keysFor("remove Ada Wyss from visit 31", TWO)).not.toContain(
    "DELETE /sitevisits/{id}/members/{personId}",
  );
});

const TRIPS = of(
  "POST /trips/{id}/members | Add a member | personId!",
  "DELETE /trips/{id}/members/{memberId} | Take a member off",
  "POST /trips/{id}/notes | Note | text!",
  "DELETE /trips/{id}/members | Empty it",
);

test.each([
  ["Remove Ivo Lanz out of the long early trip", "DELETE /trips/{id}/members/{memberId}"],
  ["Add Ivo Lanz to the trip", "POST /trips/{id}/members"],
  ["Add Ivo Lanz to boat 3", undefined],
  ["Add Ivo Lanz", undefined],
  ["Add a person to the trip", undefined],
  ['Add "Ivo Lanz" to the trip', undefined],
  ["Show Ivo Lanz of the trip", undefined],
  ["Remove Ivo Lanz for the trip", undefined],
  ["Remove it from Ivo Lanz of the trip", undefined],
])("%s: who has a name and where it is said: %s", (goal, key) => {
  expect(partOperation(firstClause(goal), TRIPS)?.key).toBe(key);
});
