import { expect, test } from "vitest";
import { isMostlyVerb } from "./verb-words.ts";

test.each([
  ["cancel", true],
  ["create", true],
  ["deliver", true],
  ["receive", true],
  ["renegotiate", true],
  ["lamp", false],
  ["kiln", false],
  ["xyzzy", false],
  ["", false],
])("%s is mostly a verb: %s", (word, is) => {
  expect(isMostlyVerb(word)).toBe(is);
});
