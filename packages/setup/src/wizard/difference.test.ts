import { expect, test } from "vitest";
import { differenceOf } from "./difference.ts";

test.each([
  ["a\nb\nc", "a\nx\nc", "line 2:\n- b\n+ x"],
  ["a\nb", "a\nb\nc", "line 3:\n+ c"],
  ["a\nb\nc", "a\nc", "line 2:\n- b"],
  ["a\na", "a", "line 2:\n- a"],
  ["a", "a\na", "line 2:\n+ a"],
  ["a", "b", "line 1:\n- a\n+ b"],
  ["a", "a", "line 2:"],
])("%j becomes %j: %j", (before, after, difference) => {
  expect(differenceOf(before, after)).toBe(difference);
});

test("of a long difference the first twenty lines are shown, and how many more there are", () => {
  const lines = (count: number, mark: string) =>
    Array.from({ length: count }, (_, index) => `${mark}${index}`).join("\n");
  const all = differenceOf(lines(20, "a"), lines(20, "b"));
  expect(all).not.toContain("more");
  expect(all.split("\n")).toHaveLength(41);
  const bounded = differenceOf(lines(21, "a"), lines(25, "b")).split("\n");
  expect(bounded).toHaveLength(43);
  expect(bounded[20]).toBe("- a19");
  expect(bounded[21]).toBe("  ... and 1 more");
  expect(bounded[42]).toBe("  ... and 5 more");
});
