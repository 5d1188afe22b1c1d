import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../../test/fake.ts";
import { runPlannerSession } from "../../test/session.ts";
import { createPlanner } from "../planner.ts";

/** A session with lockers of which only the paths are known; `shown` is what their list answers. */
async function lockers(goal: string, shown: Json) {
  const id = field("path", "lockerId", "string!", "");
  const { api, answer } = fake(
    "depot",
    [
      operation("GET /lockers", "List lockers", []),
      operation("PATCH /lockers/{lockerId}", "Update lockers", [id]),
      operation("POST /lockers/{lockerId}/inspections", "Create inspections", [id]),
    ],
    {
      "GET /lockers": () => reply(200, shown),
      "PATCH /lockers/{lockerId}": () => reply(200, {}),
      "POST /lockers/{lockerId}/inspections": () => reply(201, {}),
    },
  );
  const { calls, finished } = await runPlannerSession({
    planner: createPlanner(),
    apis: [{ ...api, documented: false }],
    goal,
    answer,
  });
  return [...calls.map((call) => call.replace(/ -> \d+$/, "")), finished];
}

test.each<[string, Json]>([
  ["as numbers", { lockers: [{ id: 7, name: "A", jammed: false }] }],
  ["in a list alone", [{ id: "7", jammed: false }]],
  ["under the name of the thing", { data: { items: [{ lockerId: 7, jammed: false }] } }],
])("ids %s come from the list that was shown", async (_, shown) => {
  expect(await lockers("Find a locker, inspect it and mark it as jammed.", shown)).toEqual([
    "GET /lockers",
    "POST /lockers/7/inspections",
    'PATCH /lockers/7 {"jammed":true}',
    "Every part of the goal is done.",
  ]);
});

test.each<[string, string, Json, string]>([
  ["a value in sight", "mark it as broken", { state: "broken" }, '{"state":"broken"}'],
  ["a property for states", "mark it as sold", { status: "free" }, '{"status":"sold"}'],
  ["the opposite of a flag", "mark it as unlocked", { locked: true }, '{"locked":false}'],
  ["a word behind a property", "change its colour to red", { colour: "blue" }, '{"colour":"red"}'],
])("%s says what is changed", async (_, part, more, sent) => {
  const shown = [{ id: "l1", ...(more as Record<string, Json>) }];
  expect(await lockers(`Find a locker and ${part}.`, shown)).toContain(`PATCH /lockers/l1 ${sent}`);
});

test("an update for which nothing says what it changes is not sent", async () => {
  const calls = await lockers("Find a locker and mark it as haunted.", [{ id: "l1", name: "A" }]);
  expect(calls).toEqual([
    "GET /lockers",
    'Cannot go on: the goal gives nothing to send for "mark it as haunted".',
  ]);
});
