import type { ApiOperation } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { bodyInput, callsOfOnly } from "../test/one-operation.ts";

/** What the planner sends as the body of the only operation. */
const sent = (operation: Partial<ApiOperation>): Promise<string[]> =>
  callsOfOnly({ path: "/messages", summary: "Import messages", ...operation }, "Import messages.");

test.each<[string, Partial<ApiOperation>, string | RegExp]>([
  ["a text", { fields: [bodyInput({ minLength: 3 })] }, /^POST \/messages "[A-Z][^"]{10,}[.?]" -> 200$/],
  ["a number", { fields: [bodyInput({ type: "integer", minimum: 7 })] }, "POST /messages 7 -> 200"],
  [
    "one of some words",
    { fields: [bodyInput({ enum: ["all", "new"] })] },
    /^POST \/messages "(?:all|new)" -> 200$/,
  ],
  [
    "any object",
    { openBody: true, needsBody: true },
    /^POST \/messages \{"name":"[A-Z][^"]{10,}[.?]"\} -> 200$/,
  ],
  ["a list", { fields: [bodyInput({ name: "[]", type: "integer" })] }, "POST /messages [1] -> 200"],
  [
    "a list of several",
    { fields: [bodyInput({ type: "integer[]", minItems: 2 }), bodyInput({ name: "[]", type: "integer" })] },
    "POST /messages [1,1] -> 200",
  ],
  [
    "a list of several objects that differ",
    {
      fields: [
        bodyInput({ name: "lines", type: "array", minItems: 2, uniqueItems: true }),
        bodyInput({ name: "lines[].no", type: "integer" }),
      ],
    },
    'POST /messages {"lines":[{"no":1},{"no":2}]} -> 200',
  ],
  ["null", { fields: [bodyInput({ type: "null", enum: [null] })] }, "POST /messages null -> 200"],
  [
    "a constant",
    { fields: [bodyInput({ type: "object", enum: [{ a: 1 }] })] },
    'POST /messages {"a":1} -> 200',
  ],
  [
    "a tuple",
    { fields: [bodyInput({ type: "array", example: ["x", 1] })], needsBody: true },
    'POST /messages ["x",1] -> 200',
  ],
])("a required body that is %s is sent", async (_, operation, wanted) => {
  expect(await sent(operation)).toEqual([
    typeof wanted === "string" ? wanted : expect.stringMatching(wanted),
  ]);
});

test("a body that may be left out is", async () => {
  expect(await sent({ openBody: true })).toEqual(["POST /messages -> 200"]);
  expect(await sent({ fields: [bodyInput({ required: false })] })).toEqual(["POST /messages -> 200"]);
});

const named = (name: string, more: Parameters<typeof bodyInput>[0] = {}) =>
  bodyInput({ name, type: "integer", required: false, ...more });
const whole = (more: Parameters<typeof bodyInput>[0]) => named("", { type: "object", ...more });

test.each<[string, Partial<ApiOperation>["fields"], string]>([
  ["one property at least", [whole({ minProperties: 1 }), named("a"), named("b")], '{"a":1}'],
  ["two at least", [whole({ minProperties: 2 }), named("a"), named("b")], '{"a":1,"b":1}'],
  [
    "two at least, of which one is required",
    [whole({ minProperties: 2 }), named("a"), named("b", { required: true })],
    '{"b":1,"a":1}',
  ],
  [
    "one at least, rather a plain one than an object",
    [whole({ minProperties: 1 }), named("a", { type: "object" }), named("a.x"), named("b")],
    '{"b":1}',
  ],
  [
    "one at least, which is an object with a required property",
    [whole({ minProperties: 1 }), named("a", { type: "object" }), named("a.x", { required: true })],
    '{"a":{"x":1}}',
  ],
  [
    "one at least within a required object",
    [named("a", { type: "object", required: true, minProperties: 1 }), named("a.x"), named("a.y")],
    '{"a":{"x":1}}',
  ],
  [
    "nothing within an object that is left out",
    [named("b", { required: true }), named("a", { type: "object", minProperties: 1 }), named("a.x")],
    '{"b":1}',
  ],
  [
    "what comes only with others",
    [
      named("a", { required: true, onlyWith: ["b"] }),
      named("b", { onlyWith: ["c"] }),
      named("c"),
      named("d"),
    ],
    '{"a":1,"b":1,"c":1}',
  ],
  [
    "what comes only with another within an object",
    [
      named("o", { type: "object", required: true }),
      named("o.a", { required: true, onlyWith: ["b"] }),
      named("o.b"),
      named("b"),
    ],
    '{"o":{"a":1,"b":1}}',
  ],
  [
    "the companions of what is added count",
    [whole({ minProperties: 2 }), named("a", { onlyWith: ["c"] }), named("b"), named("c")],
    '{"a":1,"c":1}',
  ],
  [
    "no more than may be",
    [whole({ maxProperties: 1 }), named("a", { required: true }), named("b")],
    '{"a":1}',
  ],
])("a body has %s", async (_, fields, body) => {
  expect(await sent({ fields: fields ?? [], needsBody: true })).toEqual([`POST /messages ${body} -> 200`]);
});

test("beyond the most that a body may have, what nothing asks for is left out", async () => {
  const text = (name: string) => named(name, { type: "string" });
  const fields = [whole({ maxProperties: 1 }), text("note"), named("priority", { onlyWith: ["note"] })];
  const calls = await callsOfOnly(
    { path: "/messages", summary: "Create a message", fields },
    "Create a message with priority 3.",
  );
  expect(calls).toEqual(['POST /messages {"priority":3} -> 200']);
});

/** What the planner sends as the arguments of the only tool. */
const toolArguments = (
  fields: ApiOperation["fields"],
  more: Partial<ApiOperation> = {},
  goal = "Update settings.",
) =>
  callsOfOnly({ method: "tool", path: "update_settings", summary: "Update settings", fields, ...more }, goal);

test.each<[string, ApiOperation["fields"], Partial<ApiOperation>, string]>([
  ["one argument at least", [whole({ minProperties: 1 }), named("a"), named("b")], {}, '{"a":1}'],
  ["two at least", [whole({ minProperties: 2 }), named("a"), named("b"), named("c")], {}, '{"a":1,"b":1}'],
  [
    "two at least, of which one is required",
    [whole({ minProperties: 2 }), named("a"), named("b", { required: true })],
    { summary: "" },
    '{"b":1,"a":1}',
  ],
  ["one at most", [whole({ maxProperties: 1 }), named("a"), named("b")], {}, '{"a":1}'],
  [
    "an entry of a map that must have one",
    [whole({ minProperties: 1, required: true, example: { name: "x" } })],
    { openBody: true },
    '{"name":"x"}',
  ],
])("a tool has %s", async (_, fields, more, args) => {
  expect(await toolArguments(fields, more)).toEqual([`tool update_settings ${args} -> 200`]);
});

test("beyond the most arguments of a tool, what nothing asks for is left out", async () => {
  const fields = [
    whole({ maxProperties: 1 }),
    named("note", { type: "string" }),
    named("priority", { onlyWith: ["note"] }),
  ];
  expect(await toolArguments(fields, {}, "Update settings with priority 3.")).toEqual([
    'tool update_settings {"priority":3} -> 200',
  ]);
});
