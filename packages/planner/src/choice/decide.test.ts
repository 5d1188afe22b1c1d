import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { field, operation } from "../../test/fake.ts";
import { nextCall, nextCalls, type Past } from "../../test/next-call.ts";

const api = {
  target: "pad",
  title: "The pad",
  documented: true,
  auth: [],
  operations: [
    operation("GET /notes", "List the notes", [
      field("query", "page", "integer", "Which page to show, counting from 1", { minimum: 1 }),
      field("answer", "[].id", "string", "Id of the note"),
      field("answer", "[].price", "number", "Price of the note in dollars"),
    ]),
    operation("POST /notes", "Write a note", [
      field("body", "title", "string!", "Title of the note"),
      field("answer", "id", "string", "Id of the note"),
    ]),
    operation("GET /status", "Show the status of the pad", [field("answer", "state", "string", "State")]),
  ],
};
const next = (goal: string, ...history: Past[]) => nextCall(api, goal, history);
const LIST: Past = ["GET /notes", 200, [{ id: "n1", price: 5 }]];
const DONE = "finish: Every part of the goal is done.";

test("where nothing serves the goal, nothing is called", () => {
  expect(next("Paint the fence.")).toBe('finish: Nothing is done: nothing here serves "Paint the fence".');
  expect(next("")).toBe("finish: Nothing here serves the goal.");
  expect(next("Write a note, paint the fence.", ['POST /notes {"title":"x"}', 201, { id: "n1" }])).toBe(
    'finish: The other parts of the goal are done; nothing here serves "paint the fence".',
  );
});

test("a list that ends, and a list that may not be read, are told apart from one that is busy", () => {
  const goal = "Find a note over $90.";
  expect(next(goal, ["GET /notes", 503])).toBe("GET /notes");
  expect(next(goal, ["GET /notes", 403])).toMatch(/^finish: /);
  expect(next(goal, LIST)).toBe("GET /notes?page=2");
  for (const status of [400, 404, 416])
    expect(next(goal, LIST, ["GET /notes?page=2", status])).toBe(
      "finish: The list ends without anything that suits.",
    );
  expect(next(goal, LIST, ["GET /notes?page=2", 429])).toBe("GET /notes?page=2");
  expect(next(goal, LIST, ["GET /notes?page=2", 500])).toBe("GET /notes?page=2");
});

test("a list that no step chooses from is read on until it shows what the goal asks for", () => {
  const goal = "Find a note over $90.";
  const page = (...items: Json[]): Past => ["GET /notes?page=2", 200, items];
  expect(next(goal, LIST, page({ id: "n2", price: 95 }))).toBe(DONE);
  expect(next(goal, LIST, page())).toBe(DONE);
  expect(next("List the notes.", LIST)).toBe(DONE);
});

test("a call besides the plan may fail without harm, but not because of the server", () => {
  const goal = "List the notes, then write a note.";
  const write = /^POST \/notes \{"title":/;
  expect(next(goal, LIST, ["GET /status", 404])).toMatch(write);
  expect(next(goal, LIST, ["GET /status", 500])).toBe("GET /status");
  expect(next(goal, LIST, ["GET /status", 429])).toBe("GET /status");
  expect(next(goal, LIST, ["GET /status", 0])).toBe("GET /status");
  expect(next(goal, LIST, ["GET /status", 401])).toMatch(/^finish: .*no way to log in/);
});

test("the same call is made eight times at most", () => {
  const goal = `${'Write a note with the title "A", '.repeat(9)}list the notes.`;
  const written: Past = ['POST /notes {"title":"A"}', 201, { id: "n1" }];
  const after = (count: number) => next(goal, ...Array.from({ length: count }, () => written));
  expect(after(7)).toBe('POST /notes {"title":"A"}');
  expect(after(8)).toBe("finish: POST /notes was made 8 times and leads nowhere.");
  const other: Past = ['POST /notes {"title":"B"}', 201, { id: "n1" }];
  expect(next(goal, other, ...Array.from({ length: 7 }, () => written))).toBe('POST /notes {"title":"A"}');
});

const UNKNOWN = { target: "dark", title: "Dark", documented: false, auth: [], operations: [] };
const explore = (goal: string, ...history: Past[]) => nextCall(UNKNOWN, goal, history);

test("an API without a document is looked through by its links, those of the goal first", () => {
  const goal = "Look at the lamps.";
  expect(explore(goal)).toBe("GET /");
  const home: Past = [
    "GET /",
    200,
    { links: { rugs: "/rugs", lamps: "/lamps?a=1" }, note: "not/a/link", other: "http://x/lamps" },
  ];
  expect(explore(goal, home)).toBe("GET /lamps?a=1");
  expect(explore(goal, home, ["GET /lamps?a=1", 200, []])).toBe("GET /rugs");
  expect(explore(goal, home, ["GET /lamps?a=1", 200, []], ["GET /rugs", 200, []])).toBe(
    "finish: There is nothing left to look at.",
  );
  expect(explore(goal, ["GET /", 404, { lamps: "/lamps" }])).toBe(
    "finish: There is nothing left to look at.",
  );
});

test.each<[Json, string]>([
  [[{ id: 7 }], "GET /lamps/7"],
  [[{ key: "a b" }], "GET /lamps/a%20b"],
  [[{ slug: "red" }], "GET /lamps/red"],
  [{ items: [{ id: "x" }] }, "GET /lamps/x"],
  [[{ id: null }], "finish: There is nothing left to look at."],
  [["/a", { id: "b" }], "GET /a"],
  ['<a href="/deep/x?y=1">x</a><a href=\'/no\'>y</a><a href="#z">z</a>', "GET /deep/x?y=1"],
  [{ a: { b: { c: "/near" } } }, "GET /near"],
  [{ a: { b: { c: { d: { e: "/far" } } } } }, "finish: There is nothing left to look at."],
])("of %j the first link is followed: %s", (body, call) => {
  expect(explore("Look.", ["GET /lamps/", 200, body])).toBe(call);
});

test("it does not look for ever", () => {
  const calls = Array.from(
    { length: 12 },
    (_, index): Past => [`GET /${index}`, 200, { next: `/${index + 1}` }],
  );
  expect(explore("Look.", ...calls.slice(0, 11))).toBe("GET /11");
  expect(explore("Look.", ...calls)).toBe("finish: Looked around long enough.");
});

const tidy = {
  ...api,
  operations: [
    operation("POST /orders", "Order a lamp", [
      field("body", "count", "integer!", "How many", { minimum: 1 }),
      field("body", "colour", "string!", "Colour", { example: "red" }),
      field("answer", "id", "string", "Id of the order"),
    ]),
    operation("POST /greetings", "Send a greeting", [
      field("body", "text", "string!", "Text", { example: "Hello" }),
    ]),
    operation("GET /status", "Show the status", []),
  ],
};
const adversary = (goal: string, ...history: Past[]) =>
  nextCalls(tidy, goal, history, { persona: "You send invalid values." });

test("an adversarial user sends the first thing that changes something once with a wrong value, then rightly", () => {
  expect(adversary("Order 3 lamps.")).toEqual(['POST /orders {"count":-1,"colour":"red"}']);
  expect(adversary("Order 3 lamps.", ['POST /orders {"count":-1,"colour":"red"}', 422])).toEqual([
    'POST /orders {"count":3,"colour":"red"}',
  ]);
  expect(adversary("Order 3 lamps.", ['POST /orders {"count":-1,"colour":"red"}', 500])[0]).toBe(
    'POST /orders {"count":3,"colour":"red"}',
  );
  expect(adversary("Send a greeting.")).toEqual(['POST /greetings {"text":""}']);
  expect(
    adversary("Order 3 lamps, send a greeting.", ['POST /orders {"count":3,"colour":"red"}', 201])[0],
  ).toBe('POST /greetings {"text":"Hello"}');
  expect(adversary("Show the status.")).toEqual(["GET /status", DONE]);
});
