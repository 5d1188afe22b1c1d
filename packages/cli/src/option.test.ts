import { InvalidArgumentError } from "commander";
import { expect, test } from "vitest";
import { collect, durationOption, jsonOption, sinceOption, wholeNumber } from "./option.ts";

test.each<[string, number, number | undefined, number | string]>([
  ["1", 1, undefined, 1],
  ["0", 0, undefined, 0],
  ["9999999999", 1, undefined, 9_999_999_999],
  ["5", 1, 5, 5],
  ["6", 1, 5, "a whole number of at least 1 and at most 5 is expected."],
  ["0", 1, undefined, "a whole number of at least 1 is expected."],
  ["12345678901", 1, undefined, "a whole number of at least 1 is expected."],
  ["1.5", 1, undefined, "a whole number of at least 1 is expected."],
  ["-1", 0, undefined, "a whole number of at least 0 is expected."],
  ["", 0, undefined, "a whole number of at least 0 is expected."],
  ["x1", 0, undefined, "a whole number of at least 0 is expected."],
  ["1x", 0, undefined, "a whole number of at least 0 is expected."],
])("%j, of at least %i and at most %s, is %s", (text, least, most, value) => {
  const read = () => wholeNumber(least, most)(text);
  if (typeof value === "number") expect(read()).toBe(value);
  else expect(read).toThrow(new InvalidArgumentError(value));
});

test.each<[string, number, number | string]>([
  ["30s", 0, 30_000],
  ["2m", 0, 120_000],
  ["5", 0, 5_000],
  ["1s", 1_000, 1_000],
  ["999ms", 1_000, "a duration such as 30s, 2m or 1h is expected."],
  ["soon", 0, "a duration such as 30s, 2m or 1h is expected."],
  ["8760h", 0, 8_760 * 3_600_000],
  ["8761h", 0, "a duration of at most 8760h is expected."],
])("%j, of at least %i ms, is %s", (text, least, value) => {
  const read = () => durationOption(least)(text);
  if (typeof value === "number") expect(read()).toBe(value);
  else expect(read).toThrow(new InvalidArgumentError(value));
});

test("a repeatable option is collected in order", () => {
  expect(collect("b", collect("a"))).toEqual(["a", "b"]);
});

test("JSON is one object or a stream", () => {
  expect([true, "object", "stream"].map((text) => jsonOption(text))).toEqual(["object", "object", "stream"]);
  expect(() => jsonOption("lines")).toThrow("only --json and --json=stream are known.");
  expect(() => jsonOption(false)).toThrow(InvalidArgumentError);
});

test("a point in time is a date, or a duration ago", () => {
  expect(sinceOption("2026-11-23T20:00:00Z")).toBe(Date.UTC(2026, 10, 23, 20));
  const before = Date.now();
  const ago = sinceOption("10m");
  expect(ago).toBeGreaterThanOrEqual(before - 600_000);
  expect(ago).toBeLessThanOrEqual(Date.now() - 600_000);
  for (const wrong of ["2026", "1.5", "yesterday", ""])
    expect(() => sinceOption(wrong)).toThrow("a duration such as 10m or a point in time");
});
