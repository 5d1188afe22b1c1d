import { Buffer } from "node:buffer";
import type { JsonObject } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { editTools, mayEditTools } from "./edit-tools.ts";

const toolOf = (parameters: JsonObject) =>
  [{ type: "function", function: { name: "f", description: "", parameters } }] as const;
const EDITS = { plainTools: false, plainSchemas: false, unions: "described" } as const;
const PLAIN = { ...EDITS, plainSchemas: true };

const parametersOf = (parameters: JsonObject): unknown =>
  editTools(toolOf(parameters), PLAIN)[0]?.function.parameters;

test.each<[string, JsonObject, unknown]>([
  ["no arguments", { type: "object", properties: {} }, undefined],
  [
    "a value of any type",
    { type: "object", properties: { data: {} } },
    { type: "object", properties: { data: { type: "string" } } },
  ],
  [
    "a list of anything",
    { type: "object", properties: { a: { type: "array" } } },
    { type: "object", properties: { a: { type: "array", items: { type: "string" } } } },
  ],
  [
    "an object of anything, inside",
    {
      type: "object",
      properties: { a: { type: "array", items: { type: "object", description: "An item" } } },
    },
    {
      type: "object",
      properties: { a: { type: "array", items: { type: "string", description: "An item (as JSON)" } } },
    },
  ],
  [
    "further properties",
    { type: "object", properties: { a: { type: "integer" } }, required: ["a"], additionalProperties: false },
    { type: "object", properties: { a: { type: "integer" } }, required: ["a"] },
  ],
])("simple schemas have a type everywhere and no empty objects: %s", (_what, parameters, simple) => {
  expect(parametersOf(parameters)).toEqual(simple);
});

test("the same list gives the same list, so that its encoding is found again", () => {
  const tools = toolOf({ type: "object", properties: { a: {} } });
  expect(editTools(tools, PLAIN)).toBe(editTools(tools, PLAIN));
  expect(editTools(tools, EDITS)).toBe(tools);
});

test("whatever another client sends as tools is passed on", () => {
  for (const tools of [
    [{ type: "function" }],
    [{ type: "web_search" }],
    [null],
    [{ type: "function", function: { name: "f" } }],
  ])
    for (const edits of [PLAIN, { ...EDITS, plainTools: true, unions: "types" as const }])
      expect(editTools(tools as never, edits)).toEqual(tools);
});

test("bytes are parsed only where something may change", () => {
  const json = (text: string): Buffer => Buffer.from(text);
  expect(mayEditTools(json('{"strict":true}'), { ...EDITS, plainTools: true })).toBe(true);
  expect(mayEditTools(json('{"strict":true}'), EDITS)).toBe(false);
  expect(mayEditTools(json('"How many <min 1; or null>"'), { ...EDITS, unions: "types" })).toBe(true);
  expect(mayEditTools(json('"more or less"'), { ...EDITS, unions: "types" })).toBe(false);
});
