import { expect, test } from "vitest";
import { onlyOperation, valuesStated } from "../../test/first-clause.ts";

const TRIP =
  "POST /trips | Book a trip | origin!=bern,wien,graz destination!=bern,wien,graz class=first,second";
const SWAP = "POST /swaps | Swap two shifts | giver!=early,late,night taker!=early,late,night";
const DUEL = "POST /games | Set up a game | white=ann,bob,cem black=ann,bob,cem";

test.each([
  ["Book a trip from Wien to Bern", TRIP, { origin: "wien", destination: "bern" }],
  [
    "Book a trip to Bern from Wien in second class",
    TRIP,
    { origin: "wien", destination: "bern", class: "second" },
  ],
  ["Book a trip to Graz", TRIP, { destination: "graz" }],
  [
    "Book a trip with the origin Graz and the destination Graz",
    TRIP,
    { origin: "graz", destination: "graz" },
  ],
  ["Swap the giver late with the taker night", SWAP, { giver: "late", taker: "night" }],
  ["Set up a game with black ann and white cem", DUEL, { white: "cem", black: "ann" }],
  ["Set up a game", DUEL, {}],
])("%s", (goal, line, expected) => {
  expect(valuesStated(goal, onlyOperation(line))).toEqual(expected);
});
