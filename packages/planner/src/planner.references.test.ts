import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const DRIVERS = [
  { driverId: "dr-1", fullName: "Ida Lund", onDuty: true },
  { driverId: "dr-2", fullName: "Per Dahl", onDuty: true },
];
const BUSES = [
  { busId: "bus-1", name: "Red Five", driverId: "dr-2" },
  { busId: "bus-2", name: "Blue Nine", driverId: null },
];

/** Buses whose driver is set by their update alone. */
function buses(goal: string) {
  const driverId = field("path", "driverId", "string!", "");
  const busId = field("path", "busId", "string!", "");
  const { api, answer } = fake(
    "buses",
    [
      operation("GET /drivers", "List drivers", [
        field("answer", "[].driverId", "string", ""),
        field("answer", "[].fullName", "string", ""),
        field("answer", "[].onDuty", "boolean", ""),
      ]),
      operation("PATCH /drivers/{driverId}", "Update a driver", [
        driverId,
        field("body", "onDuty", "boolean", ""),
        field("body", "phone", "string", ""),
      ]),
      operation("GET /buses", "List buses", [
        field("answer", "[].busId", "string", ""),
        field("answer", "[].name", "string", ""),
        field("answer", "[].driverId", "string", ""),
      ]),
      operation("POST /buses", "Add a bus", [field("body", "name", "string!", "")]),
      operation("PATCH /buses/{busId}", "Update a bus", [
        busId,
        field("body", "name", "string", ""),
        field("body", "driverId", "string", ""),
        field("body", "seats", "integer", ""),
      ]),
    ],
    {
      "GET /drivers": () => reply(200, DRIVERS),
      "PATCH /drivers/{driverId}": () => reply(200, {}),
      "GET /buses": () => reply(200, BUSES),
      "POST /buses": () => reply(201, {}),
      "PATCH /buses/{busId}": () => reply(200, {}),
    },
  );
  return runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer });
}

const writes = (calls: readonly string[]): string[] =>
  calls.filter((call) => !call.startsWith("GET")).map((call) => call.replace(/ -> \d+$/, ""));

test.each([
  'Assign Ida Lund to the bus "Blue Nine".',
  'Assign the driver Ida Lund to the bus "Blue Nine".',
  'Put Ida Lund on the bus "Blue Nine".',
  'Change the driver of the bus "Blue Nine" to Ida Lund.',
  'Set the driver of the bus "Blue Nine" to Ida Lund.',
  "Make Ida Lund the driver of the bus Blue Nine.",
])("%s", async (goal) => {
  const { calls, finished } = await buses(goal);
  expect(writes(calls)).toEqual(['PATCH /buses/bus-2 {"driverId":"dr-1"}']);
  expect(finished).toBe("Every part of the goal is done.");
});

test.each([
  ["Change the phone of the driver Per Dahl to 555-19.", 'PATCH /drivers/dr-2 {"phone":"555-19"}'],
  ["Change the seats of the bus Red Five to 40.", 'PATCH /buses/bus-1 {"seats":40}'],
])("%s changes the thing that has the field itself", async (goal, call) => {
  const { calls } = await buses(goal);
  expect(writes(calls)).toEqual([call]);
});

test("nobody else is assigned where nobody has the name", async () => {
  const { calls, finished } = await buses('Assign Ole Brun to the bus "Blue Nine".');
  expect(writes(calls)).toEqual([]);
  expect(finished).toBe('Cannot go on: nothing here is called "Ole Brun".');
});
