import type { Json } from "@ape/core/lib/json";
import type { ApiField } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { contextOf } from "../../test/context.ts";
import { field, operation } from "../../test/fake.ts";
import { column, nextCall, type Past } from "../../test/next-call.ts";
import type { Request } from "../planning-context.ts";
import { decideStep, setAtPath } from "./step-call.ts";

const apiOf = (...operations: ReturnType<typeof operation>[]) => ({
  target: "app",
  title: "t",
  documented: true,
  auth: [],
  operations,
});
const GOAL = "Send a parcel.";
const body = (name: string, type = "string!", traits: Partial<ApiField> = {}) =>
  field("body", name, type, "", traits);
const given = (
  name: string,
  example: Json,
  type = "string!",
  place: ApiField["in"] = "body",
  traits: Partial<ApiField> = {},
) => field(place, name, type, "", { example, ...traits });

/** The request of a step without a history. */
function request(fields: ApiField[], row: Record<string, string> = {}, path = "/parcels"): Request {
  const own = apiOf(operation(`POST ${path}`, "Send a parcel", fields));
  const facts = Object.entries(row).map(([name, value]) => column(name, value));
  const decision = decideStep(0, contextOf(own, GOAL, [], facts));
  if (decision.kind !== "call") throw new Error(decision.kind);
  return decision.request;
}

test.each<[name: string, value: Json, into: Json | undefined, made: Json]>([
  ["a", 1, undefined, { a: 1 }],
  ["a.b", 1, { a: { c: 2 } }, { a: { c: 2, b: 1 } }],
  ["a", 1, "text", { a: 1 }],
  ["[]", 1, undefined, [1]],
  ["[].a", 1, [{ b: 2 }, { b: 3 }], [{ b: 2, a: 1 }, { b: 3 }]],
  ["lines[].id", "x", { lines: [] }, { lines: [{ id: "x" }] }],
  ["lines[][].id", "x", {}, { lines: [[{ id: "x" }]] }],
  ["", 7, { a: 1 }, 7],
])("at %j %j is put into %j: %j", (name, value, into, made) => {
  expect(setAtPath(into, name, value)).toEqual(made);
});

test("each input goes to its place, in the form that this needs", () => {
  const made = request(
    [
      given("id", "a b/c", "string!", "path"),
      given("q", "x", "string!", "query"),
      given("n", 3, "integer!", "query"),
      given("X-Kind", true, "boolean!", "header"),
      given("one", "a;b", "string!", "cookie"),
      given("two", "c", "string!", "cookie"),
      given("title", "T"),
    ],
    {},
    "/parcels/{id}",
  );
  expect(made).toMatchObject({
    target: "app",
    method: "POST",
    path: "/parcels/a%20b%2Fc",
    query: { q: "x", n: 3 },
    headers: { "X-Kind": "true", cookie: "one=a%3Bb; two=c" },
  });
  expect(Object.keys(made.data as object)).toEqual(["title"]);
});

test("a placeholder is sent as it is, wherever it goes", () => {
  const made = request(
    [field("path", "account", "string!", ""), field("cookie", "pass", "string!", "")],
    { account: "{{account}}", pass: "{{pass}}" },
    "/parcels/{account}",
  );
  expect(made.path).toBe("/parcels/{{account}}");
  expect(made.headers).toEqual({ cookie: "pass={{pass}}" });
});

test("an object as a parameter is made of its fields", () => {
  expect(
    request([
      field("query", "filter", "object!", ""),
      given("filter.colour", "red", "string!", "query"),
      given("filter.size", 3, "integer!", "query"),
      given("filterless", "x", "string!", "query"),
    ]).query,
  ).toEqual({ filter: { colour: "red", size: 3 }, filterless: "x" });
  expect(
    request([field("header", "X-Object", "object!", ""), given("X-Object.a", "b", "string!", "header")])
      .headers,
  ).toEqual({ "X-Object": '{"a":"b"}' });
  expect(request([body("filter", "object!"), given("filter.a", "b", "string!", "query")]).query).toEqual({
    "filter.a": "b",
  });
});

test("there is a body where the document has one, even if nothing of it is needed", () => {
  expect(request([])).not.toHaveProperty("data");
  expect(request([given("q", "x", "string!", "query")])).not.toHaveProperty("data");
  expect(request([body("remark", "string")]).data).toEqual({});
});

test.each<[string, ApiField[], Json]>([
  ["required fields", [given("a", "x"), given("b", "y", "string")], { a: "x" }],
  ["fields of a required object", [body("o", "object!"), given("o.a", "x")], { o: { a: "x" } }],
  ["no fields of an optional object", [body("o", "object"), given("o.a", "x")], {}],
  ["no items of an optional list", [body("l", "array"), given("l[].a", "x")], {}],
  ["items of a required list", [body("l", "array!"), given("l[].a", "x")], { l: [{ a: "x" }] }],
  [
    "an object only by its fields",
    [body("o", "object!", { example: { z: 1 } }), given("o.a", "x")],
    { o: { a: "x" } },
  ],
  [
    "an object as a whole where none of its fields is required",
    [body("o", "object!", { example: { z: 1 } }), given("o.a", "x", "string")],
    { o: { z: 1 } },
  ],
  ["fields beside one whose name begins alike", [body("o", "object"), given("other", "x")], { other: "x" }],
])("a body has %s", (_, fields, data) => {
  expect(request(fields).data).toEqual(data);
});

test.each<[string, ApiField[], Json]>([
  [
    "a list of objects",
    [body("l", "array!", { minItems: 3 }), given("l[].a", "x")],
    { l: [{ a: "x" }, { a: "x" }, { a: "x" }] },
  ],
  [
    "a list within an object",
    [body("o", "object!"), body("o.l", "array!", { minItems: 2 }), given("o.l[].a", "x")],
    { o: { l: [{ a: "x" }, { a: "x" }] } },
  ],
  [
    "a list whose items differ",
    [
      body("l", "array!", { minItems: 3, uniqueItems: true }),
      given("l[]", "a", "string!", "body", { enum: ["a", "b", "c"] }),
    ],
    { l: ["a", "b", "c"] },
  ],
  [
    "objects that differ in a part",
    [
      body("l", "array!", { minItems: 2, uniqueItems: true }),
      given("l[].a", "x", "string!", "body", { enum: ["x", "y"] }),
    ],
    { l: [{ a: "x" }, { a: "y" }] },
  ],
  [
    "as many as there are",
    [
      body("l", "array!", { minItems: 3, uniqueItems: true }),
      given("l[]", "a", "string!", "body", { enum: ["a", "b"] }),
    ],
    { l: ["a", "b"] },
  ],
  ["a whole body", [body("", "array!", { minItems: 2 }), given("[].a", "x")], [{ a: "x" }, { a: "x" }]],
  [
    "no list that is absurdly long",
    [body("l", "array!", { minItems: 100_000 }), given("l[].a", "x")],
    { l: [{ a: "x" }] },
  ],
  ["no list that is not sent", [body("l", "array", { minItems: 3 })], {}],
])("%s is as long as it has to be", (_, fields, data) => {
  expect(request(fields).data).toEqual(data);
});

test("values of a call are kept where a later one is made again for another reason than them", () => {
  const own = apiOf(
    operation("POST /parcels", "Send a parcel", [
      body("text"),
      body("weight", "integer!", { minimum: 1, maximum: 9 }),
    ]),
  );
  const sent = 'POST /parcels {"text":"Mine","weight":4}';
  const next = (...history: Past[]) => nextCall(own, GOAL, history);
  expect(next([sent, 400, { weight: "must be at most 3" }])).toBe('POST /parcels {"text":"Mine","weight":3}');
  expect(next([sent, 422, { text: "must be at most 2 characters" }])).toBe(
    'POST /parcels {"text":"Mi","weight":4}',
  );
  expect(next([sent, 503])).toBe(sent);
});

test("calls that a clause asks for several times differ", () => {
  const own = apiOf(
    operation("POST /recipes", "Create a recipe", [body("title"), field("answer", "id", "string", "")]),
  );
  const goal = "Create two recipes.";
  const first = nextCall(own, goal, []);
  const second = nextCall(own, goal, [[first, 201, { id: "r1" }]]);
  expect(second).toMatch(/^POST \/recipes/);
  expect(second).not.toBe(first);
  expect(nextCall(own, goal, [])).toBe(first);
});

test("what an update has to change gets another value, although the goal names none", () => {
  const own = apiOf(
    operation("POST /notes", "Write a note", [body("title"), field("answer", "id", "string", "")]),
    operation("PATCH /notes/{id}", "Change a note", [
      field("path", "id", "string!", ""),
      body("title", "string"),
      body("colour", "string"),
    ]),
  );
  const call = nextCall(own, "Write a note, then change its colour.", [
    ['POST /notes {"title":"Milk"}', 201, { id: "n1" }],
  ]);
  expect(call).toMatch(/^PATCH \/notes\/n1 \{"colour":".+"\}$/);
});

test("after the last step a session ends, and says what nothing served", () => {
  const own = apiOf(operation("POST /parcels", "Send a parcel", []));
  expect(decideStep(1, contextOf(own, GOAL))).toEqual({
    kind: "finish",
    reason: "Every part of the goal is done.",
  });
  expect(decideStep(1, contextOf(own, "Send a parcel, paint the fence."))).toEqual({
    kind: "finish",
    reason: 'The other parts of the goal are done; nothing here serves "paint the fence".',
  });
});
