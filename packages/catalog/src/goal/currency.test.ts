import { expect, test } from "vitest";
import { currencyIn, withMoneySigns } from "./currency.ts";

test.each([
  ["an outlay of 42.50 CHF", "CHF"],
  ["EUR 12", "EUR"],
  ["for 12 NOK in the garage", "NOK"],
  ["12 euros", "EUR"],
  ["under $20", "USD"],
  ["for 3 all", undefined],
  ["top 3", undefined],
  ["a pound of flour", undefined],
])("%s is in %s", (text, code) => {
  expect(currencyIn(text)).toBe(code);
});

test("codes become signs that every reader of amounts knows", () => {
  expect(withMoneySigns("42.50 CHF and SEK 7, but top 3")).toBe("42.50 $ and $ 7, but top 3");
});
