import { expect, test } from "vitest";
import { fake, field, operation } from "../../test/fake.ts";
import { outlineGoal } from "./goal-outline.ts";

const idAt = (name: string, description = "") => field("answer", name, "string", description);

test("a thing is made of what the query lists that its id is named after, though both speak of one kind", () => {
  const { api } = fake(
    "theatre",
    [
      operation("query seats", "Search for free tickets", [
        field("body", "filter.priceUpTo", "number", "Highest price"),
        idAt("edges[].node.id", "Id of the seat"),
        field("answer", "edges[].node.price", "number", "Price in dollars"),
      ]),
      operation("query mine", "What the visitor has", [idAt("[].id"), idAt("[].seat.id", "Id of the seat")]),
      operation("mutation reserve", "Reserve a ticket", [
        field("body", "input.seatId", "string!", "Id of the seat"),
        idAt("ticket.id"),
        idAt("ticket.seat.id"),
      ]),
      operation("mutation confirm", "Confirm a reserved ticket", [
        field("body", "input.ticketId", "string!", "Id of the ticket"),
        idAt("ticket.id"),
      ]),
    ],
    {},
  );
  const calls = outlineGoal("Search for a ticket under $100, reserve it, confirm it.", [api], []);
  expect(calls.map(({ operation }) => operation)).toEqual([
    "query seats",
    "mutation reserve",
    "mutation confirm",
  ]);
});
