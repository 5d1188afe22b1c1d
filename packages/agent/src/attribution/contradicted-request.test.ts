import type { Json } from "@ape/core/lib/json";
import type { ApiField } from "@ape/core/protocol/api";
import type { ToolCall } from "@ape/core/protocol/tool-call";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attributionContext } from "../../test/attribution-context.ts";
import { jsonResult } from "../../test/json-result.ts";
import { attributeFailure } from "./attribute-failure.ts";
import type { AttributionContext } from "./attribution-context.ts";
import { attributeContradiction } from "./contradicted-request.ts";

const field = (name: string, more: Partial<ApiField> = {}): ApiField => ({
  name,
  in: "body",
  type: "string",
  required: false,
  description: "",
  ...more,
});
const context = (more: Partial<AttributionContext> = {}): AttributionContext =>
  attributionContext({
    api: { target: "shop", title: "Shop", documented: true, auth: [], operations: [] },
    operation: {
      answers: new Map(),
      answerHeaders: new Set<string>(),
      secured: false,
      login: false,
      logout: false,
      revokes: false,
      inputs: [field("name"), field("kind", { enum: ["a", "b"] }), field("size", { type: "integer" })],
    },
    ...more,
  });
const create = (data: Json): ToolCall => ({ target: "shop", method: "POST", path: "/items", data });
const blamed = (
  answer: Json | string,
  data: Json = { name: "Desk lamp", kind: "a", size: 3 },
  more: Partial<AttributionContext> = {},
  status = 400,
): string => {
  const result = jsonResult(typeof answer === "string" ? null : answer, {
    status,
    operation: "POST /items",
    ...(typeof answer === "string" ? { body: { kind: "text", text: answer, bytes: 1, cut: false } } : {}),
  });
  return attributeFailure(create(data), result, context(more)).attribution;
};

describe("a refusal that misses a field that the request holds proves a fault of the target", () => {
  const said: (Json | string)[] = [
    { error: "name is required" },
    "name is required",
    { error: "'name' is a required property" },
    { message: "The name field is required." },
    { errors: { name: ["can't be blank"] } },
    { errors: { name: ["The name field is required."] } },
    { name: ["This field is required."] },
    { detail: [{ loc: ["body", "name"], msg: "field required", type: "value_error.missing" }] },
    { detail: [{ type: "missing", loc: ["body", "name"], msg: "Field required", input: {} }] },
    { errors: [{ source: { pointer: "/data/name" }, title: "can't be blank" }] },
    { errors: [{ field: "name", defaultMessage: "must not be null" }] },
    { violations: [{ propertyPath: "name", message: "This value should not be blank." }] },
    { message: ["name should not be empty"] },
    { details: [{ message: '"name" is required', path: ["name"] }] },
    { error: "Missing required field: name" },
    { error: "missing required parameter `name`" },
    { errors: [{ instancePath: "", message: "must have required property 'name'" }] },
    { error: "Please provide a name" },
    { error: "size is missing" },
  ];
  test.each(said)("%j", (answer) => {
    expect(blamed(answer)).toBe("target");
  });

  test.each(said)("%j is the session's doing if the field is absent, blank or of another form", (answer) => {
    expect(blamed(answer, { kind: "a" })).not.toBe("target");
    expect(blamed(answer, { name: "  ", kind: "a", size: 0 })).not.toBe("target");
    expect(blamed(answer, undefined, { ownHeaders: { "content-type": "text/plain" } })).not.toBe("target");
  });
});

test.each<Json | string>([
  { error: "name is required to be unique" },
  { error: "name is required when kind is b" },
  { error: "a name that is taken is invalid" },
  { error: "address.name is required" },
  { errors: { name: ["can't be blank"], price: ["can't be blank"] } },
  { error: "name or email is required" },
  { error: "name must have at least 20 characters" },
  { error: "name has already been taken" },
  "missing permission",
])("%j blames nobody but the session", (answer) => {
  expect(blamed(answer)).toBe("simulation");
});

describe("what a refusal says of a field within another is not disproved by one of the same name", () => {
  const items: Json = { name: "Desk lamp", kind: "a", size: 3, items: [{ sku: "s" }], owner: {} };
  test.each<Json | string>([
    { detail: [{ loc: ["body", "items", 0, "name"], msg: "Field required", type: "missing" }] },
    { errors: [{ path: "items[0].name", message: "name is required" }] },
    { error: { code: "required", field: "name", index: 1, of: "items", message: "is required" } },
    { errors: [{ field: "name", row: 2, message: "is required" }] },
    { errors: { owner: { name: ["is required"] } } },
    { items: [{ name: ["This field is required."] }] },
    { owner: { name: ["This field is required."] } },
    { errors: [{ source: { pointer: "/data/attributes/owner/name" }, title: "can't be blank" }] },
    { fieldErrors: [{ field: "owner.name", code: "NotBlank", defaultMessage: "must not be blank" }] },
    { errors: { "Items[0].Name": ["The Name field is required."] } },
    { issues: [{ path: ["items", 0, "name"], message: "Required" }] },
    {
      errors: [
        {
          instancePath: "/items/0",
          params: { missingProperty: "name" },
          message: "must have required property 'name'",
        },
      ],
    },
    { errors: [{ instancePath: "/owner", message: "must have required property 'name'" }] },
    { items: ["name is required"] },
    { message: "name is required" },
    "name is required",
    { errors: { name: ["can't be blank"] } },
  ])("%j", (answer) => {
    expect(blamed(answer, items, {}, 422)).not.toBe("target");
  });

  test("nor by one that the request does not have", () => {
    expect(blamed({ errors: { maker: { name: ["is required"] } } })).not.toBe("target");
    expect(blamed({ errors: [{ path: "maker.name", message: "is required" }] })).not.toBe("target");
  });

  test("but a whole place is, whatever else the request has", () => {
    for (const answer of [
      { detail: [{ loc: ["body", "name"], msg: "Field required", type: "missing" }] },
      { errors: [{ source: { pointer: "/data/attributes/name" }, title: "can't be blank" }] },
      { errors: [{ path: ["name"], message: "name is required" }] },
    ] as Json[])
      expect(blamed(answer, items, {}, 422), JSON.stringify(answer)).toBe("target");
  });

  test("objects within that have the field leave the claim to the outer one", () => {
    const full: Json = { name: "Desk lamp", kind: "a", size: 3, owner: { name: "Ada" } };
    expect(blamed({ message: "name is required" }, full)).toBe("target");
    expect(blamed({ error: 'unknown field "name"' }, full)).not.toBe("target");
  });
});

test.each<Json | string>([
  { error: "unknown name" },
  { message: "unexpected name" },
  { error: "name is unknown" },
  "unknown kind",
])("%j refuses a value, not the field", (answer) => {
  expect(blamed(answer)).not.toBe("target");
});

describe("a refusal of a field that is called body, or holds JSON", () => {
  const inputs = [field("body"), field("title")];
  const operation = { ...context().operation, inputs } as AttributionContext["operation"];
  test.each<[Json, Json]>([
    [{ message: "body is empty" }, { title: "t", body: "" }],
    [{ message: "body is required" }, { title: "t", body: "" }],
    [{ message: "Empty body" }, { title: "t", body: " " }],
    [{ message: "Invalid JSON in title" }, { title: "{", body: "b" }],
    [{ errors: { title: ["is not valid JSON"] } }, { title: "{", body: "b" }],
  ])("%j is about that field", (answer, data) => {
    expect(blamed(answer, data, { operation })).not.toBe("target");
  });
});

test("a 405 that speaks of a state is no proof against the document", () => {
  expect(blamed({ error: "Method Not Allowed" }, undefined, {}, 405)).toBe("target");
  expect(blamed({}, undefined, {}, 405)).toBe("target");
  expect(blamed("405 Method POST is not allowed for this resource", undefined, {}, 405)).toBe("target");
  expect(blamed({ message: "orders are closed" }, undefined, {}, 405)).toBe("unclear");
  const upkeep = "Method not allowed while maintenance of orders is on";
  expect(blamed({ message: upkeep }, undefined, {}, 405)).toBe("unclear");
});

test.each<Json | string>([
  { error: "Request body is empty" },
  { message: "Required request body is missing: public Item com.x.Items.create(Item)" },
  "Unexpected token o in JSON at position 1",
  { error: 'Unexpected token } in JSON at position 0, "" is not valid JSON' },
  { detail: "JSON parse error - Expecting value: line 1 column 1 (char 0)" },
  { error: "invalid character '-' looking for beginning of value" },
  { error: "request body must be valid JSON" },
])("%j is disproved by the body that was sent", (answer) => {
  expect(blamed(answer)).toBe("target");
  expect(blamed(answer, {})).not.toBe("target");
  expect(blamed(answer, undefined, { ownHeaders: { "Content-Type": "application/xml" } })).not.toBe("target");
});

test.each<Json>([
  { error: "JSON parse error: Cannot deserialize value of type `int` from String" },
  { error: "invalid JSON path in field filter" },
  { error: "the body of the parcel is empty of stock" },
])("%j speaks of a value, not of the form", (answer) => {
  expect(blamed(answer)).toBe("simulation");
});

test.each<Json>([
  { error: 'unknown field "name"' },
  { error: 'json: unknown field "name"' },
  { message: ["property name should not exist"] },
  { detail: [{ type: "extra_forbidden", loc: ["body", "name"], msg: "Extra inputs are not permitted" }] },
  { error: "additional property name is not allowed" },
])("%j contradicts the document, which lists the field", (answer) => {
  expect(blamed(answer)).toBe("target");
  expect(blamed(answer, { name: "x y z", other: "t" })).toBe("target");
});

test("an unknown field that the document does not list is the session's own", () => {
  expect(blamed({ error: 'unknown field "colour"' }, { name: "lamp", colour: "red" })).toBe("simulation");
});

test.each<[Json, number, string]>([
  [{ error: "name is required" }, 400, "target: it says that name is missing, which the request holds"],
  [
    { error: 'unknown field "name"' },
    400,
    "target: it does not know the field name, which its document lists",
  ],
  [{ error: "body is empty" }, 400, "target: it does not read the body that the request has"],
  [
    { error: "Cannot POST /items" },
    404,
    "unclear: either it has no route for an operation that its document lists (target), or it was asked at another base path (simulation)",
  ],
  [
    { error: "kind must be one of x, y" },
    422,
    "unclear: either it refuses a value of kind that its document lists (target), or the value is not possible here (simulation)",
  ],
])("%j with %i is said to be the fault of %s", (answer, status, wanted) => {
  const result = jsonResult(answer, { status, operation: "POST /items" });
  const { attribution, because } = attributeFailure(
    create({ name: "Desk lamp", kind: "a" }),
    result,
    context(),
  );
  expect(`${attribution}: ${because}`).toBe(wanted);
});

test("a refused value of the document's list is unclear, and one outside of it the session's own", () => {
  const refusals: Json[] = [
    { error: "kind must be one of x, y" },
    { errors: { kind: ["is not a valid choice"] } },
    { detail: [{ loc: ["body", "kind"], msg: "value is not one of x, y" }] },
  ];
  for (const answer of refusals) {
    expect(blamed(answer, undefined, {}, 422), JSON.stringify(answer)).toBe("unclear");
    expect(blamed(answer, { kind: "z" }, {}, 422)).toBe("simulation");
  }
  expect(blamed({ error: "kind is not valid while the shop is closed" })).toBe("simulation");
});

test("a server without a route for a documented operation is not the session's doing", () => {
  const refusals: (Json | string)[] = [
    { error: "Cannot POST /items" },
    "Cannot POST /items",
    { message: "Route POST:/items not found" },
    { error: "The requested URL /items was not found on this server." },
    { detail: "No static resource items." },
  ];
  for (const answer of refusals)
    expect(blamed(answer, undefined, {}, 404), JSON.stringify(answer)).toBe("unclear");
  expect(blamed({ error: "no such lamp" }, undefined, {}, 404)).toBe("simulation");
});

test("heads of plain requests are not the session's doing, and long ones are", () => {
  const call = (status: number, path: string, ownHeaders: Record<string, string> = {}): string =>
    attributeFailure(
      { target: "shop", method: "GET", path },
      jsonResult({}, { status, operation: "GET /items" }),
      context({ ownHeaders }),
    ).attribution;
  for (const status of [411, 414, 417, 431]) expect(call(status, "/items"), String(status)).toBe("unclear");
  const long = `/items?q=${"x".repeat(3_000)}`;
  expect(call(414, long)).toBe("simulation");
  expect(call(431, "/items", { "x-a": "y".repeat(3_000) })).toBe("simulation");
  expect(call(417, "/items", { Expect: "100-continue" })).toBe("simulation");
});

test("a public operation that asks for a credential is unclear, and a login that refuses is not", () => {
  const refused = jsonResult({}, { status: 401, operation: "GET /health" });
  const get: ToolCall = { target: "shop", method: "GET", path: "/health" };
  expect(attributeFailure(get, refused, context({ public: true })).attribution).toBe("unclear");
  expect(attributeFailure(get, refused, context()).attribution).toBe("simulation");
  expect(blamed({}, { user: "ada", pass: "secret-1" }, { public: true }, 401)).toBe("simulation");
});

test("a state that the refusal asks for and the resource has is no reason for it", () => {
  const about = (said: string, state: string): string =>
    attributeFailure(
      { target: "shop", method: "DELETE", path: "/items/it-7" },
      jsonResult({ error: said }, { status: 409, operation: "DELETE /items/{id}" }),
      context({
        issues: () => [{ operation: "POST /items", kinds: ["item"], path: "/items", siblings: [] }],
        states: () => [state],
      }),
    ).attribution;
  for (const said of [
    "item must be open to be deleted",
    "item must be in state 'open'",
    "only open items can be deleted",
    "the item is not open",
    "item must be draft or open",
    "requires status open",
  ]) {
    expect(about(said, "open"), said).toBe("unclear");
    expect(about(said, "closed"), said).not.toBe("target");
  }
  expect(about("item is open, must be resolved", "open")).toBe("simulation");
  expect(about("item must not be open", "open")).toBe("simulation");
});

test("claims of any texts end, whatever they say", () => {
  fc.assert(
    fc.property(fc.json(), fc.string(), (text, said) => {
      blamed(JSON.parse(text) as Json);
      blamed({ error: said, name: [said], field: said });
      blamed(said);
    }),
  );
});

test.each<[Json, boolean]>([
  ["Desk lamp", true],
  ["nullable", true],
  ["anull", true],
  ["10", true],
  ["null", false],
  ["Undefined", false],
  ["0", false],
  ["<b>", false],
  ["a>b", false],
  ["--", false],
  [5, true],
  [0, false],
  [true, true],
  [false, false],
  [["x"], true],
  [[], false],
  [{ a: 1 }, true],
  [{}, false],
  [null, false],
])("a name of %j holds something under every reading: %j", (name, holds) => {
  const answer = { detail: [{ loc: ["body", "name"], msg: "Field required" }] };
  expect(blamed(answer, { name, kind: "a" }) === "target").toBe(holds);
});

test.each<[string, Json, Json, string]>([
  [
    "a list in which one item lacks the field",
    { items: [{ name: "x" }, { sku: "s" }] },
    "name is required",
    "simulation",
  ],
  [
    "a list in which each item has it",
    { items: [{ name: "x" }, { name: "y" }] },
    "name is required",
    "target",
  ],
  ["a list of texts", { items: ["x"] }, "name is required", "target"],
  [
    "an object that has it two levels down",
    { owner: { x: { y: 1 }, z: { name: "q" } } },
    "unknown field name",
    "simulation",
  ],
  [
    "an object that has it nowhere",
    { owner: { x: { y: 1 }, z: { q: "q" } } },
    "unknown field name",
    "target",
  ],
  ["an object within", { owner: {} }, "kind must be one of x, y", "unclear"],
])("beside %s", (_name, more, error, wanted) => {
  const data = { name: "Desk lamp", kind: "a", ...(more as object) };
  expect(blamed({ error }, data)).toBe(wanted);
});

test("what the refusal claims has to be of the body, and in it", () => {
  const operation = (inputs: ApiField[]) =>
    ({ ...context().operation, inputs }) as AttributionContext["operation"];
  const query = field("q", { in: "query" });
  expect(
    blamed(
      { error: 'unknown field "q"' },
      { q: "x", name: "Desk lamp" },
      { operation: operation([query, field("name")]) },
    ),
  ).toBe("simulation");
  expect(blamed({ error: "body is empty" }, undefined, { operation: operation([query]) })).toBe("simulation");
  expect(
    blamed({ error: "body is empty" }, undefined, { operation: operation([query, field("name")]) }),
  ).toBe("target");
  expect(blamed({ detail: [{ loc: ["body", "kind"], msg: "unknown field" }] }, { name: "x y z" })).toBe(
    "simulation",
  );
  expect(blamed({ error: "body is empty" }, undefined, { ownHeaders: { "x-content-type": "a" } })).toBe(
    "target",
  );
});

test.each<[string, number, Partial<AttributionContext>]>([
  ["another status", 403, {}],
  ["an unknown operation", 400, { operation: undefined }],
  ["no document", 400, { api: undefined }],
  [
    "a description that is none",
    400,
    { api: { target: "shop", title: "", documented: false, auth: [], operations: [] } },
  ],
])("with %s nothing is contradicted", (_name, status, more) => {
  const result = jsonResult({ error: "name is required" }, { status, operation: "POST /items" });
  const call = create({ name: "Desk lamp" });
  expect(attributeContradiction(call, result, context(more))).toBeUndefined();
  expect(attributeContradiction(call, { ...result, status: 400 }, context())).toMatchObject({
    attribution: "target",
  });
});

describe("a bound or a type that the request's value keeps", () => {
  const data = { name: "Desk lamp", kind: "a", size: 3 };
  test.each<[Json | string, string]>([
    [{ errors: { size: ["must be an integer"] } }, "target"],
    [
      { detail: [{ loc: ["body", "name"], msg: "Input should be a valid string", type: "string_type" }] },
      "target",
    ],
    ["size must be a number", "target"],
    [{ message: "size must be a positive number" }, "target"],
    [{ errors: { size: ["must be at most 10"] } }, "unclear"],
    [{ detail: [{ loc: ["body", "size"], msg: "Input should be greater than or equal to 1" }] }, "unclear"],
    ["size must be less than 4", "unclear"],
    ["size must be between 1 and 5", "unclear"],
    [{ errors: { name: ["must be at least 3 characters"] } }, "unclear"],
    [{ errors: [{ field: "name", message: "must be no more than 20 characters long" }] }, "unclear"],
  ])("%j is no fault of the session", (answer, wanted) => {
    expect(blamed(answer, data)).toBe(wanted);
  });
  test.each<Json | string>([
    { errors: { size: ["must be at most 2"] } },
    { errors: { size: ["must be greater than 3"] } },
    { errors: { name: ["must be an integer"] } },
    { errors: { name: ["must be at least 10 characters"] } },
    { errors: { size: ["must be at most 10 while the shop is closed"] } },
    { errors: { size: ["must be at most 10.5"] } },
    "size must be at most 10 in total",
  ])("%j may be right", (answer) => {
    expect(blamed(answer, data)).toBe("simulation");
  });
});

describe("a tool that the server lists and does not know", () => {
  const attributed = (message: string, like: number) =>
    attributeFailure(
      {
        target: "notes",
        method: "POST",
        path: "",
        tool: { name: "create_note", arguments: { title: "Milk" } },
      },
      jsonResult(null, {
        status: 200,
        operation: "tool create_note",
        body: { kind: "empty" },
        error: { code: "failure", message, like },
      }),
      context({
        api: { target: "notes", kind: "mcp", title: "Notes", documented: true, auth: [], operations: [] },
      }),
    ).attribution;
  test.each([
    ["Unknown tool: create_note", 400],
    ["MCP error -32602: Tool create_note not found", 400],
    ["Method not found", 404],
    ["Tool 'create_note' does not exist.", 422],
  ])("%s", (message, like) => {
    expect(attributed(message, like)).toBe("target");
  });
  test.each([
    ["Unknown tool: hammer", 400],
    ["The tool create_note must be enabled first", 422],
    ["Tool not found", 404],
    ["Note not found", 404],
  ])("%s may be right", (message, like) => {
    expect(attributed(message, like)).not.toBe("target");
  });
});
