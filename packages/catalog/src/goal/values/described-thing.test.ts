import { expect, test } from "vitest";
import { describedThing } from "./described-thing.ts";

test.each([
  ["transfer it to the south depot", "south"],
  ["transfer it to my old-town depot.", "old-town"],
  ["the crates go to our far south depot, then stop", "far south"],
  ["transfer it from your south depot to the north van", "south"],
  ["transfer it to the south depots because of rain", "south"],
])("%s: the depot is told by %s", (text, words) => {
  expect(describedThing({ text }, ["depot"])).toBe(words);
});

test.each([
  "transfer it to the depot",
  "transfer it to a south depot",
  "the south depot",
  "transfer it to the south depot gate",
  "transfer it from the south depot to the north depot",
  "transfer it to the south van",
  "transfer it to the other depot",
  "transfer it to the far other depot",
  "transfer it to the two depots",
  "transfer it to the very all depot",
])("%s: no depot is told by a word before it", (text) => {
  expect(describedThing({ text }, ["depot"])).toBeUndefined();
});
