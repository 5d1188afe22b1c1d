import fc from "fast-check";
import { expect, test } from "vitest";
import { decodePercent } from "./percent.ts";

test("what was encoded comes back, and what was not stays as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(decodePercent(encodeURIComponent(text))).toBe(text);
    }),
  );
  expect(["plain", "100%", "%zz", "%E0%A4"].map(decodePercent)).toEqual(["plain", "100%", "%zz", "%E0%A4"]);
});
