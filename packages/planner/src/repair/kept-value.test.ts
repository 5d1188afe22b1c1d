import { expect, test } from "vitest";
import { keepsValue } from "./kept-value.ts";

test.each([
  ["Night crew", "Night crew 3f", true],
  ["Night crew", "Crew 3f", false],
  ["ann", "ann-3f", true],
  ["a@b.example", "a.3f@b.example", true],
  ["a@b.example", "a@c.example", false],
  ["a@b.example", "c@b.example", false],
  ["2026-12-05", "2026-12-06", false],
  ["", "anything", true],
  ["Night crew", undefined, false],
  [8, 6, false],
  [8, 8, true],
  [8, "8", true],
])("%j as %j is kept: %s", (stated, value, kept) => {
  expect(keepsValue(stated, value)).toBe(kept);
});
