import { expect, test } from "vitest";
import { byName } from "./by-name.ts";

test("a result is computed once for each name", () => {
  const asked: string[] = [];
  const length = byName((name) => asked.push(name) && name.length);
  expect([length("a"), length("bb"), length("a"), length("bb")]).toEqual([1, 2, 1, 2]);
  expect(asked).toEqual(["a", "bb"]);
});

test("null and false are results", () => {
  let asked = 0;
  const none = byName(() => {
    asked += 1;
    return asked === 1 ? null : false;
  });
  expect([none("a"), none("a"), none("b"), none("b")]).toEqual([null, null, false, false]);
});

test("neither long names nor more than 2,000 names are kept", () => {
  let asked = 0;
  const count = byName(() => {
    asked += 1;
    return asked;
  });
  const long = "x".repeat(101);
  expect([count(long), count(long)]).toEqual([1, 2]);
  const longest = "x".repeat(100);
  expect([count(longest), count(longest)]).toEqual([3, 3]);
  for (let at = 0; at < 1_999; at += 1) count(`name${at}`);
  expect(count(longest)).toBe(3);
  count("one more");
  expect(count(longest)).toBe(2_004);
});
