import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { OperationCatalog } from "../operations/operation-catalog.ts";
import { choiceConstraints } from "./choice-constraints.ts";
import { clausesOf } from "./clause.ts";

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
  const [operation] = new OperationCatalog([apiOf("rest", line)]).operations;
  const [clause] = clausesOf(goal, new Set());
  if (operation === undefined || clause === undefined) throw new Error("there is no operation or no clause");
  const values = choiceConstraints({ operation, clause, bindings: new Map() }, []);
  expect(Object.fromEntries([...values].map(([{ name }, value]) => [name, value]))).toEqual(expected);
});
