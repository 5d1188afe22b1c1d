import { describe, expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const BOATS = [
  { id: "a", seats: 2, heated: true },
  { id: "b", seats: 8, heated: false },
  { id: "c", seats: 5, heated: false },
  { id: "d", seats: 5, heated: true },
];

/** Boats that are lent; the list may be filtered by their seats, or not. */
function lend(goal: string, seed = 1, filtered = false) {
  const { api, answer } = fake(
    "harbour",
    [
      operation("GET /boats", "List boats", [
        ...(filtered ? [field("query", "seats", "integer", "")] : []),
        field("answer", "[].id", "string", ""),
        field("answer", "[].seats", "integer", ""),
        field("answer", "[].heated", "boolean", ""),
      ]),
      operation("POST /loans", "Borrow a boat", [
        field("body", "boatId", "string!", ""),
        field("answer", "id", "string", ""),
      ]),
    ],
    {
      "GET /boats": ({ query }) =>
        reply(
          200,
          BOATS.filter(({ seats }) => query.seats === undefined || seats === Number(query.seats)),
        ),
      "POST /loans": () => reply(201, { id: "l1" }),
    },
  );
  return runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer, seed });
}

describe("a number that the goal states of what it chooses", () => {
  test.each([1, 2, 3, 4])("is that of the thing, with the seed %i", async (seed) => {
    const { calls, finished } = await lend("Borrow a boat with 5 seats.", seed);
    expect(calls.at(-1)).toMatch(/^POST \/loans \{"boatId":"[cd]"\} -> 201$/);
    expect(finished).toBe("Every part of the goal is done.");
  });

  test("may be exceeded where no thing has it", async () => {
    const { calls } = await lend("Borrow a boat for 6 seats.");
    expect(calls.at(-1)).toBe('POST /loans {"boatId":"b"} -> 201');
  });

  test("fills the filter of its name", async () => {
    const { calls } = await lend("Borrow a boat with 5 seats.", 1, true);
    expect(calls[0]).toBe("GET /boats?seats=5 -> 200");
  });

  test("is named where nothing here has such a number", async () => {
    const { finished } = await lend("Borrow a boat with 3 masts.");
    expect(finished).toBe('What was understood of the goal is done; not understood: "3".');
  });
});

test.each([1, 2, 3])(
  "a property that an adjective names is that of the thing, with the seed %i",
  async (seed) => {
    const { calls } = await lend("Borrow a heated boat with 5 seats.", seed);
    expect(calls.at(-1)).toBe('POST /loans {"boatId":"d"} -> 201');
  },
);
