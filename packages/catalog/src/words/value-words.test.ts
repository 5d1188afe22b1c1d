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

test.each(
  "price,prices,unitprice,unitprices,cost,costs,basecost,fee,fees,fare,fares,charge,tariff,rate,rent,deposit,toll,tolls,usd,eur,gbp,dollar,dollars,euro,euros,pound,pounds,cent,cents,money".split(
    ",",
  ),
)("%s is money, and no part of another word is", (word) => {
  expect(namesMoney(`the ${word} of it`)).toBe(true);
  expect(namesMoney(`the ${word}x of it`)).toBe(false);
});

test.each(["cent", "cents", "pence", "pennies"])("%s are minor units", (word) => {
  expect(minorUnits(`in ${word}`)).toBe(100);
  expect(minorUnits(`in ${word}x`)).toBe(1);
});

test.each(
  "sold out,unavailable,not available,out of stock,taken,already,discontinued,blocked,disabled,is booked,is reserved,is closed,is lent,is rented,is borrowed".split(
    ",",
  ),
)("what %s is gone", (words) => {
  expect(namesAbsence(`it ${words} now`)).toBe(true);
  expect(namesAbsence(`it ${words}x now`)).toBe(false);
  expect(namesAbsence(`whether what ${words} can be had`)).toBe(false);
  expect(namesAbsence(`wether what ${words} can be had`)).toBe(true);
});

test.each(
  "stock,instock,available,availability,can be,can now,shelf,free,open,bookable,left,vacant,remaining,reservable,orderable".split(
    ",",
  ),
)("what is said to be %s is there", (words) => {
  expect(namesAvailability(`it ${words} now`)).toBe(true);
  expect(namesAvailability(`it x${words}x now`)).toBe(false);
});
