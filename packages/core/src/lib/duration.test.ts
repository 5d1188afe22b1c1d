import fc from "fast-check";
import { expect, test } from "vitest";
import { formatDuration, parseDuration } from "./duration.ts";

test.each([
  ["500ms", 500],
  ["1.5s", 1500],
  ["2m", 120_000],
  ["1h30m", 5_400_000],
  ["1m30s500ms", 90_500],
])("%s is %d ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(["", "5", "s", "5 s", "-1s", "1d", "1s2", "2mm"])("%j is no duration", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test("what is formatted above a second reads back within its rounding", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1000, max: 86_400_000 }), (ms) => {
      const back = parseDuration(formatDuration(ms)) ?? Number.NaN;
      expect(Math.abs(back - ms)).toBeLessThanOrEqual(ms < 3_600_000 ? 500 : 60_500);
    }),
  );
});

test("every magnitude has its own form", () => {
  expect([0.25, 5, 850, 2410, 185_000, 3_720_000].map(formatDuration)).toEqual([
    "250us",
    "5.00ms",
    "850ms",
    "2.41s",
    "3m05s",
    "1h02m",
  ]);
});
