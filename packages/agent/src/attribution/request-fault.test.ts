import type { ApiField } from "@ape/core/protocol/api";
import type { ToolCall } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { requestFault } from "./request-fault.ts";

const field = (more: Partial<ApiField>): ApiField => ({
  in: "body",
  name: "size",
  type: "string",
  required: false,
  description: "",
  ...more,
});
const call = (more: Partial<ToolCall> = {}): ToolCall => ({
  target: "shop",
  method: "POST",
  path: "/a",
  ...more,
});

test.each<[string, Partial<ToolCall>, Partial<ApiField>, string | undefined]>([
  [
    "a required field is missing",
    {},
    { required: true },
    "the body field size, which the API document requires, is missing",
  ],
  ["an optional field is missing", {}, {}, undefined],
  ["a required field of a form is missing", {}, { required: true, form: "f" } as never, undefined],
  ["a field of the answer is missing", {}, { in: "answer", required: true }, undefined],
  ["a part of the path is missing", {}, { in: "path", required: true }, undefined],
  ["a nested field is missing", {}, { name: "a.size", required: true }, undefined],
  ["a field of a list is missing", {}, { name: "a[]", required: true }, undefined],
  ["null is there", { data: { size: null } }, { required: true }, undefined],
  [
    "the body is a list",
    { data: [1] },
    { required: true },
    "the body field size, which the API document requires, is missing",
  ],
  [
    "a header is missing",
    {},
    { in: "header", name: "X-A", required: true },
    "the header field X-A, which the API document requires, is missing",
  ],
  [
    "a header is there",
    { headers: { "x-a": "1" } },
    { in: "header", name: "X-A", required: true },
    undefined,
  ],
  [
    "a query is missing",
    { path: "/a?b=1" },
    { in: "query", required: true },
    "the query field size, which the API document requires, is missing",
  ],
  ["a query is there", { query: { size: "s" } }, { in: "query", required: true }, undefined],
  ["a query is in the path", { path: "/a?size=s" }, { in: "query", required: true }, undefined],
  [
    "a variable is there",
    { graphql: { query: "", variables: { size: "s" } } } as never,
    { required: true },
    undefined,
  ],
  [
    "an argument is there",
    { tool: { name: "t", arguments: { size: "s" } } } as never,
    { required: true },
    undefined,
  ],
  [
    "a value is none of its enum",
    { data: { size: "xl" } },
    { enum: ["s", "m"] },
    "size is none of the documented values",
  ],
  ["a value is one of its enum", { data: { size: "m" } }, { enum: ["s", "m"] }, undefined],
  ["a text is a number of its enum", { data: { size: "2" } }, { enum: [1, 2] }, undefined],
  ["a list has an enum", { data: { size: ["xl"] } }, { enum: ["s"] }, undefined],
  [
    "the query's own value counts before the path's",
    { path: "/a?size=s", query: { size: "xl" } },
    { in: "query", enum: ["s"] },
    "size is none of the documented values",
  ],
  [
    "a number is below its bounds",
    { data: { size: 0 } },
    { type: "integer", minimum: 1 },
    "size is outside of its documented bounds",
  ],
  ["a number is at its lower bound", { data: { size: 1 } }, { type: "integer", minimum: 1 }, undefined],
  ["a number is at its upper bound", { data: { size: 9 } }, { type: "number", maximum: 9 }, undefined],
  [
    "a number is above its bounds",
    { data: { size: 9.5 } },
    { type: "number", maximum: 9 },
    "size is outside of its documented bounds",
  ],
  [
    "a text is below the bounds of a number",
    { data: { size: "0" } },
    { type: "integer", minimum: 1 },
    "size is outside of its documented bounds",
  ],
  ["a text has bounds", { data: { size: "0" } }, { type: "string", minimum: 1 }, undefined],
])("%s", (_name, more, one, fault) => {
  expect(requestFault(call(more), [field(one)])).toBe(fault);
});

test("the first field with a fault is named", () => {
  const fields = [
    field({ name: "a" }),
    field({ name: "b", required: true }),
    field({ name: "c", required: true }),
  ];
  expect(requestFault(call(), fields)).toContain("field b,");
  expect(requestFault(call({ data: { b: 1, c: 1 } }), fields)).toBeUndefined();
});
