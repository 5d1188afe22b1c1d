import { expect, test } from "vitest";
import { columnProblem, repeatedName } from "./row-columns.ts";

test("a row has the columns of the first row, each with a name, in any order", () => {
  expect(columnProblem(["a", "b"], { b: 1, a: 2 })).toBeUndefined();
  expect(columnProblem(["a", "b"], { a: 1 })).toBe('has no "b", which the first row has');
  expect(columnProblem(["a", "b"], { a: 1, c: 2 })).toBe('has no "b", which the first row has');
  expect(columnProblem(["a"], { a: 1, c: 2 })).toBe('has "c", which the first row has not');
  expect(columnProblem(["", "a"], { "": 1, a: 2 })).toBe("has a value without a name");
  expect(columnProblem([], {})).toBe("has no columns");
  expect(columnProblem(["toString"], {})).toBe('has no "toString", which the first row has');
});

test("a name that an object has twice is found, however it is written, and not that of a nested object", () => {
  expect(repeatedName('{"a":1,"b":2,"a":3}')).toBe("a");
  expect(repeatedName(String.raw`{"a":1, "\u0061" : 2}`)).toBe("a");
  expect(repeatedName(String.raw`{"q\"":1,"q\"":2}`)).toBe('q"');
  expect(repeatedName('{"a":{"a":1,"x":[{"a":2}]},"b":{"a":1},"c":"a:{","d":":\\""}')).toBeUndefined();
  expect(repeatedName("{}")).toBeUndefined();
});
