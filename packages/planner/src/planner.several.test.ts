import { apiOf } from "@ape/catalog/test/api-lines";
import { expect, test } from "vitest";
import { nextCall, type Past } from "../test/next-call.ts";

const PLANTINGS = apiOf("rest", "POST /plantings | Record a planting | crop! rows# | id crop rows#");
const CARDS = apiOf("rest", "POST /cards | Add a card | title! points# | id title");
const LOADS = apiOf("rest", "POST /loads | Register a load | goods! tons# | id goods");

test.each([
  [
    "Record a planting of garlic in 2 rows and a planting of sweet corn in 5 rows",
    PLANTINGS,
    'POST /plantings {"crop":"garlic","rows":2}',
    'POST /plantings {"crop":"sweet corn","rows":5}',
  ],
  [
    'Add a card titled "Rain" with 3 points and a card titled "Snow" with 8 points',
    CARDS,
    'POST /cards {"title":"Rain","points":3}',
    'POST /cards {"title":"Snow","points":8}',
  ],
  [
    "Register a load of gravel of 7 tons, a load of sand of 9 tons",
    LOADS,
    'POST /loads {"goods":"gravel","tons":7}',
    'POST /loads {"goods":"sand","tons":9}',
  ],
] as const)("%s: two things with values of their own", (goal, api, one, two) => {
  expect(nextCall(api, goal, [])).toBe(one);
  const made: Past = [one, 201, { id: "a" }];
  expect(nextCall(api, goal, [made])).toBe(two);
});
