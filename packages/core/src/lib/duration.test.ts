import fc from "fast-check";
import { expect, test } from "vitest";
import { formatDuration, LONGEST_RUN_MS, LONGEST_TIMER_MS, parseDuration, toMicros } from "./duration.ts";

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

test.each([
  [0, "0us"],
  [0.9994, "999us"],
  [1, "1.00ms"],
  [9.99, "9.99ms"],
  [10, "10ms"],
  [999.4, "999ms"],
  [999.5, "1.00s"],
  [59_994, "59.99s"],
  [59_995, "1m00s"],
  [65_000, "1m05s"],
  [3_599_499, "59m59s"],
  [3_599_500, "1h00m"],
  [3_660_000, "1h01m"],
  [Number.POSITIVE_INFINITY, "-"],
  [Number.NaN, "-"],
])("%d ms are %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test("the longest times are those of a timer and of a year, and times are kept to the microsecond", () => {
  expect([LONGEST_TIMER_MS, LONGEST_RUN_MS]).toEqual([2_147_483_647, 31_536_000_000]);
  expect([toMicros(1.234_56), toMicros(0.000_4), toMicros(2)]).toEqual([1.235, 0, 2]);
});
