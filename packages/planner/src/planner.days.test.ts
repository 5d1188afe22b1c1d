import { describe, expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

/** A choir: its rehearsals are on days and at times; members take a chair in one; new ones are planned for a day. */
function choir(goal: string, seed = 1, describes = true) {
  const REHEARSALS = [
    { id: "h1", day: "2027-01-09", start: "10:00", chairs: 9, free: 4, createdAt: "2026-03-04T10:00:00Z" },
    { id: "h2", day: "2027-01-09", start: "18:30", chairs: 9, free: 2, createdAt: "2026-03-04T10:00:00Z" },
    { id: "h3", day: "2027-03-04", start: "18:30", chairs: 5, free: 0, createdAt: "2026-03-04T10:00:00Z" },
    { id: "h4", day: "2027-03-05", start: "09:00", chairs: 5, free: 1, createdAt: "2026-03-04T10:00:00Z" },
  ];
  const { api, answer } = fake(
    "choir",
    [
      operation(
        "GET /rehearsals",
        "List rehearsals",
        describes
          ? [
              field("answer", "[].id", "string", ""),
              field("answer", "[].day", "string", "", { format: "date" }),
              field("answer", "[].start", "string", "Start, HH:MM"),
              field("answer", "[].free", "integer", "Free chairs"),
              field("answer", "[].createdAt", "string", "", { format: "date-time" }),
            ]
          : [],
      ),
      operation("POST /rehearsals", "Plan a rehearsal", [
        field("body", "day", "string!", "", { format: "date" }),
        field("answer", "id", "string", ""),
      ]),
      operation("PATCH /rehearsals/{id}", "Move a rehearsal", [
        field("path", "id", "string!", ""),
        field("body", "day", "string", "", { format: "date" }),
      ]),
      operation("POST /rehearsals/{id}/chairs", "Take a chair in a rehearsal", [
        field("path", "id", "string!", ""),
        field("body", "singer", "string!", ""),
        field("answer", "id", "string", ""),
      ]),
      operation("DELETE /rehearsals/{id}", "Cancel a rehearsal", [field("path", "id", "string!", "")]),
    ],
    {
      "GET /rehearsals": () => reply(200, REHEARSALS),
      "POST /rehearsals": () => reply(201, { id: "h9" }),
      "PATCH /rehearsals/{id}": () => reply(200, {}),
      "DELETE /rehearsals/{id}": () => ({ status: 204 }),
      "POST /rehearsals/{id}/chairs": ({ params }) =>
        params.id === "h3" ? reply(409, { message: "This rehearsal is full" }) : reply(201, { id: "c1" }),
    },
  );
  return runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer, seed });
}

describe("a day of which the goal gives no year", () => {
  test.each([1, 2, 3])("tells what is chosen from others, with the seed %i", async (seed) => {
    const { calls, finished } = await choir("Take a chair in the rehearsal on 5 March for Ida Moll.", seed);
    expect(calls.at(-1)).toBe('POST /rehearsals/h4/chairs {"singer":"Ida Moll"} -> 201');
    expect(finished).toBe("Every part of the goal is done.");
  });

  test.each([1, 2, 3])("does so with a time of day, with the seed %i", async (seed) => {
    const { calls, finished } = await choir(
      "Take a chair in the rehearsal on January 9 at 6:30 pm for Ida Moll.",
      seed,
    );
    expect(calls.at(-1)).toBe('POST /rehearsals/h2/chairs {"singer":"Ida Moll"} -> 201');
    expect(finished).toBe("Every part of the goal is done.");
  });

  test("is no other day: the target's refusal ends the session", async () => {
    const { calls, finished } = await choir("Take a chair in the rehearsal on 4 March for Ida Moll.");
    expect(calls.filter((call) => call.startsWith("POST"))).toHaveLength(1);
    expect(finished).toBe('POST /rehearsals/h3/chairs failed with 409 ("This rehearsal is full").');
  });

  test("is named where nothing is on it, and nothing is removed", async () => {
    const { calls, finished } = await choir("Cancel the rehearsal on 6 March.");
    expect(calls).toEqual(["GET /rehearsals -> 200"]);
    expect(finished).toBe('Cannot go on: nothing here is at "6 March".');
  });

  test.each([
    ["Cancel the rehearsal on 6 March 2027.", [], 'Cannot go on: nothing here is at "6 March 2027".'],
    ["Cancel the rehearsal on 5 March 2027.", ["DELETE /rehearsals/h4 -> 204"], undefined],
  ])("is looked for where no document describes the list, too: %s", async (goal, sent, reason) => {
    const { calls, finished } = await choir(goal, 1, false);
    expect(calls.filter((call) => !call.startsWith("GET"))).toEqual(sent);
    if (reason !== undefined) expect(finished).toBe(reason);
  });

  test("is the next such day in what is sent", async () => {
    const { calls } = await choir("Plan a rehearsal for 2 February.");
    expect(calls.at(-1)).toMatch(/^POST \/rehearsals \{"day":"20\d\d-02-02"\} -> 201$/);
  });

  test("behind to is the new one", async () => {
    const { calls, finished } = await choir("Move the rehearsal of 5 March to 7 March.");
    expect(calls.at(-1)).toMatch(/^PATCH \/rehearsals\/h4 \{"day":"20\d\d-03-07"\} -> 200$/);
    expect(finished).toBe("Every part of the goal is done.");
  });
});

test("a day with its year tells what is chosen from others, too", async () => {
  const { calls } = await choir("Cancel the rehearsal on 2027-03-05.");
  expect(calls.at(-1)).toBe("DELETE /rehearsals/h4 -> 204");
});

describe("where no document describes a list", () => {
  const BOOKS = [
    { id: 61, hostId: 2, note: "" },
    { id: 62, hostId: 3, note: "late" },
  ];
  const visits = (goal: string) => {
    const { api, answer } = fake(
      "visits",
      [
        operation("GET /visits", "List visits", []),
        operation("POST /visits", "Plan a visit", [
          field("body", "hostId", "integer!", ""),
          field("answer", "id", "integer", ""),
        ]),
        operation("PATCH /visits/{id}", "Change a visit", [
          field("path", "id", "integer!", ""),
          field("body", "note", "string", ""),
        ]),
        operation("POST /visits/{id}/cancel", "Cancel a visit", [field("path", "id", "integer!", "")]),
      ],
      {
        "GET /visits": () => reply(200, BOOKS),
        "POST /visits": () => reply(201, { id: 70 }),
        "PATCH /visits/{id}": () => reply(200, {}),
        "POST /visits/{id}/cancel": () => reply(200, {}),
      },
    );
    return runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer, seed: 1 });
  };

  test("its things are changed, and none is made in their place", async () => {
    const { calls } = await visits('Set the note of the visit to "parking at gate 3".');
    expect(calls[0]).toBe("GET /visits -> 200");
    expect(calls.filter((call) => call.startsWith("POST"))).toEqual([]);
  });

  test("none that shows no day is removed for one", async () => {
    const { calls, finished } = await visits("Cancel the visit on 8 December 2026.");
    expect(calls.filter((call) => call.startsWith("POST"))).toEqual([]);
    expect(finished).toContain("8 December 2026");
  });
});
