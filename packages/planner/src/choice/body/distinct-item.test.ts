import { type Field, fieldOf } from "@ape/catalog/operations/field";
import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { defaultFor } from "../default-value.ts";
import { distinctItem } from "./distinct-item.ts";

const field = (own: Partial<Field>): Field =>
  fieldOf({ in: "body", name: "v", type: "string", required: true, description: "", ...own }, "");

test.each<[Partial<Field>, Json[]]>([
  [{ type: "string[]", minItems: 3, enum: ["a", "b", "c"] }, ["a", "b", "c"]],
  [{ type: "integer[]", minItems: 3, minimum: 1, maximum: 3 }, [1, 2, 3]],
  [{ type: "integer[]", minItems: 2, minimum: 8, maximum: 9 }, [8, 9]],
  [{ type: "boolean[]", minItems: 2 }, [true, false]],
  [{ type: "integer[]", minItems: 3, multipleOf: 5, minimum: 10, maximum: 20 }, [10, 15, 20]],
  [{ type: "string[]", minItems: 9, enum: ["only", "two"] }, ["only", "two"]],
  [{ type: "number[]", minItems: 4, enum: [1, 2.5, 3, 4] }, [1, 2.5, 3, 4]],
])("%j holds different items of its own bounds: %j", (own, expected) => {
  const list = defaultFor(field({ ...own, uniqueItems: true }), 0, 1) as Json[];
  expect(list.toSorted()).toEqual(expected.toSorted());
});

test.each<[Partial<Field>, RegExp]>([
  [{ minItems: 4, pattern: "^[A-Z]{2}[0-9]$" }, /^[A-Z]{2}\d$/],
  [{ minItems: 4, maxLength: 3 }, /^.{1,3}$/],
  [{ minItems: 4, maxLength: 1 }, /^.$/],
  [{ minItems: 4, format: "uuid" }, /^[\da-f-]{36}$/],
  [{ minItems: 4, minLength: 30 }, /^.{30,}$/],
])("texts of %j differ and fit", (own, fitting) => {
  const list = defaultFor(field({ type: "string[]", uniqueItems: true, ...own }), 0, 1) as string[];
  expect(new Set(list).size).toBe(4);
  for (const one of list) expect(one).toMatch(fitting);
});

test("between narrow bounds numbers have fractions", () => {
  const list = defaultFor(
    field({ type: "number[]", uniqueItems: true, minItems: 5, minimum: 0, maximum: 1 }),
    0,
    1,
  );
  expect(new Set(list as number[]).size).toBe(5);
  for (const one of list as number[]) expect(one >= 0 && one <= 1).toBe(true);
});

test("an object differs in a part whose own field allows another value", () => {
  const parts: Record<string, Field> = {
    kind: field({ name: "items[].kind", enum: ["x"] }),
    size: field({ name: "items[].size", type: "integer", maximum: 2, minimum: 1 }),
  };
  const part = (name: string) => parts[name];
  const first = { kind: "x", size: 2 };
  const second = distinctItem(field({ type: "object" }), [first], undefined, part);
  expect(second).toEqual({ kind: "x", size: 1 });
  expect(distinctItem(field({ type: "object" }), [first, second ?? null], undefined, part)).toBeUndefined();
});

test("a bound that no value is made for costs nothing", () => {
  expect(String(defaultFor(field({ minLength: 100_000_000 }), 0, 1)).length).toBeLessThan(200);
  expect(String(defaultFor(field({ minLength: 20_000, format: "email" }), 0, 1)).length).toBeLessThan(200);
  expect(defaultFor(field({ type: "string[]", minItems: 100_000_000 }), 0, 1)).toHaveLength(1);
  expect(defaultFor(field({ type: "string[]", minItems: 100, uniqueItems: true }), 0, 1)).toHaveLength(100);
});
