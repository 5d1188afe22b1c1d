import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const COLOURS = { enum: ["green", "amber", "red"] };
const DAMS = [
  { code: "NOR", name: "Norham", alert: "green", region: "North Dale" },
  { code: "HAR", name: "Harlow Hill", alert: "amber", region: "South Dale" },
];

/** Dams with an alert each, and notices about them; the lists can be filtered, also by texts. */
function dams(goal: string) {
  const { api, answer } = fake(
    "dams",
    [
      operation("GET /dams", "List dams", [
        field("query", "alert", "string", "", COLOURS),
        field("query", "region", "string", ""),
        field("query", "q", "string", "Search in the texts"),
        field("answer", "[].code", "string", ""),
        field("answer", "[].name", "string", ""),
        field("answer", "[].alert", "string", "", COLOURS),
        field("answer", "[].region", "string", ""),
      ]),
      operation("PUT /dams/{code}/alert", "Set the alert of a dam", [
        field("path", "code", "string!", ""),
        field("body", "level", "string!", "", COLOURS),
      ]),
      operation("GET /notices", "List notices", [
        field("query", "dam", "string", "Code of the dam"),
        field("answer", "[].id", "integer", ""),
        field("answer", "[].dam", "string", ""),
        field("answer", "[].text", "string", ""),
      ]),
    ],
    {
      "GET /dams": ({ query: { alert, region, q } }) =>
        reply(
          200,
          DAMS.filter(
            (dam) =>
              (alert === undefined || dam.alert === alert) &&
              (region === undefined || dam.region === region) &&
              (q === undefined || JSON.stringify(dam).includes(q)),
          ),
        ),
      "PUT /dams/{code}/alert": () => reply(200, {}),
      "GET /notices": () => reply(200, []),
    },
  );
  return runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer });
}

test.each([
  ["Find a red dam.", 'nothing here has "red"'],
  ["Find a red dam and set its alert to amber.", 'nothing here has "red"'],
  ["Find a dam with alert red and lower its alert to amber.", 'nothing here has "red"'],
  ["Find a dam in the region West Dale and raise its alert to red.", 'nothing here has "West Dale"'],
  ["Search for a dam in West Moor and set its alert to red.", 'nothing here has "West Moor"'],
  ["Read the latest notice.", "GET /notices shows nothing"],
  ["Read a notice.", "GET /notices shows nothing"],
])("%s: what a filter does not find is not replaced by another thing", async (goal, reason) => {
  const { calls, finished } = await dams(goal);
  expect(calls.filter((call) => !call.startsWith("GET"))).toEqual([]);
  expect(finished).toBe(`Cannot go on: ${reason}.`);
});

test.each([
  ["List the red dams.", "GET /dams?alert=red -> 200"],
  ["List the notices.", "GET /notices -> 200"],
  ["Read the latest notices.", "GET /notices -> 200"],
])("%s: a list may be empty, and is read without a filter that nobody asked for", async (goal, call) => {
  expect(await dams(goal)).toMatchObject({ calls: [call], finished: "Every part of the goal is done." });
});

test("a filter that finds its thing is served", async () => {
  const { calls } = await dams("Find a dam in the region South Dale and raise its alert to red.");
  expect(calls.at(-1)).toBe('PUT /dams/HAR/alert {"level":"red"} -> 200');
});
