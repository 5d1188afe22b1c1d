import { expect, test } from "vitest";
import { catalogWith, keysFor } from "../../test/goal-operations.ts";

const marina = catalogWith([
  ["GET /berths", "List berths", "answer [].id"],
  ["POST /reservations", "Create a reservation", "body berthId", "answer id"],
  ["POST /reservations/{reservationId}/cancel", "Cancel a reservation", "path reservationId"],
  ["GET /albums", "List albums", "answer [].id"],
  ["POST /albums", "Create an album", "body title", "answer id"],
  ["DELETE /albums/{albumId}", "Delete an album", "path albumId"],
]);

test.each([
  ["Reserve a berth, then call the booking off", "POST /reservations/{reservationId}/cancel"],
  ["Book a berth, then cancel the contract", "POST /reservations/{reservationId}/cancel"],
  ["Create an album, then delete the contract", "-"],
  ["Reserve a berth, then rate the harbour", "-"],
  ["Reserve a berth, then delete the album", "DELETE /albums/{albumId}"],
])("%s: the thing with another name is what was arranged, or nothing", (goal, key) => {
  expect(keysFor(goal, marina).at(-1)).toBe(key);
});

test("of two things that a noun may mean, the nearer one is meant", () => {
  expect(keysFor("Cancel the booking", marina)).toEqual(["POST /reservations/{reservationId}/cancel"]);
});

test.each([
  ["Buy a kayak, then cancel the order", "mutation updateOrderStatus"],
  ["Buy a kayak, then call the purchase off", "mutation updateOrderStatus"],
])("%s, where buying is named after the thing", (goal, key) => {
  const shop = catalogWith(
    [
      ["query kayaks", "", "answer [].id"],
      ["mutation buyKayak", "", "body kayakId", "answer id"],
      ["mutation updateOrderStatus", "Moves an order to cancelled.", "body orderId", "body status"],
    ],
    "graphql",
  );
  expect(keysFor(goal, shop).at(-1)).toBe(key);
});

test("what logs out is no thing that a goal calls off", () => {
  const practice = catalogWith([
    ["POST /sessions", "create sessions", "body email", "body password"],
    ["DELETE /sessions", "delete sessions"],
    ["GET /vets", "list vets", "answer [].id"],
    ["POST /visits", "create visits", "body vetId", "answer id"],
    ["POST /visits/{visitId}/call-off", "call visits call off", "path visitId"],
  ]);
  expect(keysFor("Arrange a conference with a vet, then call the conference off", practice)).toEqual([
    "POST /visits",
    "POST /visits/{visitId}/call-off",
  ]);
});
