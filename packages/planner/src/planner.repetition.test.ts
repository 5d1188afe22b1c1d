import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const id = field("answer", "id", "string", "");

/** A kitchen, and a theatre with seats to book. */
function session(goal: string) {
  const { api, answer } = fake(
    "house",
    [
      operation("POST /recipes", "Create a recipe", [field("body", "title", "string!", ""), id]),
      operation("DELETE /recipes/{id}", "Delete a recipe", [field("path", "id", "string!", "")]),
      operation("GET /seats", "List seats", [field("answer", "[].id", "string", "")]),
      operation("POST /bookings", "Book a seat", [field("body", "seatId", "string!", ""), id]),
    ],
    {
      "POST /recipes": () => reply(201, { id: "r1" }),
      "DELETE /recipes/{id}": () => reply(204, null),
      "GET /seats": () => reply(200, [{ id: "a" }, { id: "b" }, { id: "c" }]),
      "POST /bookings": () => reply(201, { id: "b1" }),
    },
  );
  return runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer });
}

test.each([
  ["Create three recipes.", "POST /recipes", 3],
  ["Book two seats.", "POST /bookings", 2],
])("%s is done as often as it says, with different values", async (goal, key, times) => {
  const { calls, finished } = await session(goal);
  const made = calls.filter((call) => call.startsWith(key));
  expect(made).toHaveLength(times);
  expect(new Set(made).size).toBe(times);
  expect(finished).toBe("Every part of the goal is done.");
});

test("what is asked for each of several things is named, and done to none", async () => {
  const { calls, finished } = await session("Create two recipes and delete them.");
  expect(calls.every((call) => call.startsWith("POST /recipes"))).toBe(true);
  expect(finished).toContain('nothing here serves "delete them"');
});
