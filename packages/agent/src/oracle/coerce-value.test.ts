import type { Matcher } from "@ape/core/config/goal";
import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { coerceTo } from "./coerce-value.ts";

test.each<[string | undefined, Matcher, Json | undefined]>([
  [undefined, 1, undefined],
  ["1", 1, 1],
  ["1", "1", "1"],
  ["1", { eq: 2 }, 1],
  ["1", { ne: 2 }, 1],
  ["1", { ne: "2" }, "1"],
  ["1", { lt: 2 }, 1],
  ["1", { lte: 2 }, 1],
  ["1", { gt: 2 }, 1],
  ["1", { gte: 2 }, 1],
  ["1", { exists: true }, "1"],
  ["1", null, "1"],
  ["", 0, ""],
  [" ", { lt: 2 }, " "],
  ["one", 1, "one"],
  ["Infinity", { gt: 1 }, "Infinity"],
  ["true", true, true],
  ["false", true, false],
  ["true", { ne: false }, true],
  ["yes", true, "yes"],
  ["true", "true", "true"],
])("the known value %j is compared with %j as %j", (value, matcher, expected) => {
  expect(coerceTo(value, matcher)).toBe(expected);
});
