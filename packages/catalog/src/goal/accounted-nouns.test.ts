import { expect, test } from "vitest";
import { catalogWith, keysFor } from "../../test/goal-operations.ts";

const CHOIRS = catalogWith([
  ["POST /choirs", "Found a choir", "body title", "answer id"],
  ["PUT /choirs/{choirId}/conductor", "Set the conductor of a choir", "path choirId", "body name"],
  ["POST /choirs/{choirId}/signups", "Sign up for a choir", "path choirId", "body singer", "answer id"],
]);
const BOATS = catalogWith([
  ["POST /boats", "Register a boat", "body title", "answer id"],
  ["PATCH /boats/{id}", "Update a boat", "path id", "body skipper", "body title"],
  ["POST /boats/{id}/crew", "Add somebody to the crew", "path id", "body person"],
]);
const ORDERS = catalogWith([
  ["GET /lamps", "List lamps", "answer [].id"],
  ["POST /orders", "Place an order", "body lampId", "answer id"],
  ["POST /orders/{id}/cancel", "Cancel an order", "path id"],
  ["POST /reviews", "Write a review", "body lampId", "body text"],
  ["DELETE /orders/{id}", "Delete an order", "path id"],
]);

test.each([
  ["Found a choir and make Clara Weiss its conductor", CHOIRS, "PUT /choirs/{choirId}/conductor"],
  ["Found a choir and elect Clara Weiss as its conductor", CHOIRS, "PUT /choirs/{choirId}/conductor"],
  ["Register a boat and appoint Ben Okafor as its skipper", BOATS, "PATCH /boats/{id}"],
  ["Register a boat and name Ben Okafor skipper", BOATS, "PATCH /boats/{id}"],
] as const)("%s: the operation that has the noun is called", (goal, catalog, key) => {
  expect(keysFor(goal, catalog).at(-1)).toBe(key);
});

test.each([
  ["Found a choir and make Clara Weiss its treasurer", CHOIRS],
  ["Register a boat and make Ben Okafor its cook", BOATS],
  ["Register a boat and change its colour to red", BOATS],
  ["Order a lamp, then cancel its insurance", ORDERS],
  ["Order a lamp, then remove it from the favourites", ORDERS],
  ["Order a lamp, then add it to the wishlist", ORDERS],
] as const)("%s: what no operation has a word for is served by none", (goal, catalog) => {
  expect(keysFor(goal, catalog).at(-1)).toBe("-");
});

const CARTS = catalogWith([
  ["GET /lamps", "List lamps", "answer [].id"],
  ["POST /basket/items", "Put a lamp into the basket", "body lampId", "answer id"],
  ["DELETE /basket/items/{lampId}", "Take a lamp out of the basket", "path lampId"],
]);

test.each(["again", "now", "afterwards", "please", "immediately", ""])(
  "an adverb behind the place is no place: remove it from the basket %s",
  (adverb) => {
    expect(
      keysFor(`Put a lamp into the basket, remove it from the basket ${adverb}`.trim(), CARTS).at(-1),
    ).toBe("DELETE /basket/items/{lampId}");
  },
);

test.each(["Order a lamp, then remove it from the list", "Order a lamp, then delete it"])(
  "%s: to remove something from all that there is removes it",
  (goal) => {
    expect(keysFor(goal, ORDERS).at(-1)).toBe("DELETE /orders/{id}");
  },
);

test.each([
  "Find a lamp and order it, then wrap it in paper",
  "Find a lamp and order it, then extend it by 15 minutes",
  "Find a lamp and order it, then text me the result",
  "Find a lamp and order it, then have it engraved",
])("%s: nothing is made once more, nor made of what was listed before", (goal) => {
  expect(keysFor(goal, ORDERS)).toEqual(["GET /lamps", "POST /orders", "-"]);
});

test("what was found since can be taken too, and the same again where the goal says so", () => {
  expect(keysFor("Find a lamp and order it, then find a lamp and order it", ORDERS)).toEqual([
    "GET /lamps",
    "POST /orders",
    "GET /lamps",
    "POST /orders",
  ]);
});

const HIVES = catalogWith([
  ["GET /hives/{id}", "Get a hive", "path id", "answer id"],
  ["GET /hives/{id}/map", "Where a hive is", "path id", "answer place"],
  ["POST /hives", "Set up a hive", "body title", "answer id"],
  ["POST /hives/{id}/inspections", "Record an inspection", "path id", "body note"],
  ["POST /hives/{id}/views", "Count a view", "path id", "body page"],
]);

test.each([
  ["Set up a hive and inspect it", "POST /hives/{id}/inspections"],
  ["Set up a hive and view it", "GET /hives/{id}"],
  ["Set up a hive and open it", "GET /hives/{id}"],
  ["Set up a hive and look at its map", "GET /hives/{id}/map"],
  ["Set up a hive and look at its queen", "-"],
  ["Set up a hive and download it", "-"],
])("%s: %s", (goal, key) => {
  expect(keysFor(goal, HIVES).at(-1)).toBe(key);
});

test("a session is ended by removing what logging in makes, where nothing is called so", () => {
  const catalog = catalogWith([
    ["POST /tokens", "Sign in", "body user", "body password", "answer token"],
    ["DELETE /tokens/current", "Revoke the current token"],
    ["POST /books", "Add a book", "body title", "answer id"],
  ]);
  expect(keysFor("Sign in, add a book and sign out", catalog).at(-1)).toBe("DELETE /tokens/current");
});
