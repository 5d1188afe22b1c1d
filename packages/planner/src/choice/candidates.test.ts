import type { JsonObject } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { field, operation } from "../../test/fake.ts";
import { nextCall, type Past } from "../../test/next-call.ts";

const api = {
  target: "cabins",
  title: "Cabins",
  documented: true,
  auth: [],
  operations: [
    operation("GET /cabins", "List the cabins", [
      field("answer", "[].id", "string", "Id of the cabin"),
      field("answer", "[].name", "string", "Name of the cabin"),
      field("answer", "[].number", "integer", "Number of the cabin"),
      field("answer", "[].price", "number", "Price a night in dollars"),
      field("answer", "[].beds", "integer", "Beds in it"),
      field("answer", "[].kind", "string", "Kind of cabin", { enum: ["mountain", "lake", "forest"] }),
      field("answer", "[].heated", "boolean", "Whether it is heated"),
      field("answer", "[].available", "boolean", "Whether it can be had"),
      field("answer", "[].left", "integer", "How many are left"),
    ]),
    operation("POST /bookings", "Book a cabin", [
      field("body", "cabinId", "string!", "Id of the cabin"),
      field("answer", "id", "string", "Id of the booking"),
    ]),
    operation("POST /bookings/{id}/payment", "Pay for a booking", [
      field("path", "id", "string!", "Id of the booking"),
    ]),
  ],
};

const item = (id: string, more: JsonObject = {}): JsonObject => ({
  id,
  name: id.toUpperCase(),
  price: 50,
  beds: 2,
  kind: "lake",
  ...more,
});
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const booked = (call: string): string => /"cabinId":"(\w+)"/.exec(call)?.[1] ?? call;

/** The cabins that sessions of this goal book of a list, whatever their seed. */
function chosen(goal: string, items: JsonObject[], rest: Past[] = [], persona?: string): string[] {
  const history: Past[] = [["GET /cabins", 200, items], ...rest];
  const traits = persona === undefined ? {} : { persona };
  return [...new Set(SEEDS.map((seed) => booked(nextCall(api, goal, history, { seed, ...traits }))))].sort();
}
const book = (which: string): string => `List the cabins, then book ${which}.`;

test("of cabins that suit any is taken", () => {
  expect(chosen(book("a cabin"), [item("a"), item("b")])).toEqual(["a", "b"]);
});

test.each<[string, JsonObject, JsonObject]>([
  ["a cabin under $50", { price: 49 }, { price: 50 }],
  ["a cabin for at most $50", { price: 50 }, { price: 51 }],
  ["a cabin over $50", { price: 51 }, { price: 50 }],
  ["a cabin for at least $50", { price: 50 }, { price: 49 }],
  ["a lake cabin", { kind: "lake" }, { kind: "forest" }],
  ["a mountain cabin", { kind: "mountain" }, { kind: "lake" }],
  ["a heated cabin", { heated: true }, { heated: false }],
  ["a cabin", { available: true }, { available: false }],
  ["a cabin", {}, { available: false }],
  ["a cabin", { left: 1 }, { left: 0 }],
  ["a cabin with 4 beds", { beds: 4 }, { beds: 3 }],
  ["a cabin with 4 beds", { beds: 4 }, { beds: 5 }],
  ["a cabin with 4 beds", { beds: 5 }, { beds: 3 }],
  ['the cabin "Grey Gull"', { name: "Grey Gull" }, { name: "Red Gull" }],
  ["cabin 7", { number: 7 }, { number: 8 }],
  ["cabin 7", { number: 7 }, { number: 77 }],
])("%s: %j and not %j", (which, right, wrong) => {
  expect(chosen(book(which), [item("wrong", wrong), item("right", right), item("other", wrong)])).toEqual([
    "right",
  ]);
});

test("extremes of several are found by their numbers", () => {
  const items = [
    item("a", { price: 50, beds: 3 }),
    item("b", { price: 9.5, beds: 1 }),
    item("c", { price: 110, beds: 2 }),
  ];
  expect(chosen(book("the cheapest cabin"), items)).toEqual(["b"]);
  expect(chosen(book("the most expensive cabin"), items)).toEqual(["c"]);
  expect(chosen(book("a cabin"), items, [], "You want the lowest price.")).toEqual(["b"]);
  expect(chosen(book("a cabin"), items, [], "You are in a hurry.")).toEqual(["a"]);
});

test("what the goal does not say of a cabin may be anything, or unknown", () => {
  expect(chosen(book("a cabin"), [item("a", { kind: "forest", heated: false })])).toEqual(["a"]);
  expect(chosen(book("a lake cabin"), [{ id: "a" }])).toEqual(["a"]);
  expect(chosen(book("a lake cabin"), [{ id: "a", kind: null }])).toEqual(["a"]);
  expect(chosen(book("a cabin under $50"), [{ id: "a" }])).toEqual([expect.stringMatching(/^finish/)]);
});

test("items without an id cannot be taken", () => {
  expect(chosen(book("a cabin"), [{ id: null }, { name: "x" }, { id: { of: "x" } }, item("a")])).toEqual([
    "a",
  ]);
});

test.each([403, 404, 409, 410])("a cabin that was refused with %i is not taken again", (status) => {
  const items = [item("a"), item("b")];
  const refused: Past = ['POST /bookings {"cabinId":"a"}', status];
  expect(chosen(book("a cabin"), items, [refused])).toEqual(["b"]);
});

test("a refusal that does not name the cabin leaves it chosen", () => {
  const items = [item("a"), item("b")];
  const refused = (message: string): Past => ['POST /bookings {"cabinId":"a"}', 422, { message }];
  expect(
    chosen(book("a cabin"), items, [['POST /bookings {"cabinId":"a"}', 422, { cabinId: "not open" }]]),
  ).toEqual(["b"]);
  expect(chosen(book("a cabin"), items, [refused("come later")])).toEqual(["a"]);
});

test("the cabin that was booked stays the one that the goal is about, until a conflict with it", () => {
  const goal = "List the cabins, book a cabin, pay for the booking.";
  const items = [item("a"), item("b")];
  const made: Past = ['POST /bookings {"cabinId":"a"}', 201, { id: "k1" }];
  expect(chosen(goal, items, [made])).toEqual(["POST /bookings/k1/payment"]);
  const conflict = (message: string): Past => ["POST /bookings/k1/payment", 409, { message }];
  expect(chosen(goal, items, [made, conflict("sold out")])).toEqual(["b"]);
  expect(chosen(goal, items, [made, conflict("the basket is empty")])).toEqual(["a"]);
});

test("several that a goal asks for are different ones", () => {
  const goal = "List the cabins, book a cabin, then book another cabin.";
  const items = [item("a"), item("b")];
  expect(chosen(goal, items, [['POST /bookings {"cabinId":"a"}', 201, { id: "k1" }]])).toEqual(["b"]);
  expect(chosen(goal, [item("a")], [['POST /bookings {"cabinId":"a"}', 201, { id: "k1" }]])).toEqual([
    expect.stringMatching(/^finish: Cannot go on/),
  ]);
});

test("words of the goal tell items apart, whatever field has them", () => {
  const items = [
    item("a", { name: "Grey Gull" }),
    item("b", { name: "Red Fox" }),
    item("c", { name: "T60-B" }),
  ];
  expect(chosen(book("the red fox cabin"), items)).toEqual(["b"]);
  expect(chosen(book("cabin T60-B"), items)).toEqual(["c"]);
});

test("of what the list leaves out nothing is known: the latest page that has something suitable counts", () => {
  const first: Past = ["GET /cabins", 200, [item("a", { price: 10 })]];
  const second: Past = ["GET /cabins?page=2", 200, [item("b", { price: 90 })]];
  expect(
    SEEDS.map((seed) => booked(nextCall(api, book("a cabin under $50"), [first, second], { seed }))),
  ).toEqual(SEEDS.map(() => "a"));
});
