import { expect, test } from "vitest";
import { clausesOf } from "../clause.ts";
import { nounWanted } from "./noun-wanted.ts";

test.each([
  ["Read the guide about repairing a microwave.", "microwave"],
  ["Open the page on tyres.", undefined],
  ["View the page on winter tyres.", "tyres"],
  ["Show the notes on tyres.", undefined],
  ["Read the guide.", undefined],
  ["Write the guide about tyres.", undefined],
])("%s is about %s", (goal, noun) => {
  const [clause] = clausesOf(goal, new Set());
  expect(clause && nounWanted(clause)).toBe(noun);
});

test.each([
  ["Read the guide on winter tyres.", "tyres"],
  ["Read the guide ABOUT winter-tyres.", "winter-tyres"],
  ["Read a guide about tyres.", undefined],
  ["Read the guides about tyres.", undefined],
  ["Read the big guide about tyres.", undefined],
  ["Read the guide about  tyres.", "tyres"],
  ["Read the guide of tyres.", undefined],
  ["Find the guide about tyres.", undefined],
])("%s wants %s", (goal, noun) => {
  const [clause] = clausesOf(goal, new Set());
  expect(clause && nounWanted(clause)).toBe(noun);
});
