import type { ApiDescription } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { checkText } from "../../test/check-text.ts";
import { BOARD, LIBRARY, NOTES, ROOMS, SHOP } from "../../test/example-apis.ts";
import { suggestChecks } from "./suggest-checks.ts";

/** An API, a goal, the checks that are suggested for it, and the parts that they leave unproven or only accepted. */
test.each<[ApiDescription, string, string[], string[]]>([
  [
    SHOP,
    'Log in, put two lamps into the cart and place an order to "Main St 1".',
    [
      "did POST /carts/{cartId}/items {cartId}:$.cartId {productId}:$.items[-1:].productId",
      "read GET /carts/{cartId} after POST /carts/{cartId}/items $.items[?@.productId=='{productId}'].productId={\"exists\":true}",
      "did POST /orders {orderId}:$.orderId",
      'read GET /orders/{orderId} $.address="Main St 1"',
    ],
    [],
  ],
  [
    SHOP,
    "Create a cart, add an item, order it, then pay the order by card.",
    [
      "did POST /carts {cartId}:$.cartId",
      "did POST /carts/{cartId}/items {productId}:$.items[-1:].productId",
      "read GET /carts/{cartId} after POST /carts/{cartId}/items $.items[?@.productId=='{productId}'].productId={\"exists\":true}",
      "did POST /orders {orderId}:$.orderId",
      "read GET /orders/{orderId}",
      "did POST /orders/{orderId}/payments",
    ],
    ["accepted: pay the order by card"],
  ],
  [
    SHOP,
    "Place an order, then cancel it.",
    [
      "did POST /orders {orderId}:$.orderId",
      'did POST /orders/{orderId}/cancel $.state="cancelled"',
      'read GET /orders/{orderId} after POST /orders/{orderId}/cancel $.state="cancelled"',
    ],
    [],
  ],
  [
    SHOP,
    'Place an order and change its address to "Second St".',
    [
      "did POST /orders {orderId}:$.orderId",
      'did PUT /orders/{orderId} $.address="Second St"',
      'read GET /orders/{orderId} after PUT /orders/{orderId} $.address="Second St"',
    ],
    [],
  ],
  [
    SHOP,
    'Write a review with rating 4 that says "Good".',
    ['did POST /reviews $.rating=4 $.text="Good"'],
    ['accepted: Write a review with rating 4 that says "Good"'],
  ],
  [
    SHOP,
    "Write a review, then delete it.",
    ["did POST /reviews", "did DELETE /reviews/{reviewId}"],
    ["accepted: Write a review", "accepted: delete it"],
  ],
  [
    SHOP,
    "Look at the products and read the reviews of the cheapest one.",
    ["did GET /products/{productId}/reviews"],
    [],
  ],
  [
    SHOP,
    "Add a lamp to the cart, then remove the item from the cart.",
    [
      "did POST /carts/{cartId}/items {cartId}:$.cartId {productId}:$.items[-1:].productId",
      "did DELETE /carts/{cartId}/items/{itemId}",
      "read GET /carts/{cartId} after DELETE /carts/{cartId}/items/{itemId} $.items[?@.productId=='{productId}'].productId={\"exists\":false}",
    ],
    ["accepted: Add a lamp to the cart"],
  ],
  [SHOP, "List my orders.", ["did GET /orders"], []],
  [
    BOARD,
    'Create a private board called "Plan".',
    ['did POST /boards $.name="Plan" {boardId}:$.id', 'read GET /boards/{boardId} $.name="Plan"'],
    [],
  ],
  [
    BOARD,
    'Create a board, add a card titled "Buy milk" and comment "Soon" on it.',
    [
      "did POST /boards {boardId}:$.id",
      "read GET /boards/{boardId}",
      'did POST /boards/{boardId}/cards $.title="Buy milk" {cardId}:$.id',
      'read GET /cards/{cardId} $.title="Buy milk"',
      'did POST /cards/{cardId2}/comments $.text="Soon" {commentId}:$.id',
      "read GET /cards/{cardId2}/comments $[?@.id=='{commentId}'].text=\"Soon\"",
    ],
    [],
  ],
  [
    BOARD,
    "Create a board and add three cards.",
    [
      "did POST /boards {boardId}:$.id",
      "read GET /boards/{boardId}",
      "did POST /boards/{boardId}/cards 3 times",
    ],
    ["accepted: add three cards"],
  ],
  [
    BOARD,
    "Create a board, star it, then unstar it.",
    [
      "did POST /boards {boardId}:$.id",
      "did POST /boards/{boardId}/star",
      "read GET /boards/{boardId} after POST /boards/{boardId}/star $.starred=true",
    ],
    ["unproven: unstar it"],
  ],
  [
    BOARD,
    'Create a board called "A", rename it to "B" and archive it.',
    [
      'did POST /boards $.name="A" {boardId}:$.id',
      "did PATCH /boards/{boardId} 2 times",
      'read GET /boards/{boardId} after PATCH /boards/{boardId} $.name="B" $.archived=true',
    ],
    [],
  ],
  [
    BOARD,
    "Create a board, add a card, mark it as done.",
    [
      "did POST /boards {boardId}:$.id",
      "read GET /boards/{boardId}",
      "did POST /boards/{boardId}/cards {cardId}:$.id",
      "did PATCH /cards/{cardId}",
      "read GET /cards/{cardId} after PATCH /cards/{cardId} $.done=true",
    ],
    [],
  ],
  [
    BOARD,
    "Create a board, add a card, assign it to a user.",
    [
      "did POST /boards {boardId}:$.id",
      "read GET /boards/{boardId}",
      "did POST /boards/{boardId}/cards {cardId}:$.id",
      "read GET /cards/{cardId}",
      "did PATCH /cards/{cardId}",
    ],
    ["accepted: assign it to a user"],
  ],
  [
    BOARD,
    'Invite "a@b.c" as a guest to the board.',
    [
      'did POST /boards/{boardId}/members $.role="guest" $.email="a@b.c" {memberId}:$.id',
      "read GET /boards/{boardId}/members $[?@.id=='{memberId}'].role=\"guest\" $[?@.id=='{memberId}'].email=\"a@b.c\"",
    ],
    [],
  ],
  [
    BOARD,
    "Create a board, add a card due on 2030-01-02, delete the card.",
    [
      "did POST /boards {boardId}:$.id",
      "read GET /boards/{boardId}",
      "did POST /boards/{boardId}/cards {cardId}:$.id",
      "did DELETE /cards/{cardId}",
      "read GET /cards/{cardId} after DELETE /cards/{cardId} -> 404|410",
    ],
    ["unproven: 2030-01-02 (not understood)", "accepted: add a card due on 2030-01-02"],
  ],
  [
    BOARD,
    "Star a board.",
    ["did POST /boards/{boardId}/star", "read GET /boards/{boardId} $.starred=true"],
    [],
  ],
  [
    LIBRARY,
    "Borrow a book for 3 days.",
    [
      "did mutation borrowBook {loanId}:$.data.borrowBook.id",
      'read query loan with {"id":"{loanId}"} query($id: ID!) { loan(id: $id) { id dueAt state days } } $.data.loan.days=3',
    ],
    [],
  ],
  [
    LIBRARY,
    "Borrow a book, then return the loan.",
    [
      "did mutation borrowBook {loanId}:$.data.borrowBook.id",
      'read query loan with {"id":"{loanId}"} query($id: ID!) { loan(id: $id) { id dueAt state days } }',
      "did mutation returnLoan",
    ],
    [],
  ],
  [
    LIBRARY,
    'Add a book called "Emma".',
    [
      'did mutation addBook $.data.addBook.title="Emma" {bookId}:$.data.addBook.id',
      'read query book with {"id":"{bookId}"} query($id: ID!) { book(id: $id) { id title onLoan } } $.data.book.title="Emma"',
    ],
    [],
  ],
  [
    LIBRARY,
    'Add a book called "Emma", then remove it.',
    [
      'did mutation addBook $.data.addBook.title="Emma" {bookId}:$.data.addBook.id',
      'read query book with {"id":"{bookId}"} query($id: ID!) { book(id: $id) { id title onLoan } } $.data.book.title="Emma"',
      "did mutation removeBook",
    ],
    ["accepted: remove it"],
  ],
  [
    NOTES,
    'Create a note titled "Plan".',
    [
      "did tool create_note {noteId}:$.noteId",
      'read tool read_note with {"noteId":"{noteId}"} $.title="Plan"',
    ],
    ['accepted: Create a note titled "Plan"'],
  ],
  [
    NOTES,
    'Create a note, change its title to "B", then delete it.',
    [
      "did tool create_note {noteId}:$.noteId",
      "did tool update_note",
      'read tool read_note with {"noteId":"{noteId}"} after tool update_note $.title="B"',
      "did tool delete_note",
    ],
    ["accepted: delete it"],
  ],
  [
    NOTES,
    'Set the variable "speed" to "9".',
    ["did tool set_variable"],
    ['accepted: Set the variable "speed" to "9"'],
  ],
  [NOTES, "List the notes.", ["did tool list_notes"], []],
  [ROOMS, 'Log in, add a room called "Blue" with 4 seats.', ['did POST /rooms text {"contains":"Blue"}'], []],
  [
    ROOMS,
    "Book a room for 2030-01-02.",
    ["did POST /rooms"],
    ["unproven: 2030-01-02 (not understood)", "accepted: Book a room for 2030-01-02"],
  ],
  [ROOMS, "Delete a room.", ["did POST /rooms/{id}/delete"], ["accepted: Delete a room"]],
])("goal %#: the checks that prove it", (api, goal, checks, open) => {
  const suggested = suggestChecks(goal, [api]);
  expect(suggested.checks.map(({ check }) => checkText(check))).toEqual(checks);
  const { unproven, accepted = [] } = suggested.proof;
  expect([
    ...unproven.map((part) => `unproven: ${part}`),
    ...accepted.map((part) => `accepted: ${part}`),
  ]).toEqual(open);
});
