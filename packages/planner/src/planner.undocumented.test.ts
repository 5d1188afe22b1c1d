import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const id = field("path", "id", "string!", "");

/** A harbour of which only the paths are known, as `allow` names them. */
async function bodies(goal: string, row: Record<string, string> = {}) {
  const { api, answer } = fake(
    "harbour",
    [
      operation("POST /login", "Create login", []),
      operation("POST /alerts", "Create alerts", []),
      operation("PATCH /alerts/{id}", "Update alerts", [id]),
      operation("POST /alerts/{id}/close", "Close alerts", [id]),
    ],
    {
      "POST /login": () => reply(200, { token: "t" }),
      "POST /alerts": () => reply(201, { id: "a1" }),
      "PATCH /alerts/{id}": () => reply(200, { id: "a1" }),
      "POST /alerts/{id}/close": () => reply(200, { id: "a1" }),
    },
  );
  const { calls, finished } = await runPlannerSession({
    planner: createPlanner(),
    apis: [{ ...api, documented: false }],
    goal,
    row,
    secret: ["password"],
    answer,
  });
  return { sent: calls.map((call) => call.replace(/ -> \d+$/, "")), finished };
}

test.each([
  ['Create an alert with the message "Fog".', ['POST /alerts {"message":"Fog"}']],
  ['Create an alert called "Fog" with the level 5.', ['POST /alerts {"name":"Fog","level":5}']],
  ['Create an alert "Fog" with a place of Basel.', ['POST /alerts {"name":"Fog","place":"Basel"}']],
  [
    'Create an alert with the message "Fog", then change its message to "Haze".',
    ['POST /alerts {"message":"Fog"}', 'PATCH /alerts/a1 {"message":"Haze"}'],
  ],
  [
    'Create an alert with the message "Fog" and close it.',
    ['POST /alerts {"message":"Fog"}', "POST /alerts/a1/close"],
  ],
])("%s: what the goal names is sent", async (goal, sent) => {
  expect(await bodies(goal)).toEqual({ sent, finished: "Every part of the goal is done." });
});

test("who logs in, and the columns that the goal names, are sent", async () => {
  const row = { email: "kim@mail.example", password: "x", berth: "B7", note: "late" };
  const { sent } = await bodies("Log in and create an alert for the berth.", row);
  expect(sent).toEqual([
    'POST /login {"email":"kim@mail.example","password":"{{password}}"}',
    'POST /alerts {"berth":"B7"}',
  ]);
});

test("what has no name in the goal is named as not understood", async () => {
  const { sent, finished } = await bodies("Create an alert for 4711.");
  expect(sent).toEqual(["POST /alerts"]);
  expect(finished).toContain('not understood: "4711"');
});
