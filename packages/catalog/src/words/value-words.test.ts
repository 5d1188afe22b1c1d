import { expect, test } from "vitest";
import { minorUnits, namesAbsence, namesAvailability, namesMoney } from "./value-words.ts";
import { plain } from "./words.ts";

test.each([
  "price",
  "unitPrice",
  "totalprice",
  "daily_fee",
  "shipping-cost",
  "rent",
  "deposit",
  "amount in EUR",
])("%s is money", (name) => {
  expect(namesMoney(plain(name))).toBe(true);
});

test.each(["coffee", "quantity", "welfare", "accosted", "iterate"])("%s is no money", (name) => {
  expect(namesMoney(plain(name))).toBe(false);
});

test("cents are a hundredth of the unit, other names are the unit", () => {
  expect(minorUnits(plain("priceCents"))).toBe(100);
  expect(minorUnits(plain("price"))).toBe(1);
});

test("what can be had and what is gone are told apart", () => {
  expect(
    ["inStock", "instock", "available", "free_seats"].map((name) => namesAvailability(plain(name))),
  ).toEqual([true, true, true, true]);
  expect(["soldOut", "out_of_stock", "unavailable"].map((name) => namesAbsence(plain(name)))).toEqual([
    true,
    true,
    true,
  ]);
  expect(namesAbsence("reserved whether it is taken or can be reserved")).toBe(false);
});
