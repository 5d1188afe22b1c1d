import { expect, test } from "vitest";
import { distinctPer100 } from "./rarefaction.ts";

test.each<[number[], number, number]>([
  [[], 0, 0],
  [[3, 2], 5, 2],
  [[100], 100, 1],
  [[200], 200, 1],
  // One of 200 sessions is in half of all samples of 100.
  [[1], 200, 0.5],
  [[1, 1, 1], 400, 0.75],
  // Two of 200: 1 - (100 * 99) / (200 * 199).
  [[2], 200, 1 - (100 * 99) / (200 * 199)],
  [[101], 200, 1],
  [[100], 200, 1],
])("things of %j of %d sessions: %d distinct per 100", (counts, sessions, distinct) => {
  expect(distinctPer100(counts, sessions)).toBeCloseTo(distinct, 9);
});
