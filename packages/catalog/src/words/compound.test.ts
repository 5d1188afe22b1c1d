import { expect, test } from "vitest";
import { plain } from "./words.ts";

test.each([
  ["fieldtrips", "field trips"],
  ["workorder", "work order"],
  ["timeslots", "time slots"],
  ["startdate", "start date"],
  ["GET /fieldtrips/{id}", "get field trips id"],
  // Words of their own, names of fields and of living things, and adverbs.
  ["workshops", "workshops"],
  ["playlist", "playlist"],
  ["wishlist", "wishlist"],
  ["username", "username"],
  ["clownfish", "clownfish"],
  ["southwards", "southwards"],
  ["therefore", "therefore"],
  ["everything", "everything"],
  ["underway", "underway"],
  // Parts of less than four letters begin many other words.
  ["carpark", "carpark"],
])("%s is written apart as %s", (word, apart) => {
  expect(plain(word)).toBe(apart);
});
