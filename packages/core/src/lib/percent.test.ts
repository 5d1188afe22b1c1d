import fc from "fast-check";
import { expect, test } from "vitest";
import { decodePercent, encodeSegment } from "./percent.ts";

test("what was encoded comes back, and what was not stays as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(decodePercent(encodeURIComponent(text))).toBe(text);
    }),
  );
  expect(["plain", "100%", "%zz", "%E0%A4"].map(decodePercent)).toEqual(["plain", "100%", "%zz", "%E0%A4"]);
});

test("an encoded segment stays one, whatever it holds", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(encodeSegment(text)).not.toMatch(/[/?#& ]/);
    }),
  );
  expect(encodeSegment("\ud800x")).toBe("%EF%BF%BDx");
  expect(encodeSegment("\u{1f600}")).toBe("%F0%9F%98%80");
});
