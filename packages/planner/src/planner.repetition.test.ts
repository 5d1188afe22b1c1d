import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const id = field("answer", "id", "string", "");

/** A kitchen, and a theatre with seats to book. */
function session(goal: string) {
  let made = 0;
  const { api, answer } = fake(
    "house",
    [
      operation("POST /recipes", "Create a recipe", [field("body", "title", "string!", ""), id]),
      operation("DELETE /recipes/{id}", "Delete a recipe", [field("path", "id", "string!", "")]),
      operation("GET /seats", "List seats", [field("answer", "[].id", "string", "")]),
      operation("POST /bookings", "Book a seat", [field("body", "seatId", "string!", ""), id]),
    ],
    {
      "POST /recipes": () => {
        made += 1;
        return reply(201, { id: `r${made}` });
      },
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

test.each([
  ["Create two recipes and delete them.", 2],
  ["Create five recipes, then remove all of them.", 5],
])("%s: each is known by its own id, also where its answer is out of sight", async (goal, count) => {
  const { calls, finished } = await session(goal);
  const removed = calls.filter((call) => call.startsWith("DELETE"));
  const ids = Array.from({ length: count }, (_, index) => `DELETE /recipes/r${index + 1} -> 204`);
  expect([removed, finished]).toEqual([ids, "Every part of the goal is done."]);
});

test("what takes the id of none of several things is named, and not done", async () => {
  const { calls, finished } = await session("Create two recipes and print them.");
  expect(calls.every((call) => call.startsWith("POST /recipes"))).toBe(true);
  expect(finished).toContain('nothing here serves "print them"');
});
