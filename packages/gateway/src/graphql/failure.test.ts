import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { failureOf } from "./failure.ts";

test.each<[Json]>([[{ data: null }], [{}], [{ data: null, errors: [] }], [{ errors: [], extensions: {} }]])(
  "%j is no answer of GraphQL: data is null only where an error is named",
  (json) => {
    expect(failureOf(json, 200)).toMatchObject({ code: "contract" });
  },
);

test.each<[Json, number]>([
  [{ data: {} }, 200],
  [{ data: { me: null } }, 200],
  [{ data: null }, 500],
])("%j with status %i is none of its own", (json, status) => {
  expect(failureOf(json, status)).toBeUndefined();
});

test("null beside an error is that error", () => {
  expect(
    failureOf({ data: null, errors: [{ message: "no", extensions: { code: "FORBIDDEN" } }] }, 200),
  ).toEqual({ code: "failure", message: "FORBIDDEN: no", like: 403 });
});

test.each([
  ["SERVICE_UNAVAILABLE", "no", 503],
  ["UNAVAILABLE", "no", 503],
  ["GATEWAY_TIMEOUT", "no", 504],
  ["DEADLINE_EXCEEDED", "no", 504],
  ["BOOK_UNAVAILABLE", "The book is not available", 409],
  ["ITEM_UNAVAILABLE", "pick another one", 422],
  ["SESSION_TIMEOUT", "Your session timed out", 401],
])("the code %s, %s, is like %i", (code, message, like) => {
  const json = { data: null, errors: [{ message, extensions: { code } }] };
  expect(failureOf(json, 200)?.like).toBe(like);
});
