import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { field, operation } from "../../test/fake.ts";
import { column, nextCall, nextCalls, type Past } from "../../test/next-call.ts";

const api = {
  target: "yard",
  title: "The yard",
  documented: true,
  auth: [],
  operations: [
    operation("GET /boats", "List the boats", [
      field("query", "size", "string", "Size of the boat"),
      field("query", "page", "integer", "Which page to show, counting from 1", { minimum: 1 }),
      field("answer", "items[].id", "string", "Id of the boat"),
      field("answer", "items[].hull", "string", "Hull number of the boat"),
      field("answer", "items[].price", "number", "Price a day in dollars"),
      field("answer", "pages", "integer", "How many pages there are"),
    ]),
    operation("POST /rentals", "Rent a boat", [
      field("body", "boatId", "string!", "Id of the boat"),
      field("body", "hull", "string!", "Hull number of the boat"),
      field("answer", "rentalId", "string", "Id of the rental"),
    ]),
    operation("POST /rentals/{rentalId}/return", "Return a rental", [
      field("path", "rentalId", "string!", "Id of the rental"),
    ]),
    operation("GET /rentals", "List my rentals", [
      field("answer", "[].rentalId", "string", "Id of the rental"),
    ]),
    operation("POST /tickets", "Open a ticket", [
      field("body", "text", "string!", "What is wrong"),
      field("answer", "ticketCode", "string", "Code of the ticket"),
    ]),
    operation("POST /answers", "Answer a ticket", [
      field("body", "ticketCode", "string!", "Code of the ticket"),
      field("body", "text", "string!", "The answer"),
    ]),
  ],
};
const next = (goal: string, ...history: Past[]) => nextCall(api, goal, history);
const boats = (...items: Json[]): Past => ["GET /boats", 200, { items, pages: 3 }];
const BOAT = { id: "b1", hull: "H1", price: 40 };
const OTHER = { id: "b2", hull: "H2", price: 200 };
const RENT = "List the boats, then rent a boat under $50.";
const RENTED: Past = ['POST /rentals {"boatId":"b1","hull":"H1"}', 201, { rentalId: "r1" }];

test("a list is read before something is chosen from it, and each value is that of the same thing", () => {
  expect(next(RENT)).toBe("GET /boats");
  expect(next(RENT, boats(BOAT, OTHER))).toBe('POST /rentals {"boatId":"b1","hull":"H1"}');
  expect(next(RENT, boats(OTHER, BOAT))).toBe('POST /rentals {"boatId":"b1","hull":"H1"}');
});

test("the next page is asked for where nothing suits, up to the last one", () => {
  expect(next(RENT, boats(OTHER))).toBe("GET /boats?page=2");
  const page = (number: number, ...items: Json[]): Past => [
    `GET /boats?page=${number}`,
    200,
    { items, pages: 3 },
  ];
  expect(next(RENT, boats(OTHER), page(2, OTHER))).toBe("GET /boats?page=3");
  expect(next(RENT, boats(OTHER), page(2, BOAT))).toBe('POST /rentals {"boatId":"b1","hull":"H1"}');
  expect(next(RENT, boats(OTHER), page(2, OTHER), page(3, OTHER))).toBe(
    "finish: Cannot go on: nothing that suits is left to choose.",
  );
});

test("a list that was narrowed down to nothing is read as a whole", () => {
  expect(next(RENT, ["GET /boats?size=small", 200, { items: [] }])).toBe("GET /boats");
  expect(next(RENT, ["GET /boats", 200, { items: [] }])).toMatch(/^finish: Cannot go on/);
});

test("a list whose answer is no longer visible is read again, as it was", () => {
  const opened: Past = ['POST /tickets {"text":"x"}', 201, { ticketCode: "T1" }];
  const history: Past[] = [["GET /boats?size=small", 200, { items: [BOAT] }], opened, opened, opened];
  const goal = "List the small boats, open a ticket, open a ticket, open a ticket, then rent a boat.";
  expect(next(goal, ...history)).toBe("GET /boats?size=small");
});

const RETURN = "Rent a boat, then return the rental.";

test("what a call has made is used in the next one", () => {
  expect(next(RETURN, boats(BOAT), RENTED)).toBe("POST /rentals/r1/return");
});

test("a value of an answer that is no longer visible comes from a fact, from an earlier call, or from a read", () => {
  const reads: Past[] = [boats(BOAT), boats(BOAT), boats(BOAT)];
  const rented = (...more: Past[]): Past[] => [boats(BOAT), RENTED, ...reads, ...more];
  const fact = { name: "rentalId", value: "r7", origin: "step 2 POST /rentals" };
  expect(nextCall(api, RETURN, rented(), { facts: [fact] })).toBe("POST /rentals/r7/return");
  expect(nextCall(api, RETURN, rented())).toBe("GET /rentals");
  expect(nextCall(api, RETURN, rented(["GET /rentals", 200, [{ rentalId: "r1" }]]))).toBe(
    "POST /rentals/r1/return",
  );
});

test("a value that a later step needs is kept before its answer leaves the view", () => {
  const goal = "Open a ticket, list the boats, list my rentals, then answer the ticket.";
  const opened: Past = ['POST /tickets {"text":"x"}', 201, { ticketCode: "T1" }];
  const history: Past[] = [opened, boats(BOAT), ["GET /rentals", 200, []]];
  const [kept, ...more] = nextCalls(api, goal, history);
  expect([kept, more]).toEqual(["keep ticketCode_of_POST_tickets = T1", []]);
  const facts = [{ name: "ticketCode_of_POST_tickets", value: "T1", origin: "step 4" }];
  expect(nextCall(api, goal, history, { facts })).toMatch(/^POST \/answers \{"ticketCode":"T1",/);
  expect(nextCall(api, goal, history.slice(0, 2))).toBe("GET /rentals");
});

test("a column of the data row is sent where the goal needs it", () => {
  expect(nextCall(api, "Open a ticket.", [], { facts: [column("text", "Mast is broken")] })).toBe(
    'POST /tickets {"text":"Mast is broken"}',
  );
});
