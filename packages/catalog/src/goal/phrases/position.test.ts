import { expect, test } from "vitest";
import { stem } from "../../words/words.ts";
import { isAboutAll, isOnSeveral, positionOf } from "./position.ts";

test.each([
  ["Withdraw the second report in the list", "report", 2],
  ["Close the first open ticket", "ticket", 1],
  ["Delete the last note", "note", -1],
  ["Delete the 3rd note", "note", 3],
  ["Close the ticket of the second customer", "ticket", undefined],
  ["Book it for the first night", "room", undefined],
  ["First close the ticket", "ticket", undefined],
])("%s: the place of the %s is %s", (text, noun, place) => {
  expect(positionOf({ text }, [stem(noun)])).toBe(place);
});

test.each([
  ["Delete all notes", "note", true],
  ["Cancel every open order of Thornby", "order", true],
  ["Approve each of my requests", "request", true],
  ["Delete the note with all comments", "note", false],
  ["Delete the note", "note", false],
])("%s: about all of the %ss: %s", (text, noun, isAll) => {
  expect(isAboutAll({ text }, [stem(noun)])).toBe(isAll);
});

test.each([
  ["Seal the active hives in Mill Meadow", true],
  ["Then seal my hives", true],
  ["Seal the hive", false],
  ["Seal 2 hives", false],
  ["Seal the hive of the twins", false],
  ["Seal the boss", false],
])("%s: on several hives: %s", (text, isSeveral) => {
  expect(isOnSeveral({ text }, [stem("hive")])).toBe(isSeveral);
});
