import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { suggestChecks } from "../suggest-checks.ts";

const SENSORS = apiOf(
  "rest",
  "GET /sensors | List sensors |  | items[].id# items[].tag items[].state=online,offline",
  "GET /sensors/{id} | Get a sensor |  | id# tag kind state=online,offline remark",
  "PATCH /sensors/{id} | Change a sensor | remark state=online,offline | id# tag kind state=online,offline remark",
  "GET /trips | List trips |  | items[].id# items[].sensorId# items[].status",
  "GET /trips/{id} | Get a trip |  | id# sensorId# purpose status=approved,underway,called_off",
  "POST /trips/{id}/depart | The party sets out |  | id# sensorId# purpose status=approved,underway,called_off",
);

const checks = (goal: string): unknown[] => suggestChecks(goal, [SENSORS]).checks.map(({ check }) => check);

test("a state that a goal asserts of a thing is what its read or its list shows", () => {
  expect(checks("Check that SM-02 is online.")).toEqual([
    {
      anyOf: [
        {
          action: {
            operation: "GET /sensors/{id}",
            status: "2xx",
            body: { "$.state": "online" },
            text: { contains: "SM-02" },
          },
        },
        {
          action: {
            operation: "GET /sensors",
            status: "2xx",
            body: { "$.items[?@.tag=='SM-02'].state": "online" },
          },
        },
      ],
    },
  ]);
  expect(checks("Check that trip 17 is approved.")).toEqual([
    { action: { operation: "GET /trips/17", status: "2xx", body: { "$.status": "approved" } } },
  ]);
});

test("what is asserted of a changed thing is read of that", () => {
  expect(checks("Depart trip 17 and check that it is underway.")).toEqual([
    expect.objectContaining({ action: expect.objectContaining({ operation: "POST /trips/17/depart" }) }),
    { probe: { operation: "GET /trips/17", expect: { status: 200, body: { "$.status": "underway" } } } },
  ]);
});

test("a read is no proof of a verb that changes something", () => {
  const goal = "Laminate the approved trip to the gas sensor and check that it is underway.";
  expect(checks(goal)).toEqual([
    { action: { operation: "GET /trips/{id}", status: "2xx", body: { "$.status": "underway" } } },
  ]);
  expect(suggestChecks(goal, [SENSORS]).proof.unproven).toEqual([
    "Laminate the approved trip to the gas sensor",
  ]);
});

test("what tells the thing of which something is asserted, and that no check demands, is named", () => {
  const { proof } = suggestChecks("Check that the trip to the thermal camera is underway.", [SENSORS]);
  expect(proof.unchecked).toEqual(["thermal camera"]);
});

test("an operation that makes a thing is no proof that one was deleted", () => {
  const api = apiOf(
    "rest",
    "GET /bulletins | List bulletins |  | [].id# [].text",
    "POST /bulletins | Issue a bulletin | text | id# text",
  );
  const { checks, proof } = suggestChecks("Delete the bulletin about Sarna.", [api]);
  expect(checks).toEqual([]);
  expect(proof.unproven).toEqual(["Delete the bulletin about Sarna"]);
});
