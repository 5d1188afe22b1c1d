import { expect, test } from "vitest";
import { broughtBy, dependentOf, requiredNames } from "./dependents.ts";

test("required names bring others with them, in the words of both drafts, round a ring too", () => {
  const dependentRequired = { a: ["b"], b: ["a", 7], x: ["y"] };
  const dependencies = { b: ["c"], c: { required: ["d"] } };
  expect(requiredNames({ required: ["a", 7, null], dependentRequired, dependencies })).toEqual([
    "a",
    "b",
    "c",
  ]);
  expect(requiredNames({ required: "a", dependentRequired })).toEqual([]);
  expect(requiredNames({})).toEqual([]);
});

test("the schemas of required names hold", () => {
  const dependentSchemas = { a: { minProperties: 2 }, x: {} };
  const dependencies = { b: { maxProperties: 3 }, a: ["b"] };
  expect(dependentOf({ required: ["a"], dependentSchemas, dependencies })).toEqual([
    { minProperties: 2 },
    { maxProperties: 3 },
  ]);
  expect(dependentOf({ required: ["toString"], dependentSchemas })).toEqual([]);
});

test("an optional name brings names and the schemas that it gives them", () => {
  const brought = broughtBy(
    {
      dependentRequired: { a: ["b"] },
      dependentSchemas: { a: { required: ["c"], properties: { c: { type: "integer" }, d: {} } } },
      dependencies: { e: ["a"] },
    },
    (schema) => schema as object as never,
  );
  expect(brought.get("a")?.names).toEqual(["b", "c"]);
  expect([...(brought.get("a")?.properties ?? [])]).toEqual([
    ["c", { type: "integer" }],
    ["d", {}],
  ]);
  expect(brought.get("e")?.names).toEqual(["a", "b"]);
  expect(brought.has("b")).toBe(false);
});
