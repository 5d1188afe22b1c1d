import type { ApiField, ApiOperation } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { apiField } from "../../test/api-field.ts";
import { collectionPath, namesMade, ownCollection, withoutItem } from "./made-resource.ts";
import { OperationCatalog } from "./operation-catalog.ts";

test.each([
  ["/rooms/", "/rooms", "/rooms/", "/rooms/"],
  ["/rooms/{id}", "/rooms/{id}", "/rooms", "/rooms/{id}"],
  ["/rooms/{id}/bookings", "/rooms/{id}/bookings", "/rooms/{id}/bookings", "/bookings"],
  [
    "/v1/rooms/{id}/bookings/{no}",
    "/v1/rooms/{id}/bookings/{no}",
    "/v1/rooms/{id}/bookings",
    "/v1/bookings/{no}",
  ],
])("of %s the path is %s, without its item %s, on its own %s", (path, plain, without, own) => {
  expect([collectionPath(path), withoutItem(path), ownCollection(path)]).toEqual([plain, without, own]);
});

const field = (place: ApiField["in"], name: string): ApiField => apiField(place, name, { required: true });
const operation = (key: string, fields: ApiField[] = []): ApiOperation => {
  const [method, path] = key.split(" ") as [ApiOperation["method"], string];
  return { method, path, summary: "", fields, secured: false };
};

function named(making: ApiOperation, owner: ApiOperation, input = 0): boolean {
  const { operations } = new OperationCatalog([
    { target: "a", title: "", documented: true, auth: [], operations: [making, owner] },
  ]);
  const [made, user] = operations;
  const one = user?.inputs[input];
  if (made === undefined || user === undefined || one === undefined) throw new Error("the input is missing");
  return namesMade(one, user, made);
}

test.each([
  ["POST /bookings", operation("GET /bookings/{id}", [field("path", "id")]), true],
  ["POST /bookings/", operation("GET /bookings/{id}", [field("path", "id")]), true],
  ["POST /bookings", operation("GET /bookings/{id}/notes", [field("path", "id")]), true],
  ["POST /rooms/{room}/bookings", operation("GET /bookings/{id}", [field("path", "id")]), true],
  ["POST /bookings", operation("GET /bookingsold/{id}", [field("path", "id")]), false],
  ["POST /bookings", operation("GET /rooms/{id}", [field("path", "id")]), false],
  ["POST /bookings", operation("POST /payments", [field("body", "bookingId")]), true],
  ["POST /bookings", operation("POST /payments", [field("body", "roomId")]), false],
  ["POST /bookings", operation("POST /payments", [field("body", "id")]), false],
  ["POST /bookings", operation("POST /payments", [field("body", "booking")]), false],
])("what %s makes is named by the first input of %o: %j", (making, owner, names) => {
  expect(named(operation(making), owner)).toBe(names);
});

test("an answer with fields names the id itself", () => {
  const payment = operation("POST /payments", [field("body", "bookingId")]);
  expect(named(operation("POST /bookings", [field("answer", "id")]), payment)).toBe(false);
});

test("another target has made nothing of this one", () => {
  const catalog = new OperationCatalog(
    ["a", "b"].map((target) => ({
      target,
      title: "",
      documented: true,
      auth: [],
      operations: [operation("POST /bookings"), operation("GET /bookings/{id}", [field("path", "id")])],
    })),
  );
  const [making, , , other] = catalog.operations;
  const [id] = other?.inputs ?? [];
  if (making === undefined || other === undefined || id === undefined)
    throw new Error("an operation is missing");
  expect(namesMade(id, other, making)).toBe(false);
});

test.each([
  ["mutation rentBoat", "rentalId", true],
  ["mutation rentBoat", "boatId", false],
  ["mutation reserveTable", "bookingId", true],
])("what %s makes is named by %s: %j", (making, input, names) => {
  const owner = operation("mutation cancelIt", [field("body", input)]);
  expect(named(operation(making, [field("answer", "id")]), owner)).toBe(names);
});
