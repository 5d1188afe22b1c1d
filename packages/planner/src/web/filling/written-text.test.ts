import { clausesOf } from "@ape/catalog/goal/clause";
import { expect, test } from "vitest";
import { textWritten } from "./written-text.ts";

test.each([
  ["Add a note with the text Leaks at the lid", "Leaks at the lid"],
  ["Add the note Leaks at the lid", "Leaks at the lid"],
  ["Add the note Leaks at the lid to crate K-4", "Leaks at the lid"],
  ["Write a note on crate K-4: Smells of tar.", "Smells of tar"],
  ['Add the note "Leaks at the lid" to crate K-4', undefined],
  ["Add a note to crate K-4", undefined],
  ["Send the message of Ada Birk", undefined],
])("the text that a clause writes without quotation marks: %s", (goal, text) => {
  const [clause] = clausesOf(goal, new Set());
  expect(clause && textWritten(clause)).toBe(text);
});
