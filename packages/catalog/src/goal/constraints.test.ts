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

test.each(
  "second,minute,min,hour,hr,day,night,week,weekend,month,quarter,year,time,mile,meter,metre,gram,liter,litre,degree,point,star".split(
    ",",
  ),
)("what lasts or measures 3 %ss is not for so many", (unit) => {
  const forMany = (text: string): boolean | undefined => parseConstraints(text).amounts[0]?.forMany;
  expect(forMany(`book it for 3 ${unit}s`)).not.toBe(true);
  expect(forMany(`book it for 3 ${unit}`)).not.toBe(true);
  expect(forMany(`book it for 3 ${unit}xes`)).toBe(true);
});

test.each([
  ["book it for 3 km", undefined],
  ["book it for 3 kilometers", undefined],
  ["book it for 3 cm", undefined],
  ["book it for 3 mm", undefined],
  ["book it for 3 kg", undefined],
  ["book it for 3 kilos", undefined],
  ["book it for 3 g", undefined],
  ["book it for 3 l", undefined],
  ["book it for 3 percent", undefined],
  ["book it for 3 guests", true],
  ["book it for about 3 guests", true],
  ["book it for around 3 guests", true],
  ["book it for exactly 3 guests", true],
  ["book it for all 3 guests", true],
  ["book it for nearly 3 guests", undefined],
  ["book it for the 3 guests", undefined],
  ["book it with 3 guests", undefined],
  ["book it for three guests", true],
])("%s: for how many: %j", (text, forMany) => {
  expect(parseConstraints(text).amounts[0]?.forMany || undefined).toBe(forMany);
});

test.each([
  ["the lowest price", true, "price"],
  ["the smallest shoe size", true, "shoe"],
  ["the fewest seats", true, "seat"],
  ["the least water", true, "water"],
  ["the highest price", false, "price"],
  ["the largest box", false, "box"],
  ["the biggest box", false, "box"],
  ["the most seats", false, "seat"],
])("%s orders by a name", (text, least, name) => {
  const { extreme } = parseConstraints(text);
  expect(extreme?.least).toBe(least);
  expect([...(extreme?.about.keys() ?? [])]).toContain(name);
});

test.each(["$", "€", "£"])("%s is money on both sides of a range", (sign) => {
  expect(parseConstraints(`between ${sign}10 and 20`).bounds).toMatchObject([
    { side: "min", money: true },
    { side: "max" },
  ]);
  expect(parseConstraints(`between 10 and ${sign}20`).bounds).toMatchObject([
    { side: "min", value: 10, money: true },
    { side: "max", value: 20, money: true },
  ]);
});

test.each("usd,eur,gbp,dollar,dollars,euro,euros,pound,pounds,buck,bucks,cent,cents".split(","))(
  "an amount of 3 %s is money",
  (unit) => {
    expect(parseConstraints(`pay 3 ${unit}`).amounts).toMatchObject([{ value: 3, money: true }]);
    expect(parseConstraints(`pay 3 ${unit}x`).amounts).toMatchObject([{ value: 3, money: false }]);
    expect(parseConstraints(`anything under 3 ${unit}`).bounds).toMatchObject([{ money: true }]);
  },
);
