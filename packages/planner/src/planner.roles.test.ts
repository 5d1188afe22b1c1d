import { describe, expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const id = (name: string) => field("path", name, "string!", "");
const names = (...more: ReturnType<typeof field>[]) => [
  field("answer", "[].id", "string", ""),
  field("answer", "[].name", "string", ""),
  ...more,
];
const pairs = (...all: [string, string][]) =>
  reply(
    200,
    all.map(([key, name]) => ({ id: key, name })),
  );

/** Film sets with posts, which crew members fill. Sets are opened and closed. */
function film(goal: string, seed = 1) {
  const SETS = [
    { id: "s1", name: "Harbour Night", state: "open" },
    { id: "s2", name: "The Winter Road", state: "prepared" },
    { id: "s3", name: "Salt", state: "closed" },
  ];
  const { api, answer } = fake(
    "film",
    [
      operation("GET /sets", "List film sets", [
        field("query", "state", "string", "", { enum: ["prepared", "open", "closed"] }),
        ...names(field("answer", "[].state", "string", "", { enum: ["prepared", "open", "closed"] })),
      ]),
      operation("GET /sets/{sid}/posts", "List the posts of a set", [id("sid"), ...names()]),
      operation("GET /workers", "List workers", names()),
      operation("PUT /sets/{sid}/posts/{postId}/filling", "Hire a worker for a post", [
        id("sid"),
        id("postId"),
        field("body", "workerId", "string!", ""),
      ]),
      operation("POST /sets/{sid}/open", "Open a prepared set", [id("sid")]),
      operation("POST /sets/{sid}/close", "Close an open set", [id("sid")]),
    ],
    {
      "GET /sets": ({ query }) =>
        reply(
          200,
          SETS.filter(({ state }) => query.state === undefined || query.state === state),
        ),
      "GET /sets/{sid}/posts": ({ params }) =>
        pairs([`${params.sid}-a`, "Gaffer"], [`${params.sid}-b`, "Best Boy"]),
      "GET /workers": () => pairs(["w1", "Ada Moor"], ["w2", "Ben Stahl"], ["w3", "Mila Sand"]),
      "PUT /sets/{sid}/posts/{postId}/filling": () => reply(200, {}),
      "POST /sets/{sid}/open": ({ params }) =>
        params.sid === "s2" ? reply(200, {}) : reply(409, { message: "Only a prepared set can be opened" }),
      "POST /sets/{sid}/close": () => reply(200, {}),
    },
  );
  return runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer, seed });
}

describe.each([1, 2, 3])("with the seed %i", (seed) => {
  test("the verb of a clause is no value of a filter", async () => {
    const { calls, finished } = await film("Open The Winter Road to the public.", seed);
    expect(calls).toEqual(["GET /sets -> 200", "POST /sets/s2/open -> 200"]);
    expect(finished).toMatch(/^(?:Every part|What was understood) of the goal is done/);
  });

  test("each name is that of its own kind of thing: the person, the post, and what it is in", async () => {
    const { calls, finished } = await film(
      "Hire Mila Sand as Gaffer in The Winter Road, then open it.",
      seed,
    );
    expect(calls.filter((call) => !call.startsWith("GET"))).toEqual([
      'PUT /sets/s2/posts/s2-a/filling {"workerId":"w3"} -> 200',
      "POST /sets/s2/open -> 200",
    ]);
    expect(finished).toBe("Every part of the goal is done.");
  });

  test("a missing person is named, and no other person is taken", async () => {
    const { calls, finished } = await film("Hire Otto Falk as Gaffer in The Winter Road.", seed);
    expect(calls.filter((call) => !call.startsWith("GET"))).toEqual([]);
    expect(finished).toBe('Cannot go on: nothing here is called "Otto Falk".');
  });

  test("what cannot be opened is refused by the target, in its words", async () => {
    const { calls, finished } = await film("Open Salt.", seed);
    expect(calls.at(-1)).toBe("POST /sets/s3/open -> 409");
    expect(finished).toBe('POST /sets/s3/open failed with 409 ("Only a prepared set can be opened").');
  });
});
