import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../../test/fake.ts";
import { runPlannerSession } from "../../test/session.ts";
import { createPlanner } from "../planner.ts";

const listed = [field("answer", "[].id", "string", ""), field("answer", "[].title", "string", "")];
const own = [field("answer", "id", "string", "")];

/** A contest whose entries are screened before they are accepted. */
function contest(refusal: { status: number; text: string }, needed = 1) {
  const screened = new Map<string, number>();
  const accepted: string[] = [];
  const { api, answer } = fake(
    "contest",
    [
      operation("GET /entries", "List entries", listed),
      operation("POST /entries/{id}/screen", "Screen an entry", [field("path", "id", "string!", ""), ...own]),
      operation("POST /entries/{id}/accept", "Accept an entry", [
        field("path", "id", "string!", ""),
        field("body", "remark", "string!", ""),
        ...own,
      ]),
    ],
    {
      "GET /entries": () =>
        reply(
          200,
          ["e1", "e2", "e3", "e4"].map((id) => ({ id, title: `Entry ${id}` })),
        ),
      "POST /entries/{id}/screen": ({ params: { id = "" } }) => {
        screened.set(id, (screened.get(id) ?? 0) + 1);
        return reply(200, { id });
      },
      "POST /entries/{id}/accept": ({ params: { id = "" } }) => {
        if ((screened.get(id) ?? 0) < needed) return reply(refusal.status, { error: refusal.text });
        accepted.push(id);
        return reply(200, { id });
      },
    },
  );
  return { api, answer, screened, accepted };
}

test.each([
  [409, "Screen the entry first"],
  [422, "The entry must be screened before it can be accepted."],
  [403, "This entry is not screened yet: screen it first."],
])("%i %s: the refused thing is screened, and the same call is made again", async (status, text) => {
  const { api, answer, screened, accepted } = contest({ status, text });
  for (const seed of [1, 2, 3]) {
    const { calls, finished } = await runPlannerSession({
      planner: createPlanner(),
      apis: [api],
      goal: "Find an entry and accept it.",
      answer,
      seed,
    });
    const tries = calls.filter((call) => call.includes("/accept"));
    if (tries.length > 1) expect(tries[1]?.replace(/ -> .*/, "")).toBe(tries[0]?.replace(/ -> .*/, ""));
    expect(finished).toBe("Every part of the goal is done.");
  }
  expect(new Set(screened.keys())).toEqual(new Set(accepted));
});

test("where that does not help, the next thing is screened before it is refused again", async () => {
  const { api, answer, screened } = contest({ status: 409, text: "Screen the entry first" }, 2);
  const { calls } = await runPlannerSession({
    planner: createPlanner(),
    apis: [api],
    goal: "Find an entry and accept it.",
    answer,
  });
  expect(Math.max(...screened.values())).toBe(1);
  expect(calls.filter((call) => call.includes("/screen")).length).toBe(screened.size);
});

test("the thing is given in the body where its name says so", async () => {
  const cleared = new Set<string>();
  const { api, answer } = fake(
    "port",
    [
      operation("GET /crates", "List crates", listed),
      operation("POST /clearances", "Clear a crate", [field("body", "crateId", "string!", ""), ...own]),
      operation("POST /crates/{crateId}/release", "Release a crate", [
        field("path", "crateId", "string!", ""),
        ...own,
      ]),
    ],
    {
      "GET /crates": () =>
        reply(
          200,
          ["c1", "c2", "c3"].map((id) => ({ id, title: id })),
        ),
      "POST /clearances": ({ data }) => {
        cleared.add(String(data.crateId));
        return reply(201, { id: "k1" });
      },
      "POST /crates/{crateId}/release": ({ params: { crateId = "" } }) =>
        cleared.has(crateId)
          ? reply(200, { id: crateId })
          : reply(409, { message: "Clear the crate first." }),
    },
  );
  const { calls } = await runPlannerSession({
    planner: createPlanner(),
    apis: [api],
    goal: "Find a crate and release it.",
    answer,
  });
  const released = calls.filter((call) => call.includes("/release"));
  expect(released).toHaveLength(2);
  expect(new Set(released.map((call) => call.split(" ")[1])).size).toBe(1);
  expect([...cleared]).toEqual([released[0]?.split("/")[2]]);
});

test.each(["request is shipped, not submitted", "The request must be submitted before."])(
  "another thing of the same kind is none that helps: %s",
  async (message) => {
    const requests = [1, 2].map((id) => ({ id, title: `Request of lot ${id}` }));
    const { api, answer } = fake(
      "port",
      [
        operation("GET /requests", "List requests", [
          field("answer", "[].id", "integer", ""),
          field("answer", "[].title", "string", ""),
        ]),
        operation("POST /requests", "Submit a request", [field("body", "purpose", "string!", "")]),
        operation("POST /requests/{id}/approve", "Approve a request", [field("path", "id", "integer!", "")]),
      ],
      {
        "GET /requests": () => reply(200, requests),
        "POST /requests": () => reply(201, { id: 3 }),
        "POST /requests/{id}/approve": () => reply(409, { message }),
      },
    );
    const { calls } = await runPlannerSession({
      planner: createPlanner(),
      apis: [api],
      goal: "Approve request 2.",
      answer,
    });
    expect(calls.filter((call) => call.startsWith("POST /requests "))).toEqual([]);
    expect(calls.some((call) => call.startsWith("POST /requests/2/approve"))).toBe(true);
  },
);
