import { apiOf } from "@ape/catalog/test/api-lines";
import type { ApiDescription } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { nextCall } from "../test/next-call.ts";

/** An API whose field of a name has bounds. */
const bounded = (line: string, name: string, minimum: number, maximum: number): ApiDescription => {
  const api = apiOf("rest", line);
  const [operation] = api.operations;
  if (operation === undefined) throw new Error("no operation");
  const fields = operation.fields.map((field) =>
    field.name === name ? { ...field, minimum, maximum } : field,
  );
  return { ...api, operations: [{ ...operation, fields }] };
};
const SEATS = bounded("POST /rides | Reserve a ride | seats!# day!@date | id", "seats", 1, 6);
const DOSES = bounded("POST /doses | Record a dose | drug! milligrams!# | id", "milligrams", 5, 500);
const TANKS = bounded("POST /fillings | Record a filling | litres!# | id", "litres", 10, 80);

test.each([
  [SEATS, "Reserve a ride on 5 May 2031 with 30 seats", "the goal says 30, and seats is at most 6 here"],
  [
    DOSES,
    "Record a dose of the drug Amoxil with 2 milligrams",
    "the goal says 2, and milligrams is at least 5 here",
  ],
  [TANKS, "Record a filling of 95 litres", "the goal says 95, and litres is at most 80 here"],
])("a number beyond the bounds of its input is never replaced: %#", (api, goal, reason) => {
  expect(nextCall(api, goal, [])).toBe(`finish: Cannot go on: ${reason}.`);
});

test("a number within them is sent", () => {
  expect(nextCall(TANKS, "Record a filling of 80 litres", [])).toBe('POST /fillings {"litres":80}');
});
