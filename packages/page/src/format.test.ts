import { expect, test } from "vitest";
import { msText, offsetText, percentText, shortText } from "./format.ts";

test.each([
  [undefined, "–"],
  [0, "0 ms"],
  [0.2504, "250 µs"],
  [1.234, "1.23 ms"],
  [12.34, "12.3 ms"],
  [999.4, "999 ms"],
  [1_250, "1.25 s"],
  [65_000, "1 m 05 s"],
  [3_725_000, "1 h 2 m 05 s"],
])("%s ms is shown as %s", (ms, text) => {
  expect(msText(ms)).toBe(text);
});

test.each([
  [1, "100%"],
  [0.99999, ">99.99%"],
  [0.98044, "98.04%"],
  [0.00001, "<0.01%"],
  [0, "0%"],
])("a share of %s is shown as %s: neither all nor none unless it is", (share, text) => {
  expect(percentText(share)).toBe(text);
});

test("offsets are shown as a clock, large numbers shortened", () => {
  expect([offsetText(5_000), offsetText(750_000), offsetText(3_723_000)]).toEqual([
    "0:05",
    "12:30",
    "1:02:03",
  ]);
  expect([shortText(9_999), shortText(12_345), shortText(4_560_000)]).toEqual(["9,999", "12.3k", "4.56M"]);
});
