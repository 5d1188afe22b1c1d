import { expect, test } from "vitest";
import { count, figure, table } from "./figure.ts";

test.each<[number | undefined, Parameters<typeof figure>[1], string]>([
  [undefined, "ms", "-"],
  [1500, "ms", "1.50s"],
  [0.5, "usd", "$0.5000"],
  [0.99995, "usd", "$1.0000"],
  [1, "usd", "$1.00"],
  [12.345, "usd", "$12.35"],
  [0, "usd", "$0.0000"],
  [12345, "1", "12,345"],
  [0, "1", "0"],
])("%j %s is %s", (value, unit, text) => expect(figure(value, unit)).toBe(text));

test.each([
  [1234567, "1,234,567"],
  [2.34567, "2.35"],
  [1234.5, "1,234.5"],
  [-2, "-2"],
])("%d is counted as %s", (value, text) => expect(count(value)).toBe(text));

test("a table has its first column on the left, and the others on the right, without blanks at the end", () => {
  expect(table([["a", "1", ""], ["long", "12345", "x"], ["b"]])).toBe("  a         1\n  long  12345  x\n  b");
  expect(table([["a", "b"]], "")).toBe("a  b");
  expect(table([])).toBe("");
});
