import { expect, test } from "vitest";
import { fake, field, operation, reply } from "../test/fake.ts";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const id = field("path", "id", "integer!", "");
const RACKS = [
  { id: 11, label: "EAST-1" },
  { id: 12, label: "EAST-2" },
  { id: 13, label: "Old-C" },
];
/** Three racks with six crates each, numbered within their rack. */
const CRATES = RACKS.flatMap((rack, at) =>
  [1, 2, 3, 4, 5, 6].map((number) => ({
    id: 100 + at * 6 + number,
    rack_id: rack.id,
    number,
    state: "free",
  })),
);
const STATES = { enum: ["free", "held", "repair"] };

function store(goal: string) {
  const { api, answer } = fake(
    "store",
    [
      operation("GET /racks", "List racks", [
        field("answer", "[].id", "integer", ""),
        field("answer", "[].label", "string", ""),
      ]),
      operation("GET /crates", "List crates", [
        field("query", "rack_id", "integer", ""),
        field("answer", "[].id", "integer", ""),
        field("answer", "[].rack_id", "integer", ""),
        field("answer", "[].number", "integer", ""),
        field("answer", "[].state", "string", "", STATES),
      ]),
      operation("GET /crates/{id}", "Get a crate", [id, field("answer", "id", "integer", "")]),
      operation("POST /crates/{id}/hold", "Hold a crate", [id]),
      operation("PATCH /crates/{id}", "Update a crate", [
        id,
        field("body", "state", "string", "", STATES),
        field("body", "weight", "number", ""),
        field("body", "note", "string", ""),
      ]),
      operation("POST /crates/{id}/bookings", "Book a crate", [id, field("body", "days", "integer!", "")]),
      operation("POST /samples", "Take a sample", [
        field("body", "crate_id", "integer!", ""),
        field("body", "purpose", "string!", ""),
        field("answer", "id", "integer", ""),
      ]),
    ],
    {
      "GET /racks": () => reply(200, RACKS),
      "GET /crates": ({ query }) =>
        reply(
          200,
          CRATES.filter(({ rack_id }) => query.rack_id === undefined || String(rack_id) === query.rack_id),
        ),
      "GET /crates/{id}": ({ params }) =>
        reply(200, CRATES.find((one) => String(one.id) === params.id) ?? null),
      "POST /crates/{id}/hold": () => reply(200, {}),
      "PATCH /crates/{id}": () => reply(200, {}),
      "POST /crates/{id}/bookings": () => reply(201, {}),
      "POST /samples": () => reply(201, { id: 1 }),
    },
  );
  return runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer });
}

const writes = (calls: readonly string[]): string[] =>
  calls.filter((call) => !call.startsWith("GET")).map((call) => call.replace(/ -> \d+$/, ""));

test.each([
  // A number within another thing, of a list that is shown in part: the list is asked for that other thing.
  ["Hold crate 4 of rack EAST-2.", "POST /crates/110/hold"],
  ["Hold crate number 4 of the rack Old-C.", "POST /crates/116/hold"],
  ["Hold crate 3 of rack EAST-1.", "POST /crates/103/hold"],
  [
    'Take a sample of crate 5 of rack Old-C, purpose "mould".',
    'POST /samples {"crate_id":117,"purpose":"mould"}',
  ],
  // Verbs of changes.
  ["Correct the weight of crate 102 to 12.5.", 'PATCH /crates/102 {"weight":12.5}'],
  [
    'Correct the weight of crate 102 to 90 and its note to "Weighed again".',
    'PATCH /crates/102 {"weight":90,"note":"Weighed again"}',
  ],
  ["Send crate 102 to repair.", 'PATCH /crates/102 {"state":"repair"}'],
])("%s", async (goal, call) => {
  const { calls, finished } = await store(goal);
  expect(writes(calls)).toEqual([call]);
  expect(finished).toBe("Every part of the goal is done.");
});

test("any of the things that belong to another one will do where an article says so", async () => {
  const { calls } = await store("Hold a crate of rack Old-C.");
  expect(writes(calls)).toEqual([expect.stringMatching(/^POST \/crates\/11[3-8]\/hold$/)]);
});

test.each(["Send crate 102 out.", "Hold crate 9 of rack EAST-2.", "Hold crate 4 of rack WEST-9."])(
  "%s: nothing else is done instead",
  async (goal) => {
    const { calls, finished } = await store(goal);
    expect(writes(calls)).toEqual([]);
    expect(finished).not.toContain("Every part");
  },
);

test("several things that one clause counts are each another one", async () => {
  const { calls } = await store("Hold two crates.");
  const held = writes(calls);
  expect(held).toHaveLength(2);
  expect(new Set(held).size).toBe(2);
});
