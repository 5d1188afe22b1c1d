import { clausesOf } from "@ape/catalog/goal/clause";
import { firstClause } from "@ape/catalog/test/first-clause";
import { expect, test } from "vitest";
import { actSimilarity, fillsBasket, removesUnwanted } from "./label-match.ts";

const match = (label: string, goal: string, isLink = false): number =>
  actSimilarity(label, firstClause(goal), isLink);

test.each([
  ["Set up", "create a folder"],
  ["New folder", "add a folder"],
  ["Rent", "hire it"],
  ["Make reservation", "reserve it"],
  ["Approve", "confirm the booking"],
  ["Call off", "cancel it"],
  ["Remove", "delete it"],
  ["Order now", "order a lamp"],
])("a button %s does: %s", (label, goal) => {
  expect(match(label, goal)).toBeGreaterThan(0.5);
});

test.each([
  ["Remove", "change its size to 4"],
  ["Save", "delete it"],
  ["Add note", "rent a boat"],
  ["Cancel", "confirm it"],
  ["Confirm", "cancel it"],
  ["", "delete it"],
  ["Send review", "paint the walls"],
  ["Add to basket", "add it to the wish list"],
  ["Lost and found", "report a broken lamp"],
  ["Throw away", "take it out of the oven"],
  ["Flapper dress", "set my phone to 030"],
])("a button %s does not: %s", (label, goal) => {
  expect(match(label, goal)).toBe(0);
});

test("a link leads to what it names in the plural, and does nothing to it", () => {
  expect(match("My orders", "order a lamp", true)).toBe(0);
  expect(match("Order", "order a lamp", true)).toBeGreaterThan(0.5);
});

test.each([
  ["Edit", "mark it as returned"],
  ["Edit", "set the lamp to on"],
  ["Yes, cancel it", "cancel the order"],
])("a button %s does: %s", (label, goal) => {
  expect(match(label, goal)).toBeGreaterThan(0.5);
});

test("a state in a link's text is no verb", () => {
  expect(match("Order 17 (confirmed)", "confirm it", true)).toBe(0);
  expect(match("Confirm order 17", "confirm it", true)).toBeGreaterThan(0.5);
});

test.each([
  ["Delete", "mark it as returned", true],
  ["Cancel order", "renew it", true],
  ["Delete", "throw it away", false],
  ["Delete", "delete it", false],
  ["Save", "renew it", false],
])("%s takes away what is wanted of %s: %s", (label, goal, expected) => {
  expect(removesUnwanted(label, firstClause(goal))).toBe(expected);
});

test.each([
  ["Add to cart", true],
  ["Put into basket", true],
  ["Basket", false],
  ["Add a note", false],
])("%s fills a basket: %s", (label, expected) => {
  expect(fillsBasket(label)).toBe(expected);
});

test("of several buttons with the verb the one with the noun is nearest", () => {
  expect(match("Add note", "add a note")).toBeGreaterThan(match("Add photo", "add a note"));
  expect(match("Add comment", "add a remark")).toBeGreaterThan(match("Add photo", "add a remark"));
});

test.each([
  ["Edit profile", "add a book to your basket"],
  ["Register", "add a book to your basket"],
  ["Make loan", 'add the remark "Ring twice" to the loan'],
])("a button %s does nothing of: %s", (label, goal) => {
  expect(match(label, goal)).toBe(0);
});

test("a verb that is a noun of the goal does nothing there", () => {
  const [, review] = clausesOf("Find a book and write a review of it.", new Set());
  if (review === undefined) throw new Error("there are two clauses");
  expect(actSimilarity("Book", review, true)).toBe(0);
  expect(match("Book", "reserve a room")).toBeGreaterThan(0.5);
});

test.each([
  ["turn off the water", "Turn water on", 0],
  ["turn off the water", "Turn water off", 2],
  ["turn the water on", "Turn off", 0],
  ["turn up the heat", "Turn down", 0],
  ["lend the drill", "Bring it back", 0],
  ["bring back the drill", "Bring it back", 2],
])("the particle of a verb counts: %s by %s", (goal, label, value) => {
  expect(match(label, goal)).toBe(value);
});
