import { expect, test } from "vitest";
import { firstClause, onlyOperation } from "../../../test/first-clause.ts";
import { clausesOf } from "../clause.ts";
import { isIdOf, isKindOfThing, numberedThings, thingsOf, withoutNumbers } from "./numbered-thing.ts";

const namedIn = (text: string): string[] =>
  clausesOf(text, new Set()).flatMap((clause) => numberedThings(clause).map(({ said }) => said));

test.each([
  ["Cancel order 2", ["order 2"]],
  ["Cancel order number 2 because of fog", ["order 2"]],
  ["Cancel the order with the id 2", ["order 2"]],
  ["Cancel the order with number 17.", ["order 17"]],
  ["Close ticket no. 42", ["ticket 42"]],
  ["Cancel #502", ["number 502"]],
  ["Cancel no. 7", ["number 7"]],
  ["Close ticket #42, please", ["ticket 42"]],
  ["Withdraw the report of swarm 42", ["swarm 42"]],
  ["Move order 3 to 9 March 2027 at 10:15", ["order 3"]],
  ["Change the berth of order 2 to T1", ["order 2"]],
  ["Change order 2 status to paid", ["order 2"]],
  ["Assign pilot 2 to order 3", ["pilot 2", "order 3"]],
  ["Cancel orders 2, 5 and 7", ["order 2", "order 5", "order 7"]],
  ["Book table 7 for 4 people on 9 March", ["table 7"]],
])("%s: a number behind a noun is a name", (text, names) => {
  expect(namedIn(text)).toEqual(names);
});

test.each([
  "Order 2 pizzas",
  "Reserve 3 seats for 4 people",
  "Buy 2 tickets",
  "Add customer 12 apples",
  "Book a room for 3 nights from 9 March 2027",
  "Pay at most 5",
  "Set the table at 10:30",
  "Weigh Rex: 31.5 kg",
  "Give it 20% off",
  "Please rate 4",
  "then also please rate 4",
])("%s: what is counted or measured is no name", (text) => {
  expect(namedIn(text)).toEqual([]);
});

test.each([
  ["Cancel order 2 and 3 and ticket 17 on it", "Cancel order and and ticket on it"],
  ["Cancel orders 2, 5, and 7.", "Cancel orders , , and ."],
])("%s without its numbers", (text, rest) => {
  expect(withoutNumbers(text, numberedThings(firstClause(text)))).toBe(rest);
});

test.each([
  ["POST /tickets/{id}/cancellation | Cancel", ["id: ticket"], "ticket cancel"],
  ["DELETE /pilots/{pilotId} | Drop", ["pilotId: pilot"], "pilot"],
  [
    "POST /flights | Add a flight | pilotId! planeUuid",
    ["pilotId: pilot", "planeUuid: plane"],
    "pilot plane flight",
  ],
  ["POST /jet-skis/{ref} | Change", ["ref: ski"], "ski"],
  ["POST /moves | Move a crate | crateId!", ["crateId: crate"], "crate"],
])("%s: what its ids are of", (line, ids, kinds) => {
  const operation = onlyOperation(line);
  expect(operation.inputs.map((field) => `${field.leaf}: ${thingsOf(field, operation).join(" ")}`)).toEqual(
    ids,
  );
  const nouns = "ticket cancel pilot plane flight jet ski crate id".split(" ");
  // A jet is a plane, too.
  expect(nouns.filter((noun) => noun !== "jet" && isKindOfThing(noun, [operation])).join(" ")).toBe(kinds);
});

test.each([
  ["POST /tickets/{id}/seats/{seatId} | Take a seat | note", [false, true, false]],
  ["POST /moves | Move a crate | crateId! toId", [true, false]],
  ["POST /moves | Move a crate | crateId! toId!", [false, false]],
])("%s: a number alone is the id of the very thing", (line, are) => {
  const operation = onlyOperation(line);
  const [thing] = numberedThings(firstClause("Cancel #7"));
  if (thing === undefined) throw new Error("there is no number");
  expect(operation.inputs.map((field) => isIdOf(thing, field, operation))).toEqual(are);
});
