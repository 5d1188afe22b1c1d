import fc from "fast-check";
import { expect, test } from "vitest";
import { fake, field, operation } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

/** A help desk whose tickets can be created, read, changed and closed, and whose own settings can be changed. */
function desk(goal: string) {
  const id = field("path", "ticketId", "string!", "");
  const answers = [field("answer", "id", "string", ""), field("answer", "state", "string", "")];
  const ok = () => ({ status: 200, body: { id: "t1", state: "open" } });
  const world = fake(
    "desk",
    [
      operation("POST /tickets", "Create a ticket", [field("body", "subject", "string!", ""), ...answers]),
      operation("GET /tickets/{ticketId}", "Get a ticket", [id, ...answers]),
      operation("PATCH /tickets/{ticketId}", "Change a ticket", [id, field("body", "state", "string", "")]),
      operation("POST /tickets/{ticketId}/close", "Close a ticket", [id]),
      operation("PUT /settings", "Update global settings", [field("body", "state", "string", "")]),
      operation("GET /users", "List users", [field("answer", "[].id", "string", "")]),
    ],
    {
      "POST /tickets": ok,
      "GET /tickets/{ticketId}": ok,
      "PATCH /tickets/{ticketId}": ok,
      "POST /tickets/{ticketId}/close": ok,
      "PUT /settings": ok,
      "GET /users": () => ({ status: 403, body: {} }),
    },
  );
  return runPlannerSession({ planner: createPlanner(), apis: [world.api], goal, answer: world.answer });
}

const done = ({ calls }: Awaited<ReturnType<typeof desk>>): string[] =>
  calls.map((call) => call.replace(/ (?:\{.*)?-> \d+$/, "").trim());

test.each([
  ["File a ticket, reply to it", ["POST /tickets"], "reply to it"],
  [
    "Create a ticket, then vote for the moderator, then close it",
    ["POST /tickets", "POST /tickets/t1/close"],
    "vote for the moderator",
  ],
  [
    "Open a ticket, list my orders and look at the ticket",
    ["POST /tickets", "GET /tickets/t1"],
    "list my orders",
  ],
  ["Create a ticket, paint the walls", ["POST /tickets"], "paint the walls"],
])(
  "%s: what nothing serves is named, and keeps nothing else from being done",
  async (goal, calls, missing) => {
    const result = await desk(goal);
    expect(done(result)).toEqual(calls);
    expect(result.finished).toContain(`nothing here serves ${JSON.stringify(missing)}`);
  },
);

test.each([
  ["Create a ticket, set its state to closed", ["POST /tickets", "PATCH /tickets/t1"]],
  ["File a ticket, look at it, shut it", ["POST /tickets", "GET /tickets/t1", "POST /tickets/t1/close"]],
])("%s: every part is served by the thing that the goal names", async (goal, calls) => {
  const result = await desk(goal);
  expect(done(result)).toEqual(calls);
  expect(result.finished).toBe("Every part of the goal is done.");
});

test("a goal of which nothing is served makes no call, and its parts are named", async () => {
  const result = await desk("List my orders and paint the walls");
  expect(result.calls).toEqual([]);
  expect(result.finished).toBe('Nothing is done: nothing here serves "List my orders", "paint the walls".');
});

test("parts that nothing serves never change what the others call, wherever they stand", async () => {
  const foreign = fc.constantFrom(
    "list my orders",
    "paint the walls",
    "book a flight",
    "delete the invoice",
    "send a postcard",
    "update the recipe",
  );
  await fc.assert(
    fc.asyncProperty(foreign, fc.nat({ max: 2 }), async (words, at) => {
      const parts = ["create a ticket", "close the ticket"];
      parts.splice(at, 0, words);
      const result = await desk(`${parts.join(", ")}.`);
      expect(done(result)).toEqual(["POST /tickets", "POST /tickets/t1/close"]);
      expect(result.finished).toContain(JSON.stringify(words));
    }),
    { numRuns: 18 },
  );
});
