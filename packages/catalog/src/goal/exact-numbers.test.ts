import type { Json } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { expect, test } from "vitest";
import { bodyField } from "../../test/body-field.ts";
import { restoreDigits } from "./exact-numbers.ts";

function restored(texts: string[], values: Json[]): string {
  const map = new Map(values.map((value, index) => [bodyField(`v${index}`, { type: "integer" }), value]));
  restoreDigits(map, texts);
  return writeJson([...map.values()]);
}

test.each([
  [["Move 9007199254740993 on."], [9007199254740992], "[9007199254740993]"],
  [["from 9007199254740993 to 9007199254740992"], [9007199254740992, 5], "[9007199254740993,5]"],
  [
    ["from 12345678901234567891 to 12345678901234567892"],
    [12345678901234567000, 12345678901234567000],
    "[12345678901234567891,12345678901234567892]",
  ],
  [["A12345678901234567891"], [12345678901234567000], "[12345678901234567000]"],
  [["Move 12 on."], [12, "a"], '[12,"a"]'],
])("%j %j: %s", (texts, values, expected) => {
  expect(restored(texts, values)).toBe(expected);
});

test.each([
  [["-9007199254740993"], [-9007199254740992], "[-9007199254740993]"],
  [["9007199254740993.5"], [9007199254740994], "[9007199254740993.5]"],
  [["9007199254740993x"], [9007199254740992], "[9007199254740992]"],
  [["_9007199254740993"], [9007199254740992], "[9007199254740992]"],
  [["x.9007199254740993"], [9007199254740992], "[9007199254740992]"],
  [["9007199254740993_"], [9007199254740992], "[9007199254740992]"],
  [["no number", "9007199254740993."], [9007199254740992], "[9007199254740993]"],
  [["9007199254740993"], [9007199254740992, 9007199254740992], "[9007199254740993,9007199254740993]"],
])("%j gives %j its digits: %s", (texts, values, expected) => {
  expect(restored(texts, values)).toBe(expected);
});
