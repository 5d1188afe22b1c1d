import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeRegExp } from "./escape-regexp.ts";

test("an escaped text matches itself and nothing longer, with and without the flag u", () => {
  const texts = fc.oneof(fc.string(), fc.string({ unit: "grapheme" }), fc.constant("\\^$.*+?()[]{}|/-"));
  fc.assert(
    fc.property(texts, fc.constantFrom("", "u"), (text, flags) => {
      const pattern = new RegExp(`^${escapeRegExp(text)}$`, flags);
      expect(pattern.test(text)).toBe(true);
      expect(pattern.test(`${text}x`)).toBe(false);
      expect(pattern.test(`x${text}`)).toBe(false);
    }),
  );
});
