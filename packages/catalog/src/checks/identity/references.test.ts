import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { suggestChecks } from "../suggest-checks.ts";

const partyWith = (...reads: string[]) =>
  apiOf(
    "rest",
    "GET /trips/{id} | Get a trip |  | id# purpose",
    "DELETE /trips/{id}/members/{observerId} | Take an observer off the party",
    ...reads,
  );
const GOAL = "Remove the observer Ivo Lanz from trip 206.";
const DELETED = { action: { operation: "DELETE /trips/206/members/{observerId}", status: "2xx" } };

test("a person whose id is in the path is shown by the read of one, else by the list", () => {
  const item = partyWith("GET /observers/{id} | Get an observer |  | id# name");
  expect(suggestChecks(GOAL, [item]).checks.map(({ check }) => check)).toEqual([
    DELETED,
    {
      probe: {
        operation: "GET /observers/{observerId}",
        expect: { status: 200, text: { contains: "Ivo Lanz" } },
      },
    },
  ]);
  const list = partyWith("GET /observers | List observers |  | items[].id# items[].username items[].name");
  const { checks, proof } = suggestChecks(GOAL, [list]);
  expect(checks.map(({ check }) => check)).toEqual([
    DELETED,
    {
      probe: {
        operation: "GET /observers",
        expect: {
          status: 200,
          body: { "$.items[?@.id=='{observerId}'].name": { matches: "Ivo Lanz" } },
        },
      },
    },
  ]);
  expect(proof.unchecked).toBeUndefined();
});

test.each([
  "GET /observers | List observers | ?page# | items[].id# items[].name",
  "GET /observers | List observers | | items[].id# items[].firstName items[].lastName",
  "GET /pilots | List pilots | | items[].id# items[].name",
])("where no read is sure to show the person, the name is said to be demanded of nothing: %s", (read) => {
  const { checks, proof } = suggestChecks(GOAL, [partyWith(read)]);
  expect(checks.map(({ check }) => check)).toEqual([DELETED]);
  expect(proof.unchecked).toEqual(["Ivo Lanz"]);
});
