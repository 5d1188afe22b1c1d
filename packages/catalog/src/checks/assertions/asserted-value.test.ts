import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { catalogOf } from "../../operations/shared-catalog.ts";
import { assertedIn, assertionOf, makesAssertion } from "./asserted-value.ts";

const [trip] = catalogOf([
  apiOf(
    "rest",
    "GET /trips/{id} | Get a trip |  | id# purpose days# paid? status=approved,underway,called_off",
  ),
]).operations;

test.each([
  ["Check that it is underway.", { status: "underway" }],
  ["verify that trip 203 is called off", { status: "called_off" }],
  ["Make sure the trip is not underway", { status: { ne: "underway" } }],
  ["check that its status is called off", { status: "called_off" }],
  ["check that its purpose is Swap filter", { purpose: "Swap filter" }],
  ['check that its purpose is "Swap filter".', { purpose: "Swap filter" }],
  ["ensure that the days of it are 3", { days: 3 }],
  ["check that it is lovely", {}],
  ["check that its colour is red", {}],
])("what a clause asserts is compared by values and states that the document knows: %s", (said, expected) => {
  const found = assertedIn(trip?.answers ?? [], [{ said }]);
  expect(Object.fromEntries([...found].map(([{ leaf }, value]) => [leaf, value]))).toEqual(expected);
});

test("only a statement is asserted", () => {
  expect(assertionOf({ said: "check that it is underway" })).toEqual({
    subject: "it",
    negated: false,
    value: "underway",
  });
  for (const said of [
    "check the trip",
    "check out",
    "see the trip that is underway",
    "confirm it",
    "see whether it is paid",
  ])
    expect(makesAssertion({ said })).toBe(false);
});
