import type { ApiDescription } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { suggestChecks } from "./suggest-checks.ts";

const api = (...lines: string[]): ApiDescription => apiOf("rest", ...lines);
const tools = (...lines: string[]): ApiDescription => apiOf("mcp", ...lines);

const CLINIC = api(
  "POST /login | Log in | email! password! | token",
  "GET /owners | List owners | | [].id [].name",
  "POST /owners | Add an owner | name! city | id name city",
  "GET /owners/{ownerId} | Get an owner | | id name city",
  "PUT /owners/{ownerId} | Update an owner | name city | id name city",
  "DELETE /owners/{ownerId} | Delete an owner",
  "POST /owners/{ownerId}/pets | Add a pet to an owner | name! | id name ownerId",
  "GET /owners/{ownerId}/pets/{petId} | Get a pet | | id name",
);
const TICKETS = api(
  "GET /tickets | List tickets | | items[].id items[].state",
  "POST /tickets | File a ticket | title! | ticketId",
  "POST /tickets/{ticketId}/close | Close a ticket | | ticketId state=open,closed",
  "GET /tickets/{ticketId} | Read a ticket | | ticketId title state=open,closed",
  "POST /tickets/{ticketId}/comments | Comment on a ticket | text! | text",
);

const checksOf = (goal: string, of: ApiDescription) =>
  suggestChecks(goal, [of]).checks.map(({ check }) => check);

test("what is made is read back with the values that the goal names", () => {
  expect(checksOf('Log in, add an owner called "Ann", log out.', CLINIC)).toEqual([
    {
      action: {
        operation: "POST /owners",
        status: "2xx",
        body: { "$.name": "Ann" },
        capture: { ownerId: "$.id" },
      },
    },
    {
      probe: { operation: "GET /owners/{ownerId}", expect: { status: 200, body: { "$.name": "Ann" } } },
    },
  ]);
});

test("a later change is expected of the same read, which waits for it", () => {
  const checks = checksOf('Add an owner called "Ann", then update its city to "Bonn".', CLINIC);
  expect(checks.at(-1)).toEqual({
    probe: {
      operation: "GET /owners/{ownerId}",
      after: "PUT /owners/{ownerId}",
      expect: { status: 200, body: { "$.name": "Ann", "$.city": "Bonn" } },
    },
  });
});

test("what is removed must not be found; the state after a verb is expected", () => {
  expect(checksOf("Add an owner, then delete the owner.", CLINIC).at(-1)).toEqual({
    probe: {
      operation: "GET /owners/{ownerId}",
      after: "DELETE /owners/{ownerId}",
      expect: { status: [404, 410] },
    },
  });
  expect(checksOf('File a ticket titled "Broken lamp", then close it.', TICKETS).at(-1)).toEqual({
    probe: {
      operation: "GET /tickets/{ticketId}",
      after: "POST /tickets/{ticketId}/close",
      expect: { status: 200, body: { "$.title": "Broken lamp", "$.state": "closed" } },
    },
  });
});

test("a parameter of a parent is taken from the answer too", () => {
  const checks = checksOf('Add an owner, add a pet called "Rex" to the owner.', CLINIC);
  expect(checks).toContainEqual({
    probe: {
      operation: "GET /owners/{ownerId2}/pets/{petId}",
      expect: { status: 200, body: { "$.name": "Rex" } },
    },
  });
});

test("a part that no operation serves is named; logging in and looking are no parts", () => {
  const { checks, proof } = suggestChecks("Log in, add an owner, escalate it, then look at the owner.", [
    CLINIC,
  ]);
  expect(proof).toEqual({
    parts: ["add an owner", "escalate it"],
    unproven: ["escalate it"],
  });
  expect(checks.flatMap(({ proves }) => proves)).not.toContain("look at the owner");
});

test.each(["Log in.", "Log in, log out."])("%s proves nothing", (goal) => {
  expect(checksOf(goal, CLINIC)).toEqual([]);
});

test("an operation that serves two parts must have been done twice", () => {
  expect(checksOf('Add an owner called "Ann", then add another owner called "Bob".', CLINIC)).toEqual([
    { action: { operation: "POST /owners", status: "2xx", count: 2 } },
  ]);
});

const FILES = tools(
  "tool write_file | Create a new file or overwrite an existing file with new content | path! content!",
  "tool read_file | Read the contents of a file. DEPRECATED: use read_text_file | path!",
  "tool read_text_file | Read the complete contents of a file as text | path! head tail",
  "tool get_file_info | Get metadata about a file | path!",
  "tool list_directory | List all files in a directory | path!",
  "tool move_file | Move a file | source! destination!",
);

test("what a tool wrote is read by the tool that takes the same values and shows the other one", () => {
  expect(checksOf('Write "hello there" into the file "/tmp/a.txt".', FILES)).toEqual([
    { action: { operation: "tool write_file", status: "2xx" } },
    {
      probe: {
        operation: "tool read_text_file",
        arguments: { path: "/tmp/a.txt" },
        after: "tool write_file",
        expect: { status: 200, text: { contains: "hello there" } },
      },
    },
  ]);
  // A value that differs by session, a short one, and one that no tool reads back.
  for (const goal of [
    'Write "hello there" into the file "/tmp/{{name}}.txt".',
    'Write "hi" into the file "/tmp/a.txt".',
    'Move the file "/tmp/a.txt" to "/tmp/b.txt".',
  ])
    expect(checksOf(goal, FILES).flatMap((check) => ("probe" in check ? [goal] : []))).toEqual([]);
});

test("a tool that shows everything finds what another one was given", () => {
  const memory = tools(
    "tool create_entities | Create multiple new entities in the knowledge graph | entities[].name! entities[].entityType!",
    "tool read_graph | Read the entire knowledge graph",
    "tool search_nodes | Search for nodes in the knowledge graph | query!",
  );
  expect(
    checksOf('Create an entity named "Ada Field" with the entity type "person".', memory),
  ).toContainEqual({
    probe: {
      operation: "tool read_graph",
      after: "tool create_entities",
      expect: { status: 200, text: { contains: "Ada Field" } },
    },
  });
});

test("a thing whose id a tool answers is read by that id", () => {
  const notes = tools(
    "tool add_note | Add a note | title! | noteId title",
    "tool get_note | Get a note | noteId! | noteId title",
  );
  expect(checksOf('Add a note titled "Buy milk".', notes)).toEqual([
    {
      action: {
        operation: "tool add_note",
        status: "2xx",
        body: { "$.title": "Buy milk" },
        capture: { noteId: "$.noteId" },
      },
    },
    {
      probe: {
        operation: "tool get_note",
        arguments: { noteId: "{noteId}" },
        expect: { status: 200, body: { "$.title": "Buy milk" } },
      },
    },
  ]);
});

test("the page after a form shows the text that the goal names for it", () => {
  const forum: ApiDescription = {
    ...api("POST /topics/new | Open a topic | title! text!", "POST /login | Log in | name! password!"),
    kind: "web",
  };
  expect(checksOf('Log in and open a topic with the title "Tyres for winter".', forum)).toEqual([
    {
      action: { operation: "POST /topics/new", status: "2xx", text: { contains: "Tyres for winter" } },
    },
  ]);
  expect(checksOf("Log in and open a topic.", forum)).toEqual([
    { action: { operation: "POST /topics/new", status: "2xx" } },
  ]);
});

test("a read by GraphQL selects what only some types have within fragments", () => {
  const shop = api(
    "mutation addNote | Add a note | title! | id title",
    "query note | Show a note | id! | id",
  );
  const [add, show] = shop.operations;
  if (add === undefined || show === undefined) throw new Error("there are two");
  add.signature = "(title: String!): Note!";
  show.signature = "(id: ID!): Note";
  show.fields = [
    ...show.fields,
    {
      in: "answer",
      name: "title",
      type: "string",
      required: false,
      description: "",
      onTypes: [{ at: "", types: ["Text", "Draft"] }],
    },
  ];
  expect(checksOf('Add a note titled "Buy milk".', { ...shop, kind: "graphql" })).toContainEqual({
    probe: {
      operation: "query note",
      document:
        "query($id: ID!) { note(id: $id) { __typename id ... on Text { title } ... on Draft { title } } }",
      arguments: { id: "{noteId}" },
      expect: { status: 200, body: { "$.data.note.title": "Buy milk" } },
    },
  });
});

const WORK_ORDERS = api(
  "GET /orders | List work orders | | [].orderId [].title",
  "POST /orders | Open a work order | title! | orderId title assignee status",
  "GET /orders/{orderId} | Get a work order | | orderId title assignee status=open,done",
  "PATCH /orders/{orderId} | Update a work order | assignee status=open,done | orderId title assignee status=open,done",
  "DELETE /orders/{orderId} | Delete a work order",
);

test("several changes by one update are all read back", () => {
  const { checks, proof } = suggestChecks(
    'Open a work order titled "Yaw motor", assign it to "Maria Lund", then mark it as done.',
    [WORK_ORDERS],
  );
  const probe = checks.flatMap(({ check }) => ("probe" in check ? check.probe : []));
  expect(probe).toMatchObject([
    {
      after: expect.stringMatching(/^PATCH /),
      expect: { body: { "$.title": "Yaw motor", "$.assignee": "Maria Lund", "$.status": "done" } },
    },
  ]);
  expect(proof.unproven).toEqual([]);
});

test("that a thing is gone does not prove that it was made", () => {
  const { proof } = suggestChecks('Open a work order titled "Yaw motor", then delete it.', [WORK_ORDERS]);
  expect(proof.accepted).toEqual(['Open a work order titled "Yaw motor"']);
});

test("a check of what an operation made proves nothing of a part that none serves", () => {
  const subscriptions = apiOf(
    "rest",
    "POST /subscriptions | Take out a subscription | plan | id plan",
    "GET /subscriptions/{id} | A subscription | | id plan",
  );
  const { proof } = suggestChecks("Take out a subscription and sing a song about it", [subscriptions]);
  expect(proof.unproven).toEqual(["sing a song about it"]);
});

test("with several APIs a check names the target of its operation, with one it does not", () => {
  const tanks = apiOf("rest", "POST /tanks | Add a tank | note | id", "GET /tanks/{id} | A tank | | id");
  const boats = { ...apiOf("rest", "POST /boats | Add a boat | note | id"), target: "harbour" };
  const operations = (apis: Parameters<typeof suggestChecks>[1]): string[] =>
    suggestChecks("Add a tank", apis).checks.flatMap(({ check }) =>
      "action" in check ? check.action.operation : "probe" in check ? check.probe.operation : [],
    );
  expect(operations([tanks])).toEqual(["POST /tanks", "GET /tanks/{tankId}"]);
  expect(operations([tanks, boats])).toEqual(["app: POST /tanks", "app: GET /tanks/{tankId}"]);
});

const CELLAR = api(
  "GET /barrels | Barrels | | [].id# [].wine",
  "GET /barrels/{id} | A barrel | | id# wine litres# note",
  "PATCH /barrels/{id} | Change a barrel | wine litres# note | id# wine litres# note",
);

test.each([
  'Set the note of barrel 3 to "old" and set the litres of barrel 4 to 90',
  'Change the wine of barrel 3 to "Merlot", then change its litres to 80',
  'Set the note of the barrel "Ann" to "old" and the note of the barrel "Bo" to "new"',
])("what probes take from answers is kept by an action check: %s", (goal) => {
  const checks = checksOf(goal, CELLAR);
  const kept = checks.flatMap((check) => ("action" in check ? Object.keys(check.action.capture ?? {}) : []));
  const paths = checks.flatMap((check) => ("action" in check ? (check.action.operation ?? "") : []));
  for (const check of checks)
    if ("probe" in check)
      for (const [, name = ""] of JSON.stringify(check.probe).matchAll(/\{(\w+)\}/g))
        expect([...kept, ...paths.join(" ").matchAll(/\{(\w+)\}/g)].flat()).toContain(name);
});

test("where a thing is moved to is no other text of it", () => {
  const texts = JSON.stringify(checksOf("Move barrel 3 to the Deep Cellar and set its litres to 80", CELLAR));
  expect(texts).not.toContain("Deep Cellar");
  expect(texts).toContain('"$.litres":80');
});
