import type { JsonObject } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { withoutExcluded } from "./excluded-values.ts";

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
  { type: "integer", not: { minimum: 5 } },
  { type: "integer", not: { const: 1, minimum: 5 } },
  { type: "integer", not: { enum: [] } },
  { type: "integer", not: true },
  { type: "integer" },
])("%j is not changed", (schema) => {
  expect(withoutExcluded(schema)).toBe(schema);
});
