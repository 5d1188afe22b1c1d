import type { ApiField, ApiOperation } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { runPlannerSession } from "../test/session.ts";
import { createPlanner } from "./planner.ts";

const body = (more: Partial<ApiField>): ApiField => ({
  in: "body",
  name: "",
  type: "string",
  required: true,
  description: "",
  ...more,
});

/** What the planner sends as the body of the only operation. */
async function sent(operation: Partial<ApiOperation>, goal = "Import messages."): Promise<string[]> {
  const { calls } = await runPlannerSession({
    planner: createPlanner(),
    apis: [
      {
        target: "api",
        title: "t",
        documented: true,
        auth: [],
        operations: [
          {
            method: "POST",
            path: "/messages",
            summary: "Import messages",
            fields: [],
            secured: false,
            ...operation,
          },
        ],
      },
    ],
    goal,
    row: {},
    secret: [],
    answer: () => ({ status: 200, body: "{}" }),
  });
  return calls;
}

test.each<[string, Partial<ApiOperation>, string | RegExp]>([
  ["a text", { fields: [body({ minLength: 3 })] }, /^POST \/messages "[A-Z][^"]{10,}[.?]" -> 200$/],
  ["a number", { fields: [body({ type: "integer", minimum: 7 })] }, "POST /messages 7 -> 200"],
  [
    "one of some words",
    { fields: [body({ enum: ["all", "new"] })] },
    /^POST \/messages "(?:all|new)" -> 200$/,
  ],
  [
    "any object",
    { openBody: true, needsBody: true },
    /^POST \/messages \{"name":"[A-Z][^"]{10,}[.?]"\} -> 200$/,
  ],
  ["a list", { fields: [body({ name: "[]", type: "integer" })] }, "POST /messages [1] -> 200"],
  [
    "a list of several",
    { fields: [body({ type: "integer[]", minItems: 2 }), body({ name: "[]", type: "integer" })] },
    "POST /messages [1,1] -> 200",
  ],
  [
    "a list of several objects that differ",
    {
      fields: [
        body({ name: "lines", type: "array", minItems: 2, uniqueItems: true }),
        body({ name: "lines[].no", type: "integer" }),
      ],
    },
    'POST /messages {"lines":[{"no":1},{"no":2}]} -> 200',
  ],
  ["null", { fields: [body({ type: "null", enum: [null] })] }, "POST /messages null -> 200"],
  ["a constant", { fields: [body({ type: "object", enum: [{ a: 1 }] })] }, 'POST /messages {"a":1} -> 200'],
  [
    "a tuple",
    { fields: [body({ type: "array", example: ["x", 1] })], needsBody: true },
    'POST /messages ["x",1] -> 200',
  ],
])("a required body that is %s is sent", async (_, operation, wanted) => {
  expect(await sent(operation)).toEqual([
    typeof wanted === "string" ? wanted : expect.stringMatching(wanted),
  ]);
});

test("a body that may be left out is", async () => {
  expect(await sent({ openBody: true })).toEqual(["POST /messages -> 200"]);
  expect(await sent({ fields: [body({ required: false })] })).toEqual(["POST /messages -> 200"]);
});
