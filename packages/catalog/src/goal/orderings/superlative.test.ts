import { expect, test } from "vitest";
import { clausesOf } from "../clause.ts";
import { unknownSuperlative } from "./superlative.ts";

test.each([
  ["Withdraw the earliest entry.", "earliest"],
  ["Set the remark of the heaviest wheel to heavy.", "heaviest"],
  ["Cancel my longest loan.", "longest"],
  ["Open the latest order.", "latest"],
  ["Withdraw the entry with the most strikes.", undefined],
  ["Delete the youngest.", "youngest"],
  ["Buy the cheapest lamp.", undefined],
  ["Buy the lamp with the lowest price.", undefined],
  ["Withdraw the request of the guest.", undefined],
  ["Close the chest in the west forest.", undefined],
  ["Reserve an honest table.", undefined],
])("%s: %s", (goal, word) => {
  const [clause] = clausesOf(goal, new Set());
  expect(clause && unknownSuperlative(clause)).toBe(word);
});
