import { expect, test } from "vitest";
import { hasPrice, priceIn } from "./price.ts";

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
