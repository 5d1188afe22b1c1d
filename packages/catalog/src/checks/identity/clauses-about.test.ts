import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { suggestChecks } from "../suggest-checks.ts";

const SENSORS = apiOf(
  "rest",
  "GET /sensors | List sensors |  | items[].id# items[].tag items[].kind items[].state=online,offline",
  "GET /sensors/{id} | Get a sensor |  | id# tag kind state=online,offline remark",
  "PATCH /sensors/{id} | Change a sensor | remark state=online,offline | id# tag kind state=online,offline remark",
  "GET /trips/{id} | Get a trip |  | id# sensorId# days# status=proposed,approved",
  "POST /trips | Propose a trip | sensorId#! days# | id# sensorId# days# status=proposed,approved",
  "POST /trips/{id}/call-off | Call a trip off | reason | id# sensorId# days# status=proposed,called_off",
);

const suggested = (goal: string) => {
  const { checks, proof } = suggestChecks(goal, [SENSORS]);
  return { checks: JSON.stringify(checks.map(({ check }) => check)), unchecked: proof.unchecked };
};

test.each([
  ["Propose a trip to TM-01 for 2 days.", "GET /sensors/{sensorId}", "TM-01"],
  ["Propose a trip for TM-01.", "GET /sensors/{sensorId}", "TM-01"],
  ["Find the sensor TM-01 and propose a trip for it.", "GET /sensors/{sensorId}", "TM-01"],
  ["Set the remark of GS-10 to Cleaned.", "GET /sensors/{sensorId}", "GS-10"],
  ["Find the sensor GS-10, set its remark to Cleaned.", "GET /sensors/{sensorId}", "GS-10"],
])("a code is what the thing itself has to show: %s", (goal, read, code) => {
  const { checks, unchecked } = suggested(goal);
  expect(checks).toContain(read);
  expect(checks).toContain(`"text":{"contains":"${code}"}`);
  expect(unchecked).toBeUndefined();
});

test.each([
  ["Find the seismometer on Mount Kerro, set its state to online.", ["Mount Kerro", "seismometer"]],
  ["Find the sensor that is offline, set its remark to Cleaned.", ["offline"]],
  ["Call off the trip to the gas sensor on Sarna because of fog.", ["Sarna", "gas sensor"]],
  ["Find trip 17 and call it off.", undefined],
  ["Call off trip 17, propose a trip for 2 days.", undefined],
])(
  "what describes a thing that was looked for before is named where no check demands it: %s",
  (goal, named) => {
    expect(suggested(goal).unchecked).toEqual(named);
  },
);
