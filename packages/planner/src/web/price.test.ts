import { expect, test } from "vitest";
import { hasPrice, priceIn, priceInRow } from "./price.ts";

test.each([
  ["Emma $12.00", 12],
  ["1,250 EUR a night", 1250],
  ["€ 9 a day", 9],
  ["5 dollars", 5],
  ["12 euro or $3", 12],
  ["12 pieces", undefined],
  ["USD", undefined],
])("%s: %s", (text, price) => {
  expect(priceIn(text)).toBe(price);
  expect(hasPrice(text)).toBe(price !== undefined);
});

test.each([
  ["Felt 16.90 12", 16.9],
  ["Tuning pin 7.0 1,20 2", 1.2],
  ["Lamp $12", 12],
  ["Lamp 12", undefined],
  ["Lamp 1.50 2.50", undefined],
])("a row without a currency has the price of its only number with two decimals: %s", (text, price) => {
  expect(priceInRow(text)).toBe(price);
});
