import { expect, test } from "vitest";
import { isFlagCalled, saidFlags } from "./said-flag.ts";

test.each([
  ["Make Ida Lund available.", [{ thing: "Ida Lund", word: "available", isSo: true }]],
  [
    "then mark the driver Ida Lund as unavailable",
    [
      { thing: "the driver Ida Lund", word: "unavailable", isSo: true },
      { thing: "the driver Ida Lund", word: "available", isSo: false },
    ],
  ],
  ["Set quoted0 to not active", [{ thing: "quoted0", word: "active", isSo: false }]],
  ["Make it available", []],
  ["Make Ida Lund the driver", []],
])("%s", (written, flags) => expect(saidFlags(written)).toEqual(flags));

test("a field is called by its name without `is`", () => {
  expect(isFlagCalled({ leaf: "isActive", type: "boolean" }, "active")).toBe(true);
  expect(isFlagCalled({ leaf: "active", type: "string" }, "active")).toBe(false);
  expect(isFlagCalled({ leaf: "hasLicence", type: "boolean" }, "active")).toBe(false);
});
