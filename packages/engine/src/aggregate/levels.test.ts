import { expect, test } from "vitest";
import { Levels } from "./levels.ts";

test("the levels of a run are the sums of its workers' last ones", () => {
  const levels = new Levels();
  expect([levels.active, levels.waiting]).toEqual([0, 0]);
  levels.set(1, 5, 2);
  levels.set(2, 7, 1);
  expect([levels.active, levels.waiting]).toEqual([12, 3]);
  levels.set(1, 3, 0);
  expect([levels.active, levels.waiting]).toEqual([10, 1]);
});

test("changed workers are taken once, with the extremes since the last time", () => {
  const levels = new Levels();
  levels.set(1, 5, 2);
  levels.set(1, 9, 0);
  levels.set(1, 6, 1);
  levels.set(2, 1, 4);
  expect(levels.take()).toEqual([
    [1, 6, 5, 9, 1, 0, 2],
    [2, 1, 1, 1, 4, 4, 4],
  ]);
  expect(levels.take()).toEqual([]);
  levels.set(1, 8, 3);
  expect(levels.take()).toEqual([[1, 8, 6, 8, 3, 1, 3]]);
  levels.set(1, 2, 0);
  expect(levels.take()).toEqual([[1, 2, 2, 8, 0, 0, 3]]);
});
