import type { ApiDescription } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { suggestChecks } from "../suggest-checks.ts";

const PARTY = "id# status=proposed,called_off members";
const trips = (type: string): ApiDescription => {
  const api = apiOf(
    "rest",
    `GET /trips/{id} | Get a trip |  | ${PARTY}`,
    `DELETE /trips/{id}/members/{observerId} | Take an observer off the party |  | ${PARTY}`,
  );
  const operations = api.operations.map((operation) => ({
    ...operation,
    fields: operation.fields.map((field) => (field.name === "members" ? { ...field, type } : field)),
  }));
  return { ...api, operations };
};

const GOAL = "Remove the observer Ivo Lanz from trip 206.";

test.each(["integer[]", "array"])(
  "what is taken out of a thing is no longer in its list, and the thing is as it was: %s",
  (type) => {
    const { checks, proof } = suggestChecks(GOAL, [trips(type)]);
    expect(checks.map(({ check }) => check)).toEqual([
      { action: { operation: "DELETE /trips/206/members/{observerId}", status: "2xx" } },
      {
        probe: {
          operation: "GET /trips/206",
          after: "DELETE /trips/{id}/members/{observerId}",
          expect: { status: 200, body: { "$.members[?@=='{observerId}']": { exists: false } } },
        },
      },
    ]);
    expect(checks[1]?.why).toBe(
      "GET /trips/{id} no longer has what DELETE /trips/{id}/members/{observerId} removed",
    );
    expect(proof.accepted).toBeUndefined();
  },
);

test("where no list of the thing is known, only the answer is judged, by its status", () => {
  const { checks, proof } = suggestChecks(GOAL, [trips("string")]);
  expect(checks.map(({ check }) => check)).toEqual([
    { action: { operation: "DELETE /trips/206/members/{observerId}", status: "2xx" } },
  ]);
  expect(proof.accepted).toEqual(["Remove the observer Ivo Lanz from trip 206"]);
});
