import { expect, test } from "vitest";
import { severalNames } from "./several-names.ts";

test.each([
  ["scrap the Kilim and the Altar cloth", ["scrap the Kilim", "scrap the Altar cloth"]],
  ["Cancel quoted0 and quoted1", ["Cancel quoted0", "Cancel quoted1"]],
  ["close ticket T-1 and ticket T-7", ["close ticket T-1", "close ticket T-7"]],
  ["Get rid of the Kilim and the Silk banner", ["Get rid of the Kilim", "Get rid of the Silk banner"]],
])("%s: each is a clause", (text, texts) => {
  expect(severalNames(text)).toEqual(texts);
});

test.each([
  "scrap the Kilim",
  "scrap it and the Kilim",
  "book a room and a table",
  "close the old ticket and go",
])("%s: one clause", (text) => {
  expect(severalNames(text)).toEqual([text]);
});

test.each([
  ["Cancel orders 2 and 3", ["Cancel orders 2", "Cancel orders 3"]],
  ["Cancel orders 2, 5 and 17", ["Cancel orders 2", "Cancel orders 5", "Cancel orders 17"]],
  ["Cancel order 12,13 and 14", ["Cancel order 12", "Cancel order 13", "Cancel order 14"]],
  ["Cancel orders #2 and #13", ["Cancel orders #2", "Cancel orders #13"]],
  ["close old tickets 2 and 13, please", ["close old tickets 2", "close old tickets 13, please"]],
  ["Cancel 12, 13", ["Cancel 12", "Cancel 13"]],
  ["Cancel #12 and #13", ["Cancel #12", "Cancel #13"]],
  ["close the tickets 2 and T-3", ["close the tickets 2", "close T-3"]],
  ["cancel order 2 and the invoice 3", ["cancel order 2", "cancel the invoice 3"]],
])("%s: the noun of numbers is that of each", (text, texts) => {
  expect(severalNames(text)).toEqual(texts);
});

test.each([
  [
    "then also please close the Kilim and my Altar cloth",
    ["then also please close the Kilim", "then also please close my Altar cloth"],
  ],
  ["Finally now close quoted0 and quoted12", ["Finally now close quoted0", "Finally now close quoted12"]],
  [
    "Then please  also close the Kilim and the Altar",
    ["Then please  also close the Kilim", "Then please  also close the Altar"],
  ],
  [
    "And now finally close the Kilim and the Altar",
    ["And now finally close the Kilim", "And now finally close the Altar"],
  ],
  ["Please, close the Kilim", ["Please, close the Kilim"]],
  ["Check out Ada and Bob", ["Check out Ada", "Check out Bob"]],
  ["Look for Ada and Bob", ["Look for Ada", "Look for Bob"]],
  ["Sign off the Kilim, and our Altar", ["Sign off the Kilim", "Sign off our Altar"]],
  ["Give up the Kilim and your Altar", ["Give up the Kilim", "Give up your Altar"]],
  ["Get rid  of the Kilim and Altar", ["Get rid  of the Kilim", "Get rid  of Altar"]],
  ["re-open T-1 and T-2", ["re-open T-1", "re-open T-2"]],
  ["Pick up Ada and b-2 and 7x", ["Pick up Ada", "Pick up b-2", "Pick up 7x"]],
  ["scrap the old red Kilim and the old red Altar", ["scrap the old red Kilim", "scrap the old red Altar"]],
  ["scrap the very old red Kilim and the Altar", ["scrap the very old red Kilim and the Altar"]],
  ["scrap the Kilim and the very old red Altar", ["scrap the Kilim and the very old red Altar"]],
  ["Close the Kilim And the Altar", ["Close the Kilim And the Altar"]],
  ["Close the Kilim sand Altar", ["Close the Kilim sand Altar"]],
  ["Close Ada andBob", ["Close Ada andBob"]],
])("%s: %j", (text, texts) => {
  expect(severalNames(text)).toEqual(texts);
});
