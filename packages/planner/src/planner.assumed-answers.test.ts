import type { Json } from "@ape/core/lib/json";
import type { ApiOperation } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { field, operation, reply } from "../test/fake.ts";
import { type FakeCall, runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const LIST = [
  { id: 41, name: "Alma" },
  { id: 42, name: "Mira" },
];

/** The calls of a session with an API whose document describes no answers. */
async function calls(goal: string, operations: ApiOperation[], list: Json = LIST): Promise<string[]> {
  const api = { target: "app", title: "", documented: true, auth: [], operations };
  const answer = ({ method }: FakeCall) => (method === "GET" ? reply(200, list) : reply(201, { id: 7 }));
  const result = await runPlannerSession({ planner: createPlanner(), apis: [api], goal, answer });
  return result.calls;
}

const boats = operation("GET /boats", "List the boats", []);
const hire = operation("POST /charters", "Hire a boat", [field("body", "boatId", "integer!", "")]);
const feed = operation("POST /pets/{petId}/feed", "Feed a pet", [field("path", "petId", "integer!", "")]);

test.each<[string, string, ApiOperation[], Json, RegExp]>([
  [
    "of a list",
    "List the boats, then hire a boat.",
    [boats, hire],
    LIST,
    /^POST \/charters \{"boatId":4[12]\}/,
  ],
  ["that was not asked for", "Hire a boat.", [boats, hire], LIST, /^POST \/charters \{"boatId":4[12]\}/],
  ["of a list within an answer", "Hire a boat.", [boats, hire], { items: LIST }, /\{"boatId":4[12]\}/],
  [
    "with another name",
    "Hire a boat.",
    [boats, hire],
    [{ boatId: 41, name: "Alma" }],
    /^POST \/charters \{"boatId":41\}/,
  ],
  ["of a path", "Feed a pet.", [operation("GET /pets", "", []), feed], LIST, /^POST \/pets\/4[12]\/feed/],
  ["of what the goal names", "Hire the boat Mira.", [boats, hire], LIST, /\{"boatId":42\}/],
])("an id %s is taken from an answer that no document describes", async (_, goal, operations, list, last) => {
  const made = await calls(goal, operations, list);
  expect(made[0]).toMatch(/^GET \/(?:boats|pets) -> 200/);
  expect(made.at(-1)).toMatch(last);
});

test("what was made is known by the id of its answer", async () => {
  const operations = [
    operation("POST /notes", "Create a note", [field("body", "text", "string!", "")]),
    operation("DELETE /notes/{noteId}", "Delete a note", [field("path", "noteId", "integer!", "")]),
  ];
  expect((await calls("Create a note, then delete it.", operations)).at(-1)).toMatch(/^DELETE \/notes\/7 /);
});

test("a list whose answer is described has what it is said to have", async () => {
  const described = operation("GET /boats", "List the boats", [
    field("answer", "[].hull", "string", "Hull number, the id of the boat"),
  ]);
  const list = [{ id: 1, hull: "H-7", name: "Alma" }];
  const hireHull = operation("POST /charters", "Hire a boat", [field("body", "hull", "string!", "")]);
  expect((await calls("Hire a boat.", [described, hireHull], list)).at(-1)).toMatch(/\{"hull":"H-7"\}/);
});

test("a list of which nothing is described is read, although other answers are described", async () => {
  const port = operation("GET /ports/{id}", "One port", [
    field("path", "id", "integer!", ""),
    field("answer", "code", "string", ""),
  ]);
  expect((await calls("Hire the boat Mira.", [boats, hire, port])).at(-1)).toMatch(/\{"boatId":42\}/);
});

const remove = operation("DELETE /notices/{id}", "Delete a notice", [field("path", "id", "integer!", "")]);

test.each([
  ["Mira", /^DELETE \/notices\/42 /],
  ["Kilim", /^GET \/notices /],
])("nothing is removed by a made-up id: the notice %s", async (name, last) => {
  const list = operation("GET /notices", "List the notices", []);
  const made = await calls(`Delete the notice "${name}".`, [list, remove]);
  expect(made.at(-1)).toMatch(last);
});
