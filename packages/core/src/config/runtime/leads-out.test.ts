import { expect, test } from "vitest";
import { leadsOut } from "./leads-out.ts";

test.each([
  ["..", true],
  ["../a", true],
  ["..\\a", true],
  ["../../a", true],
  ["", false],
  ["a", false],
  ["a/..b", false],
  ["..accounts.csv", false],
  ["...", false],
])("%j leads out: %s", (path, out) => {
  expect(leadsOut(path)).toBe(out);
});
