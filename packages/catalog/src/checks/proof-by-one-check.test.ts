import { join } from "node:path";
import type { ApiDescription } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { checkText } from "../../test/check-text.ts";
import { BOARD, LIBRARY, NOTES, ROOMS, SHOP } from "../../test/example-apis.ts";
import { CELLAR, DEPOT, FORUM, GALLERY, HOTEL, KITCHEN, RADIO } from "../../test/service-apis.ts";
import type { CheckDraft } from "./check-draft.ts";
import { type ProvingCheck, proofOf } from "./goal-proof.ts";
import { suggestChecks } from "./suggest-checks.ts";

const done = (operation: string, more: Partial<ProvingCheck> = {}): ProvingCheck => ({
  kind: "action",
  operation,
  compares: false,
  expectsAbsence: false,
  ...more,
});
const read = (operation: string, more: Partial<ProvingCheck> = {}): ProvingCheck =>
  done(operation, { kind: "probe", ...more });

/** What each check alone proves of a goal, beside those that are suggested for it. */
const GOALS: readonly (readonly [api: ApiDescription, goal: string, checks: readonly ProvingCheck[]])[] = [
  [
    SHOP,
    'Log in, create a cart, add an item to the cart, place an order to "Main St 1", pay it and cancel it.',
    [
      done("POST /login"),
      done("POST /orders/{id}/cancel"),
      done("POST /orders/{orderId}/payments", { count: 2 }),
      done("POST /unknown"),
      done("POST /replace_me"),
      done("not an operation"),
      done("other:POST /orders"),
      done("POST /orders", { target: "app" }),
      done("POST /orders", { target: "other" }),
      read("GET /orders/{orderId}"),
      read("GET /orders/7", { compares: true }),
      read("GET /orders", { compares: true }),
      read("GET /orders/{orderId}", { expectsAbsence: true }),
      read("GET /orders/{orderId}", { after: "POST /orders/{orderId}/cancel" }),
      read("GET /orders/{orderId}", { after: "POST /orders" }),
      read("GET /orders/{orderId}", { after: "POST /nothing", compares: true }),
      read("GET /carts/{cartId}", { compares: true, compared: ["$.items[0].productId"] }),
      read("GET /orders/{orderId}", { compares: true, compared: ["$.address"] }),
      read("GET /orders/{orderId}", { compares: true, compared: ["$.address", "$.state"] }),
      read("GET /products", { compares: true }),
    ],
  ],
  [
    HOTEL,
    "Reserve a room for 2 people, change the number of guests to 3, order a taxi for it, then cancel the reservation.",
    [
      done("DELETE /reservations/{id}"),
      done("POST /reservations", { count: 3 }),
      read("GET /reservations/{reservationId}", { expectsAbsence: true }),
      read("GET /reservations/{reservationId}", { compares: true, compared: ["$.guests"] }),
      read("GET /reservations/{reservationId}", { compares: true, compared: ["$.guestName"] }),
      read("GET /reservations/{reservationId}/services"),
      read("GET /reservations/{reservationId}/services", { compares: true }),
      read("GET /rooms", { compares: true }),
    ],
  ],
  [
    HOTEL,
    "Reserve a room, reserve another room.",
    [done("POST /reservations"), done("POST /reservations", { count: 2 })],
  ],
  [
    KITCHEN,
    "Create three recipes.",
    [
      done("POST /recipes", { count: 2 }),
      done("POST /recipes", { count: 3 }),
      read("GET /recipes", { compares: true }),
    ],
  ],
  [
    GALLERY,
    'Add a painting called "Reeds", lend it to the Kunsthaus, delete it.',
    [
      done("mutation lendPainting"),
      done("mutation deletePainting"),
      read("query painting", { compares: true }),
      read("query painting", { expectsAbsence: true }),
      read("query visits", { compares: true }),
    ],
  ],
  [
    RADIO,
    'Add a station called "Jazz", set its volume to 7.',
    [read("tool get_station"), done("tool set_volume")],
  ],
  [
    FORUM,
    'Log in, open a topic titled "Frost", reply "Done" and close it.',
    [
      done("POST /topics/new", { compares: true, demands: '"saved"' }),
      done("POST /topics/new", { compares: true, demands: '"frost"' }),
      done("POST /topics/{id}/reply", { compares: true, demands: "Done" }),
      done("POST /topics/{id}/close", { compares: true, demands: "closed" }),
      read("GET /topics", { compares: true }),
      done("POST /logout"),
    ],
  ],
  [
    CELLAR,
    'Put a bottle called "Merlot" into the cellar, set its shelf to C7, add a note to the rack.',
    [
      done("POST /racks/{id}/notes"),
      done("GET /racks"),
      done("POST /bottles"),
      read("GET /bottles/{id}", { compares: true }),
      read("GET /racks/{id}"),
    ],
  ],
  [
    DEPOT,
    'Register a pallet labelled "P-7", move it to hall B, add a note "Handle with care" to it, archive it, remove it.',
    [
      done("POST /pallets/{id}/move"),
      done("POST /pallets/{id}/notes", { target: "app" }),
      done("DELETE /pallets/{id}"),
      done("PUT /pallets/{id}"),
      done("POST /parcels"),
      read("GET /pallets/{id}", { compares: true, compared: ["$.label"] }),
      read("GET /pallets/{id}", { compares: true, compared: ["$.location"] }),
      read("GET /pallets/{id}", { compares: true, compared: ["$.label", "$.location"] }),
      read("GET /pallets/{id}", { compares: true, compared: [] }),
      read("GET /pallets/{id}", {
        compares: true,
        compared: ["$.archivedAt"],
        after: "POST /pallets/{id}/archive",
      }),
      read("GET /pallets/{id}", { after: "POST /pallets" }),
      read("GET /pallets/{id}", { after: "POST /pallets/{id}/move" }),
      read("GET /pallets/{id}", { after: "DELETE /pallets/{id}", expectsAbsence: true }),
      read("GET /pallets/{id}", { after: "POST /pallets/{id}/notes", expectsAbsence: true }),
      read("GET /pallets/{id}/notes", { compares: true }),
      read("GET /pallets/{id}/notes", { after: "POST /pallets/{id}/notes", compares: true }),
      read("GET /pallets", { expectsAbsence: true, compares: true }),
      read("GET /parcels/{parcelId}", { compares: true }),
      read("GET /pallets/{id}", { compares: true, target: "other" }),
    ],
  ],
  [
    BOARD,
    'Create a board called "Plan", add a card to it, comment "Soon" on the card, star the board, buy a pen.',
    [
      done("POST /boards", { compares: true }),
      done("POST /boards/{boardId}/cards"),
      done("POST /cards/{cardId}/comments"),
      done("PUT /boards/{boardId}/star"),
      done("POST /boards/{boardId}/star"),
      done("POST /pens"),
      done("GET /pens"),
      done("DELETE /pens/{id}"),
      done("POST /users/login"),
      read("GET /pens"),
      read("GET /boards/{boardId}", { compares: true, compared: ["$.name"] }),
      read("GET /boards/{boardId}", { compares: true, compared: ["$.starred"] }),
      read("GET /boards/{boardId}", { compares: true }),
      read("GET /boards/{boardId}/cards"),
      read("GET /boards/{boardId}/cards", { compares: true }),
      read("GET /cards/{cardId}/comments", { compares: true }),
      read("GET /cards/{cardId}", { compares: true, compared: ["$.commentCount"] }),
    ],
  ],
  [
    LIBRARY,
    'Add a book called "Emma", borrow it for 3 days, return the loan, remove the book.',
    [
      done("mutation addBook", { compares: true }),
      done("mutation borrowBook"),
      done("mutation returnLoan"),
      done("mutation removeBook"),
      read("query book"),
      read("query book", { compares: true, compared: ["$.data.book.title"] }),
      read("query book", { compares: true, compared: ["$.data.book.onLoan"] }),
      read("query book", { compares: true, after: "mutation borrowBook" }),
      read("query loan", { compares: true, compared: ["$.data.loan.state"] }),
      read("query books", { expectsAbsence: true, compares: true }),
      read("query loans", { compares: true }),
    ],
  ],
  [
    NOTES,
    'Create a note titled "Plan", change its body to "B", delete it, set the variable "speed" to "9".',
    [
      done("tool update_note"),
      done("tool delete_note"),
      done("tool set_variable", { compares: true }),
      done("tool other"),
      read("tool read_note", { compares: true }),
      read("tool read_note", { after: "tool update_note", compares: true }),
      read("tool list_notes", { compares: true }),
      read("tool get_variable"),
      read("tool get_variable", { compares: true }),
    ],
  ],
  [
    ROOMS,
    'Log in, add a room called "Blue" with 4 seats, book it on 2030-01-02, delete a room.',
    [
      done("POST /rooms", { compares: true, demands: "blue" }),
      done("POST /rooms", { compares: true, demands: "green" }),
      done("POST /rooms/{id}/book", { compares: true, demands: "2030-01-02" }),
      done("POST /rooms/{id}/book", { compares: true, demands: "booked" }),
      done("POST /rooms/new"),
      done("POST /rooms/{id}/delete"),
      done("POST /rooms/delete"),
      done("POST /login"),
      done("GET /rooms", { compares: true }),
      read("GET /rooms", { compares: true, demands: "blue" }),
    ],
  ],
];

const textOf = (check: ProvingCheck | CheckDraft): string =>
  "kind" in check ? JSON.stringify(check) : checkText(check);

test("what one check alone proves", async () => {
  const texts = GOALS.flatMap(([api, goal, others]) => {
    const suggested = suggestChecks(goal, [api]).checks.map(({ check }) => check);
    const lines = [...suggested, ...others].map((check) => {
      const { parts, unproven, accepted = [] } = proofOf(goal, [api], [check]);
      const proven = parts.map((part) =>
        unproven.includes(part) ? "-" : accepted.includes(part) ? "accepted" : "read",
      );
      return `  ${textOf(check)}\n    ${proven.join(" ")}`;
    });
    return [`# ${goal}`, `  ${JSON.stringify(proofOf(goal, [api], []).parts)}`, ...lines];
  });
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/proofs.txt"),
  );
});
