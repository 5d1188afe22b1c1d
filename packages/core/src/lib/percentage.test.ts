import fc from "fast-check";
import { expect, test } from "vitest";
import { percentage } from "./percentage.ts";

test.each([
  [0, "0.00%"],
  [1, "100.00%"],
  [244 / 342, "71.35%"],
  [0.71345, "71.35%"],
])("%d is %s", (share, text) => {
  expect(percentage(share)).toBe(text);
});

test("a share and its value rounded to five digits differ by at most the rounding", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 1, max: 5_000 }), (part, more) => {
      const share = part / (part + more);
      const rounded = Number(share.toFixed(5));
      const shown = Number.parseFloat(percentage(rounded));
      expect(Math.abs(shown - share * 100)).toBeLessThan(0.0056);
    }),
  );
});
