import { expect, test } from "vitest";
import { cut } from "./bounded-text.ts";

test("a cut never splits a character", () => {
  expect(cut("ab\u{1F600}c", 3)).toBe("ab…");
});
