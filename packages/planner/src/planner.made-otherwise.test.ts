import { describe, expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

/** A ferry: places on a crossing are held, changed, given back. */
function ferry(goal: string) {
  const body = (mark: "" | "!") => [
    field("body", "places", `integer${mark}`, "Number of places", { minimum: 1 }),
    field("body", "cars", "integer", "Number of cars"),
    field("body", "holder", `string${mark}`, "Name"),
    field("body", "day", `string${mark}`, "", { format: "date" }),
    field("body", "deck", "string", "", { enum: ["upper", "lower"] }),
  ];
  const { api, answer } = fake(
    "ferry",
    [
      operation("POST /holds", "Reserve places", [...body("!"), field("answer", "id", "string", "")]),
      operation("GET /holds/{id}", "Show a reservation", [field("path", "id", "string!", "")]),
      operation("PATCH /holds/{id}", "Change a reservation", [
        field("path", "id", "string!", ""),
        ...body(""),
      ]),
      operation("DELETE /holds/{id}", "Give a reservation back", [field("path", "id", "string!", "")]),
    ],
    {
      "POST /holds": () => reply(201, { id: "q1" }),
      "GET /holds/{id}": () => reply(200, { id: "q1" }),
      "PATCH /holds/{id}": () => reply(200, {}),
      "DELETE /holds/{id}": () => ({ status: 204 }),
    },
  );
  return runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer });
}

describe("what was made is made otherwise", () => {
  test.each([
    ["Reserve 3 places for Weber on 2027-05-03, then make it 4.", '{"places":4}'],
    ["Reserve two places for Weber on 2027-05-03 and then make it three.", '{"places":3}'],
    ["Reserve 3 places for Weber on 2027-05-03. Change it to 5.", '{"places":5}'],
    ["Reserve 3 places for Weber on 2027-05-03, then change it to 2027-05-04.", '{"day":"2027-05-04"}'],
    ["Reserve 3 places for Weber on 2027-05-03, then move it to 2027-05-05.", '{"day":"2027-05-05"}'],
    [
      "Reserve 3 places for Weber on 2027-05-03 on the upper deck, then change it to lower.",
      '{"deck":"lower"}',
    ],
  ])("%s", async (goal, sent) => {
    const { calls, finished } = await ferry(goal);
    expect(calls[0]).toMatch(/^POST \/holds \{"places":[23],.*-> 201$/);
    expect(calls.slice(1)).toEqual([`PATCH /holds/q1 ${sent} -> 200`]);
    expect(finished).toBe("Every part of the goal is done.");
  });
});
