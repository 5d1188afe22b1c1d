import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeEscapes, decodePercent, encodeSegment } from "./percent.ts";

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

test.each([
  ["%41%aa%2e", "A%aa."],
  ["%aa*%2e", "%aa*."],
  ["caf%C3%A9", "café"],
  ["%C3%A9%ff", "%C3%A9%ff"],
  ["100%", "100%"],
  ["%zz", "%zz"],
])("%s is read as %s, escape by escape", (text, decoded) => {
  expect(decodeEscapes(text)).toBe(decoded);
});
