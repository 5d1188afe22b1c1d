import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../../test/fake.ts";
import { runPlannerSession } from "../../test/session.ts";
import { createPlanner } from "../planner.ts";

const NOTES = "POST /pets/{pet}/notes";

/** A session at a practice that answers the first notes of a new pet so. */
async function visit(
  refuse: (data: Record<string, unknown>, number: number) => ReturnType<typeof reply> | undefined,
) {
  const sent: Record<string, unknown>[] = [];
  const practice = fake(
    "practice",
    [
      operation("POST /pets", "Add a pet", [
        field("body", "name", "string!", "Name of the pet"),
        field("answer", "id", "string", "Id of the pet"),
      ]),
      operation(NOTES, "Write a note about a pet", [
        field("path", "pet", "string!", "Id of the pet"),
        field("body", "text", "string!", "What is to be said"),
        field("body", "day", "string", "Day of the note", { format: "date" }),
        field("body", "ownerId", "string", "Id of the owner"),
        field("answer", "id", "string", "Id of the note"),
      ]),
    ],
    {
      "POST /pets": () => reply(201, { id: "p1" }),
      [NOTES]: ({ data }) => {
        sent.push(data as Record<string, unknown>);
        return refuse(data as Record<string, unknown>, sent.length) ?? reply(201, { id: "n1" });
      },
    },
  );
  const { finished } = await runPlannerSession({
    planner: createPlanner(),
    apis: [practice.api],
    goal: "Add a pet, then write a note about it.",
    answer: practice.answer,
  });
  return { sent, finished };
}

test.each([400, 404, 422])(
  "after a %d that names no field, optional fields are filled once",
  async (status) => {
    const { sent, finished } = await visit(({ day }) => (day === undefined ? reply(status, {}) : undefined));
    expect(sent.map((data) => Object.keys(data))).toEqual([["text"], ["text", "day"]]);
    expect(finished).toBe("Every part of the goal is done.");
  },
);

test("they are filled after two faults of the server", async () => {
  const { sent } = await visit(({ day }) => (day === undefined ? reply(500, {}) : undefined));
  expect(sent.map((data) => "day" in data)).toEqual([false, false, true]);
});

test("they are not filled where the refusal names a field that was sent", async () => {
  const { sent } = await visit((_, number) =>
    number === 1 ? reply(422, { text: "must be at least 500 characters" }) : undefined,
  );
  expect(sent.map((data) => "day" in data)).not.toContain(true);
});

test("what is still refused with them is not tried with them for ever", async () => {
  const { sent, finished } = await visit(() => reply(400, {}));
  expect(sent.length).toBeLessThan(6);
  expect(finished).not.toBe("Every part of the goal is done.");
});
