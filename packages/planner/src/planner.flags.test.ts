import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const CARTS = [
  {
    cartCode: "K-1",
    name: "Goliath",
    keeper: "Ada Wren",
    available: true,
    washDay: 3,
    state: "IN_USE",
    shift: "DAY",
  },
  {
    cartCode: "K-2",
    name: "Long Tom",
    keeper: "Ben Ash",
    available: false,
    washDay: 5,
    state: "IN_USE",
    shift: "NIGHT",
  },
];
const STATES = { enum: ["IN_USE", "RETIRED"] };
const SHIFTS = { enum: ["DAY", "NIGHT"] };

/** Carts that have a flag, a number, a state and a keeper's name. */
function carts(goal: string) {
  const { api, answer } = fake(
    "carts",
    [
      operation("GET /carts", "List carts", [
        field("answer", "[].cartCode", "string", ""),
        field("answer", "[].name", "string", ""),
        field("answer", "[].keeper", "string", ""),
        field("answer", "[].available", "boolean", ""),
        field("answer", "[].washDay", "integer", ""),
        field("answer", "[].state", "string", "", STATES),
        field("answer", "[].shift", "string", "", SHIFTS),
      ]),
      operation("POST /carts", "Add a cart", [field("body", "name", "string!", "")]),
      operation("PATCH /carts/{cartCode}", "Update a cart", [
        field("path", "cartCode", "string!", ""),
        field("body", "keeper", "string", ""),
        field("body", "available", "boolean", ""),
        field("body", "washDay", "integer", ""),
        field("body", "state", "string", "", STATES),
        field("body", "shift", "string", "", SHIFTS),
      ]),
    ],
    {
      "GET /carts": () => reply(200, CARTS),
      "POST /carts": () => reply(201, {}),
      "PATCH /carts/{cartCode}": () => reply(200, {}),
    },
  );
  return runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer });
}

const writes = (calls: readonly string[]): string[] =>
  calls.filter((call) => !call.startsWith("GET")).map((call) => call.replace(/ -> \d+$/, ""));

test.each([
  ["Make Goliath unavailable.", 'PATCH /carts/K-1 {"available":false}'],
  ["Mark Goliath as unavailable.", 'PATCH /carts/K-1 {"available":false}'],
  ["Make Long Tom available.", 'PATCH /carts/K-2 {"available":true}'],
  ["Mark Long Tom as available.", 'PATCH /carts/K-2 {"available":true}'],
  ["Set Goliath to retired.", 'PATCH /carts/K-1 {"state":"RETIRED"}'],
  ["Retire Goliath.", 'PATCH /carts/K-1 {"state":"RETIRED"}'],
  ["Move cart K-2 to wash day 9.", 'PATCH /carts/K-2 {"washDay":9}'],
  ["Move cart K-2 to day 9.", 'PATCH /carts/K-2 {"washDay":9}'],
  ["Change the wash day of cart K-2 to 9.", 'PATCH /carts/K-2 {"washDay":9}'],
  ["Change the shift of cart K-2 to day.", 'PATCH /carts/K-2 {"shift":"DAY"}'],
])("%s", async (goal, call) => {
  const { calls, finished } = await carts(goal);
  expect(writes(calls)).toEqual([call]);
  expect(finished).toBe("Every part of the goal is done.");
});
