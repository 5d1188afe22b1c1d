import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../../test/fake.ts";
import { runPlannerSession } from "../../test/session.ts";
import { createPlanner } from "../planner.ts";
import { saysTheSame } from "./stated-inputs.ts";

/** A session at a service that makes one kind of thing, and refuses each with a reason. */
async function refusedAt(
  noun: string,
  summary: string,
  inputs: ReturnType<typeof field>[],
  goal: string,
  status: number,
  body: Record<string, unknown>,
) {
  const sent: Record<string, unknown>[] = [];
  const { api, answer } = fake(
    noun,
    [operation(`POST /${noun}`, summary, [...inputs, field("answer", "id", "string", "")])],
    {
      [`POST /${noun}`]: ({ data }) => {
        sent.push(data);
        return reply(status, body as never);
      },
    },
  );
  const { finished } = await runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer });
  return { sent, finished };
}

test("a number beyond what the target takes is not made smaller", async () => {
  const { sent, finished } = await refusedAt(
    "tours",
    "Book a guided tour",
    [field("body", "people", "integer!", ""), field("body", "guest", "string!", "")],
    "Book a guided tour for 14 people for Mr Olsen.",
    422,
    { error: "invalid", message: "At most 10 people in a tour" },
  );
  expect(sent).toEqual([{ people: 14, guest: "Mr Olsen" }]);
  expect(finished).toContain('("At most 10 people in a tour"), and the goal states the people.');
});

test("a time before the opening is not made later", async () => {
  const { sent, finished } = await refusedAt(
    "slots",
    "Reserve a slot of the oven",
    [field("body", "start", "string!", "Start, HH:MM")],
    "Reserve a slot of the oven at 07:00.",
    400,
    { start: ["not before 09:00"] },
  );
  expect(sent).toEqual([{ start: "07:00" }]);
  expect(finished).toContain('("not before 09:00")');
});

test("an age below the limit is not raised", async () => {
  const { sent, finished } = await refusedAt(
    "divers",
    "Register a diver",
    [field("body", "name", "string!", ""), field("body", "age", "integer!", "Age in years")],
    "Register a diver called Tim, age 15.",
    422,
    { problem: "Divers must be at least 18 years old" },
  );
  expect(new Set(sent.map(({ age }) => age))).toEqual(new Set([15]));
  expect(finished).toContain('("Divers must be at least 18 years old")');
});

test("a name that is taken is not made another one, what the goal leaves open is", async () => {
  const inputs = [field("body", "name", "string!", "Name of the label")];
  const taken = { name: ["is already taken"] };
  const stated = await refusedAt(
    "labels",
    "Create a label",
    inputs,
    "Create a label called Hops.",
    422,
    taken,
  );
  expect(stated.sent).toEqual([{ name: "Hops" }]);
  const open = await refusedAt("labels", "Create a label", inputs, "Create a label.", 422, taken);
  expect(new Set(open.sent.map(({ name }) => name)).size).toBeGreaterThan(1);
});

test.each([
  ["High", "high", true],
  ["14:00", "14:00:00", true],
  ["2031-05-03", "2031-05-03T00:00:00Z", true],
  [7, "7", true],
  [8, 6, false],
  ["14:00", "14:30:00", false],
  ["Apollo", "Apollo 0f3a2c", false],
  ["red", undefined, false],
])("%j and %j say the same: %s", (one, other, same) => {
  expect(saysTheSame(one, other)).toBe(same);
});
