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
