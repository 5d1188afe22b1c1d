import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const text = (name: string) => field("answer", name, "string", "");
const MEMBERS = ["Ada Byron", "Ben Okafor", "Clara Weiss", "Dan Li"].map((name, at) => ({
  id: `m${at}`,
  name,
}));
const TABLES = [4, 7, 12, 17].map((number) => ({ id: `t${number}`, number }));

/** A committee with a chair, and a café with numbered tables. */
function session(goal: string, seed: number) {
  const { api, answer } = fake(
    "house",
    [
      operation("POST /committees", "Create a committee", [
        field("body", "topic", "string!", ""),
        text("id"),
      ]),
      operation("GET /members", "List members", [text("[].id"), text("[].name")]),
      operation("PUT /committees/{id}/chair", "Appoint the chair of a committee", [
        field("path", "id", "string!", ""),
        field("body", "memberId", "string!", ""),
      ]),
      operation("GET /tables", "List tables", [text("[].id"), field("answer", "[].number", "integer", "")]),
      operation("POST /reservations", "Reserve a table", [
        field("body", "tableId", "string!", ""),
        field("body", "guests", "integer!", ""),
        text("id"),
      ]),
    ],
    {
      "POST /committees": () => reply(201, { id: "c1" }),
      "GET /members": () => reply(200, MEMBERS),
      "PUT /committees/{id}/chair": () => reply(200, {}),
      "GET /tables": () => reply(200, TABLES),
      "POST /reservations": () => reply(201, { id: "r1" }),
    },
  );
  return runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer, seed });
}

test.each([1, 2, 3])("seed %i: who or which one the goal names is taken", async (seed) => {
  const chair = await session("Create a committee and make Ben Okafor its chair.", seed);
  expect(chair.calls.at(-1)).toBe('PUT /committees/c1/chair {"memberId":"m1"} -> 200');
  const table = await session("Reserve table 7 for 2 guests.", seed);
  expect(table.calls.at(-1)).toBe('POST /reservations {"tableId":"t7","guests":2} -> 201');
});

test.each(["Create a committee and make Eve Moss its chair.", "Reserve table 9 for 2 guests."])(
  "%s: where no such one is there, no other one is taken",
  async (goal) => {
    const { calls, finished } = await session(goal, 1);
    expect(calls.some((call) => /chair|reservations/.test(call))).toBe(false);
    expect(finished).toContain("Cannot go on");
  },
);
