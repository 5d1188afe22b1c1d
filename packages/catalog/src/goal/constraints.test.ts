import { expect, test } from "vitest";
import { numberIn, parseConstraints } from "./constraints.ts";

test.each([
  ["a lamp under $50", "max", 50, true, true],
  ["a lamp below 12 euros", "max", 12, true, true],
  ["a lamp for at most 49.99 USD", "max", 49.99, false, true],
  ["a lamp for no more than €9", "max", 9, false, true],
  ["costs less than 1,250 dollars", "max", 1250, true, true],
  ["a lamp for 30 dollars or less", "max", 30, false, true],
  ["rated at least 4 stars", "min", 4, false, false],
  ["with more than three rooms", "min", 3, true, false],
  ["nothing over 20 dollars", "max", 20, false, true],
  ["don't spend more than $20", "max", 20, false, true],
])("%s", (text, side, value, strict, money) => {
  expect(parseConstraints(text).bounds).toMatchObject([{ side, value, strict, money }]);
});

test("a range has two ends", () => {
  expect(parseConstraints("between $10 and $20").bounds).toMatchObject([
    { side: "min", value: 10, money: true },
    { side: "max", value: 20, money: true },
  ]);
});

test("a bound knows what it is about", () => {
  const [fee] = parseConstraints("a tool whose daily fee is below 12").bounds;
  expect(fee?.about.has("fee")).toBe(true);
  expect(fee?.bare).toBe(true);
  const [stars] = parseConstraints("at least 4 stars").bounds;
  expect(stars?.about.has("star")).toBe(true);
  expect(stars?.bare).toBe(false);
});

test("the first in an order is heard", () => {
  expect(parseConstraints("the cheapest lamp").extreme).toMatchObject({ least: true });
  expect(parseConstraints("the most expensive lamp").extreme).toMatchObject({ least: false });
  expect(parseConstraints("the highest rating").extreme?.about.has("rate")).toBe(true);
  expect(parseConstraints("a lamp").extreme).toBeUndefined();
});

test("amounts are no bounds, and one is no amount", () => {
  expect(parseConstraints("two of them under $5").amounts).toMatchObject([{ value: 2, money: false }]);
  expect(parseConstraints("reserve one for 3 days").amounts).toMatchObject([{ value: 3 }]);
  expect(parseConstraints("transfer 20 euros").amounts).toMatchObject([{ value: 20, money: true }]);
  expect(parseConstraints("ticket T-4").amounts).toEqual([]);
});

test("a text without a number has none", () => {
  expect(numberIn("no idea")).toBeNaN();
  expect(numberIn("€ 4,50")).toBe(4.5);
});

test.each([
  ["set its capacity to 7", ["capac"]],
  ["change the daily limit to 7", ["daili", "limit"]],
  ["with a size of 7", ["size"]],
  ["buy 7 lamps", []],
])("%s: what a number is the new value of", (text, names) => {
  const [amount] = parseConstraints(text).amounts;
  for (const name of names) expect([...(amount?.replaces.keys() ?? [])]).toContain(name);
  expect(amount?.replaces.size === 0).toBe(names.length === 0);
});

test.each([
  ["buy anything under $20", "max", true],
  ["anything over $20", "min", true],
  ["never buy anything over $20", "max", false],
  ["don't take anything that costs more than $20", "max", false],
  ["avoid anything under $20", "min", false],
  ["take nothing over $20", "max", false],
  ["do not log out. Buy a lamp under $20", "max", true],
] as const)("%s: %s", (text, side, strict) => {
  expect(parseConstraints(text).bounds).toMatchObject([{ side, strict, value: 20 }]);
});
