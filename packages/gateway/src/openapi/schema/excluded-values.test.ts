import type { JsonObject } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { namesIn, posting } from "../../../test/openapi.ts";
import { excludedNames, followsExcluded, withoutExcluded } from "./excluded-values.ts";

test.each<[JsonObject, JsonObject]>([
  [{ enum: ["a", "b"], not: { const: "a" } }, { enum: ["b"] }],
  [{ type: "boolean", not: { enum: [true] } }, { enum: [false] }],
  [{ type: "integer", not: { const: 1 } }, { example: 2 }],
  [{ type: "integer", minimum: 3, not: { type: "integer", enum: [3, 4] } }, { example: 5 }],
  [{ type: "number", multipleOf: 5, not: { const: 5 } }, { example: 10 }],
  [{ type: "integer", minimum: 9, not: { const: 1 } }, { example: 9 }],
])("%j is left with %j", (schema, left) => {
  expect(withoutExcluded(schema)).toEqual({ ...schema, ...left });
});

test.each<JsonObject>([
  { enum: ["a"], not: { const: "a" } },
  { type: "string", not: { const: "a" } },
  { type: "integer", example: 7, not: { const: 1 } },
  { type: "integer", default: 7, not: { const: 1 } },
  { type: "integer", not: { const: 1, minimum: 5 } },
  { type: "integer", not: { enum: [] } },
  { type: "integer", not: true },
  { type: "integer" },
])("%j is not changed", (schema) => {
  expect(withoutExcluded(schema)).toBe(schema);
});

test.each<[JsonObject, JsonObject]>([
  [{ type: ["string", "integer"], not: { type: "string" } }, { type: ["integer"] }],
  [{ type: ["string", "integer", "boolean"], not: { type: ["string", "boolean"] } }, { type: ["integer"] }],
  [{ type: ["integer", "string"], not: { type: "number" } }, { type: ["string"] }],
  [{ not: { type: "string" } }, { type: ["integer", "number", "boolean", "array", "object"] }],
  [
    { description: "any", not: { anyOf: [{ type: "string" }, { type: "number" }] } },
    { type: ["boolean", "array", "object"] },
  ],
  [{ enum: ["a", 1, null], not: { type: "string" } }, { enum: [1, null] }],
  [{ enum: ["a", 1, null], not: { type: "null" } }, { enum: ["a", 1] }],
  [{ type: ["string", "null"], not: { type: "null" } }, { type: ["string"] }],
])("%j is left with the types of %j", (schema, left) => {
  expect(withoutExcluded(schema)).toEqual({ ...schema, ...left });
});

test.each<JsonObject>([{ not: { type: "null" } }, { not: { const: null } }, { not: { enum: [null] } }])(
  "null is not allowed where %j excludes it",
  (not) => {
    const own = { type: "string", ...not };
    expect(withoutExcluded({ ...own, nullable: true })).toEqual(own);
  },
);

test.each<[JsonObject, JsonObject]>([
  [{ type: "integer", not: { minimum: 5 } }, { exclusiveMaximum: 5 }],
  [{ type: "number", not: { type: "number", maximum: 0 } }, { exclusiveMinimum: 0 }],
  [{ type: "number", not: { exclusiveMinimum: 9 } }, { maximum: 9 }],
  [{ type: "string", not: { maxLength: 3 } }, { minLength: 4 }],
  [{ type: "string", not: { minLength: 10 } }, { maxLength: 9 }],
  [{ type: "array", not: { maxItems: 0 } }, { minItems: 1 }],
  [{ type: "object", not: { maxProperties: 0 } }, { minProperties: 1 }],
  [
    { type: "integer", minimum: 1, not: { anyOf: [{ const: 1 }, { minimum: 5 }] } },
    { example: 2, exclusiveMaximum: 5 },
  ],
])("an excluded bound of %j is the opposite of it: %j", (schema, left) => {
  expect(withoutExcluded(schema)).toEqual({ ...schema, ...left });
});

test.each<JsonObject>([
  { type: "string", not: { type: "integer", minimum: 5 } },
  { type: "integer", maximum: 3, exclusiveMaximum: 4, not: { minimum: 5 } },
  { type: "string", not: { minLength: 0 } },
  { type: "integer", not: { type: "integer" } },
  { type: "string", not: { type: "integer" } },
  { type: "object", not: { required: ["a"] } },
])("%j is left as it is", (schema) => {
  expect(withoutExcluded(schema)).toBe(schema);
});

test("what is excluded may be a reference", () => {
  const resolved = () => ({ type: "string" });
  expect(withoutExcluded({ type: ["string", "integer"], not: { $ref: "#/x" } }, resolved).type).toEqual([
    "integer",
  ]);
});

test("a property that is excluded by itself must not be there", () => {
  const names = (not: JsonObject) => [...excludedNames({ not }, (one) => one as JsonObject)];
  expect(names({ required: ["legacyId"] })).toEqual(["legacyId"]);
  expect(names({ anyOf: [{ required: ["a"] }, { required: ["b"] }] })).toEqual(["a", "b"]);
  expect(names({ required: ["a", "b"] })).toEqual([]);
});

test.each<[JsonObject, boolean]>([
  [{ type: "string" }, true],
  [{ const: 1, description: "one" }, true],
  [{ anyOf: [{ minimum: 1 }, { required: ["a"] }] }, true],
  [{ pattern: "^x" }, false],
  [{ required: ["a", "b"] }, false],
  [{ properties: { a: { const: 1 } } }, false],
  [{ anyOf: [{ minimum: 1 }, { minimum: 1, maximum: 9 }] }, false],
])("whether the exclusion of %j is followed: %j", (not, follows) => {
  expect(followsExcluded(not)).toBe(follows);
});

test("a property that must not be there is no field: of a schema false, or excluded by its name", () => {
  const schema = {
    type: "object",
    required: ["a"],
    properties: { a: { type: "string" }, never: false, old: { type: "string" } },
    not: { required: ["old"] },
  };
  expect(namesIn(posting(schema), "body")).toEqual(["a"]);
});
