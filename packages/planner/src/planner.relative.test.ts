import type { Json } from "@ape/core/lib/json";
import type { ApiField } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

/** What an update is sent for a thing that was made with a value; `given` is what the goal names it with. */
async function update(goal: string, name: string, type: string, made: Json, traits: Partial<ApiField> = {}) {
  const id = field("path", "id", "string!", "");
  const answer = [field("answer", "id", "string", ""), field("answer", name, type, "", traits)];
  const { api, answer: answers } = fake(
    "desk",
    [
      operation("POST /passes", "Issue a pass", [field("body", name, type, "", traits), ...answer]),
      operation("PATCH /passes/{id}", "Change a pass", [
        id,
        field("body", name, type, "", traits),
        ...answer,
      ]),
    ],
    {
      "POST /passes": () => reply(201, { id: "p1", [name]: made }),
      "PATCH /passes/{id}": () => reply(200, { id: "p1" }),
    },
  );
  const { calls, finished } = await runPlannerSession({
    planner: createPlanner(),
    apis: [api],
    goal,
    answer: answers,
  });
  return [calls.find((call) => call.startsWith("PATCH"))?.replace(/^\S+ \S+ | -> \d+$/g, ""), finished];
}

const DONE = "Every part of the goal is done.";

test.each<[string, string, string, Json, Partial<ApiField>, string]>([
  ["extend it by 3 months", "months", "integer", 6, {}, '{"months":9}'],
  [
    "extend it by 3 months",
    "validUntil",
    "string",
    "2031-05-31",
    { format: "date" },
    '{"validUntil":"2031-08-31"}',
  ],
  ["extend it by 1 month", "endsOn", "string", "2031-01-31", { format: "date" }, '{"endsOn":"2031-02-28"}'],
  [
    "extend it by two weeks",
    "expiresAt",
    "string",
    "2031-12-24T10:00:00Z",
    { format: "date-time" },
    '{"expiresAt":"2032-01-07T10:00:00Z"}',
  ],
  ["shorten it by 5 days", "days", "integer", 12, {}, '{"days":7}'],
  ["raise its limit by 50", "limit", "integer", 100, {}, '{"limit":150}'],
])("%s, with %s of %s %j %j", async (part, name, type, made, traits, sent) => {
  expect(await update(`Issue a pass and ${part}.`, name, type, made, traits)).toEqual([sent, DONE]);
});

test("where the value before is not known, nothing is sent", async () => {
  expect(await update("Issue a pass and extend it by 3 months.", "months", "integer", null)).toEqual([
    undefined,
    "Cannot go on: the months before is not known.",
  ]);
});
