import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { suggestChecks } from "../suggest-checks.ts";

const TRIPS = apiOf(
  "rest",
  "GET /trips/{id} | Get a trip |  | id# purpose members status=approved,called_off",
  "POST /trips/{id}/call-off | Call a trip off | reason | id# purpose status=approved,called_off",
  "GET /observers | List observers |  | [].id# [].name",
  "GET /observers/{id} | Get an observer |  | id# name",
  "DELETE /trips/{id}/members/{observerId} | Take an observer off |  | id# purpose members status=approved,called_off",
  "GET /wheels/{code} | Get a wheel |  | code sort",
  "DELETE /wheels/{code} | Discard a wheel",
);

const actions = (goal: string): unknown[] =>
  suggestChecks(goal, [TRIPS]).checks.flatMap(({ check }) => ("action" in check ? [check.action] : []));

test("the number of a thing within whose path something is removed is in the path", () => {
  expect(actions("Remove the observer Ivo Lanz from trip 206.")).toEqual([
    { operation: "DELETE /trips/206/members/{observerId}", status: "2xx" },
  ]);
  expect(actions("Remove observer 3 from trip 206.")).toEqual([
    { operation: "DELETE /trips/206/members/3", status: "2xx" },
  ]);
});

test("a code is in the path that takes the only code of such a thing", () => {
  expect(actions("Discard wheel W-102.")).toEqual([
    expect.objectContaining({ operation: "DELETE /wheels/W-102" }),
  ]);
});

test("what is read of a thing whose number is in the path is at that path", () => {
  expect(
    suggestChecks("Call off trip 203 because of fog.", [TRIPS]).checks.map(({ check }) => check),
  ).toEqual([
    {
      action: {
        operation: "POST /trips/203/call-off",
        status: "2xx",
        body: { "$.status": "called_off" },
      },
    },
    { probe: { operation: "GET /trips/203", expect: { status: 200, body: { "$.status": "called_off" } } } },
  ]);
});
