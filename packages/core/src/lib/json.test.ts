import { expect, test } from "vitest";
import { isComposite, isJsonObject, isNestedDeeper, type Json } from "./json.ts";
import { parseJson } from "./lossless-number.ts";

const LONG_NUMBER = parseJson("12345678901234567890") as Json;

test.each<[unknown, boolean, boolean]>([
  [{}, true, true],
  [[], false, true],
  [null, false, false],
  ["a", false, false],
  [1, false, false],
  [undefined, false, false],
  [LONG_NUMBER, false, false],
])("%j is an object: %j, a list or an object: %j", (value, object, composite) => {
  expect([isJsonObject(value), isComposite(value as Json)]).toEqual([object, composite]);
});

test.each<[Json, number]>([
  ["a", 0],
  [LONG_NUMBER, 0],
  [[], 1],
  [[1, "a"], 1],
  [{ a: 1 }, 1],
  [{ a: 1, b: [] }, 2],
  [[1, { a: {} }, []], 3],
])("%j has %j levels", (value, levels) => {
  expect([isNestedDeeper(value, levels), levels === 0 || isNestedDeeper(value, levels - 1)]).toEqual([
    false,
    true,
  ]);
});

test("the levels of what is nested very deep are counted without a stack", () => {
  let deep: Json = [];
  for (let level = 1; level < 100_000; level += 1) deep = level % 2 === 0 ? [deep] : { a: deep };
  expect([isNestedDeeper(deep, 100_000), isNestedDeeper(deep, 99_999)]).toEqual([false, true]);
});
