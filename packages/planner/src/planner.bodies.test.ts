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
