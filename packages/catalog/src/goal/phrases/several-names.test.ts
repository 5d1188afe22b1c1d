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
