import { describe, expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const id = field("path", "id", "string!", "");
const named = (name: string) => [
  field("answer", "[].id", "string", ""),
  field("answer", `[].${name}`, "string", ""),
];

/** A club: members sign on for its tours; rooms are replaced as a whole. */
function club(goal: string, seed = 1) {
  const { api, answer } = fake(
    "club",
    [
      operation("GET /students", "List students", named("name")),
      operation("POST /students", "Add a student", [field("body", "name", "string!", "")]),
      operation("GET /courses", "List courses", named("title")),
      operation("POST /courses", "Create a course", [
        field("body", "title", "string!", ""),
        field("answer", "id", "string", ""),
      ]),
      operation("DELETE /courses/{id}", "Delete a course", [id]),
      operation("GET /courses/{id}/enrolments", "Enrolments of a course", [
        id,
        field("answer", "[].id", "string", ""),
        field("answer", "[].studentId", "string", ""),
      ]),
      operation("POST /courses/{id}/enrolments", "Enrol a student", [
        id,
        field("body", "studentId", "string!", ""),
        field("answer", "id", "string", ""),
      ]),
      operation("POST /enrolments/{id}/payment", "Pay for an enrolment", [
        id,
        field("body", "method", "string!", "", { enum: ["cash", "card"] }),
      ]),
      operation("GET /rooms", "List rooms", named("name")),
      operation("PATCH /rooms/{id}", "Change a room", [
        id,
        field("body", "name", "string", ""),
        field("body", "seats", "integer", ""),
      ]),
    ],
    {
      "GET /students": () =>
        reply(200, [
          { id: "u1", name: "Ida Moll" },
          { id: "u2", name: "Tom Reuter" },
        ]),
      "GET /courses": () =>
        reply(200, [
          { id: "c1", title: "Pottery" },
          { id: "c2", title: "Latin for beginners" },
        ]),
      "GET /courses/{id}/enrolments": () => reply(200, [{ id: "e1", studentId: "u2" }]),
      "POST /courses/{id}/enrolments": () => reply(201, { id: "e7" }),
      "POST /courses": () => reply(201, { id: "c9" }),
      "POST /enrolments/{id}/payment": () => reply(200, {}),
      "GET /rooms": () =>
        reply(200, [
          { id: "m1", name: "Blue" },
          { id: "m2", name: "Green" },
        ]),
      "PATCH /rooms/{id}": () => reply(200, {}),
    },
  );
  return runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer, seed });
}

const writes = (calls: readonly string[]): string[] => calls.filter((call) => !call.startsWith("GET"));

describe.each([1, 2])("with the seed %i", (seed) => {
  test.each([
    [
      "Enrol Ida Moll for the course Pottery and pay for it by card.",
      [
        'POST /courses/c1/enrolments {"studentId":"u1"} -> 201',
        'POST /enrolments/e7/payment {"method":"card"} -> 200',
      ],
    ],
    ["Enrol Tom Reuter for Latin for beginners.", ['POST /courses/c2/enrolments {"studentId":"u2"} -> 201']],
    ["Replace the name of the room Blue with East.", ['PATCH /rooms/m1 {"name":"East"} -> 200']],
  ])("%s", async (goal, sent) => {
    const { calls, finished } = await club(goal, seed);
    expect(writes(calls)).toEqual(sent);
    expect(finished).toBe("Every part of the goal is done.");
  });

  test("a person who is not there is enrolled for nothing", async () => {
    const { calls, finished } = await club("Enrol Otto Falk for the course Pottery.", seed);
    expect(writes(calls)).toEqual([]);
    expect(finished).toBe('Cannot go on: nothing here is called "Otto Falk".');
  });
});
