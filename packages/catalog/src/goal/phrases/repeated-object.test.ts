import { expect, test } from "vitest";
import { repeatedObjects } from "./repeated-object.ts";

test.each([
  [
    "record a planting of garlic in 2 rows and a planting of kale in 5 rows",
    ["record a planting of garlic in 2 rows", "record a planting of kale in 5 rows"],
  ],
  [
    "add a stop in Chur, a stop in Sils and another stop in Scuol",
    ["add a stop in Chur", "add a stop in Sils", "add another stop in Scuol"],
  ],
  [
    "Order a blue lamp for 30 euros and a red lamp for 20 euros",
    ["Order a blue lamp for 30 euros", "Order a red lamp for 20 euros"],
  ],
  [
    "create a card called quoted0 and a card called quoted1",
    ["create a card called quoted0", "create a card called quoted1"],
  ],
])("%s: each is asked for by itself", (text, texts) => {
  expect(repeatedObjects(text)).toEqual(texts);
});

test.each([
  "book a table and a chair",
  "stay for a week and a week",
  "make a piece with a lid and a handle",
  "add a card to the board",
  "buy two lamps and a shade",
  "close it",
])("%s: one clause", (text) => {
  expect(repeatedObjects(text)).toEqual([text]);
});

test.each(
  "of,with,for,in,on,at,to,from,by,as,called,named,titled,entitled,labelled,labeled,quoted0,7,7th,Ada".split(
    ",",
  ),
)("the noun of a thing stands before %s", (behind) => {
  expect(repeatedObjects(`add a red card ${behind} kale and an old card ${behind} rye`)).toEqual([
    `add a red card ${behind} kale`,
    `add an old card ${behind} rye`,
  ]);
});

test.each([
  ["add a card, a card.", ["add a card", "add a card."]],
  ["add a card and another card", ["add a card", "add another card"]],
  ["add an oar, and an oar", ["add an oar", "add an oar"]],
  ["add a card , a card", ["add a card", "add a card"]],
  ["add a CARD and a card", ["add a CARD and a card"]],
  ["add a card and a Card", ["add a card and a Card"]],
  ["please now add a card and a card", ["please now add a card", "please now add a card"]],
  ["well please now add a card and a card", ["well please now add a card and a card"]],
  ["a card and a card", ["a card and a card"]],
  ["add 2 a card and a card", ["add 2 a card and a card"]],
  ["add a card and a", ["add a card and a"]],
  ["add a and a", ["add a and a"]],
  ["add a card inland and a card", ["add a card inland and a card"]],
  ["re-add a card and a card", ["re-add a card", "re-add a card"]],
  ["add a card, or a card", ["add a card, or a card"]],
  ["add a card sand a card", ["add a card sand a card"]],
  ["add A card and a card", ["add A card", "add a card"]],
  ["add a\tcard\tand a card", ["add a\tcard", "add a card"]],
  ["add another  card  and  a card", ["add another  card", "add a card"]],
  ["add a card,a card", ["add a card", "add a card"]],
  ["add a card, and another card", ["add a card", "add another card"]],
  ["add a card and an Card", ["add a card and an Card"]],
  ["add a big card and a small card,", ["add a big card", "add a small card,"]],
  ["add  a card and a card", ["add  a card", "add  a card"]],
  ["add-on a card and a card", ["add-on a card and a card"]],
])("%s: %j", (text, texts) => {
  expect(repeatedObjects(text)).toEqual(texts);
});

test.each("of,with,for,in,on,at,to,from,by,as".split(","))("what stands behind %s is no object", (word) => {
  const text = `stay ${word} a week and a week`;
  expect(repeatedObjects(text)).toEqual([text]);
  expect(repeatedObjects(`x${word} a week and a week`)).toHaveLength(2);
});
