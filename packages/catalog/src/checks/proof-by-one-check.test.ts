import { join } from "node:path";
import type { ApiDescription } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { checkText } from "../../test/check-text.ts";
import { SHOP } from "../../test/example-apis.ts";
import { CELLAR, FORUM, GALLERY, HOTEL, KITCHEN, RADIO } from "../../test/service-apis.ts";
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
