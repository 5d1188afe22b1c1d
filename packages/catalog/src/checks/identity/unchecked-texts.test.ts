import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { suggestChecks } from "../suggest-checks.ts";

const RACES = apiOf(
  "rest",
  "GET /entries | List entries |  | [].id# [].note [].startNo#",
  "GET /entries/{id} | Get an entry",
  "PATCH /entries/{id} | Change an entry | note startNo#",
  "DELETE /entries/{id} | Delete an entry",
  "POST /rounds/{id}/book | Book a round | people#",
  "POST /rounds/{id}/call-off | Call off a round | reason",
);

test.each([
  ['Delete the entry with the note "early".', ["early"]],
  ["Book 2 people on the Castle round.", ["Castle"]],
  ["Delete the entry of Ingrid Moe.", ["Ingrid Moe"]],
  ["Delete the entry Grim.", ["Grim"]],
  ["Call off the round because Ingrid Moe.", ["Ingrid Moe"]],
  ['Change the note of the entry to "late".', undefined],
])("what tells a thing and no check demands is named: %s", (goal, unchecked) => {
  expect(suggestChecks(goal, [RACES]).proof.unchecked).toEqual(unchecked);
});
