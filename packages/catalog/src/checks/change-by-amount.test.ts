import type { ApiField } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { bodyField } from "../../test/body-field.ts";
import { firstClause } from "../../test/first-clause.ts";
import type { Field } from "../operations/field.ts";
import { OperationCatalog } from "../operations/operation-catalog.ts";
import { changeByAmount, changedNumber, inputChangedBy, valueAfterChange } from "./change-by-amount.ts";

const clause = (goal: string) => firstClause(goal, ["extend", "trim"]);
const field = (name: string, type = "integer", more: Partial<ApiField> = {}): Field =>
  bodyField(name, { type, ...more });

test.each<[goal: string, of10: number | undefined, about: string[], hasUnit: boolean]>([
  ["Increase the price by 5", 15, ["price"], false],
  ["Raise the price by 2.5", 12.5, ["price"], false],
  ["Extend it by an hour", 11, ["hour"], true],
  ["Lengthen the stay by three nights", 13, ["stai", "night"], true],
  ["Extend the loan by another 4 days", 14, ["loan", "dai"], true],
  ["Extend the loan by a further 4 days", 14, ["loan", "dai"], true],
  ["Extend the loan by an additional 4 days", 14, ["loan", "dai"], true],
  ["Reduce the loan by 4 more days", 6, ["loan", "dai"], true],
  ["Extend the loan by 4 more days", 14, ["loan", "dai"], true],
  ["Reduce the price by 5", 5, ["price"], false],
  ["Decrease it by twelve", -2, [], false],
  ["Shorten the stay by one night", 9, ["stai", "night"], true],
  ["Lower it by a point", 9, ["point"], true],
  ["Add 2 more seats", 12, ["seat"], true],
  ["Add an additional hour", 11, ["hour"], true],
  ["Add 3 extra beds", 13, ["bed"], true],
  ["Add six further beds", 16, ["bed"], true],
  ["Add another 10 minutes", 20, ["minut"], true],
  ["Add extra 4 beds", 14, ["bed"], true],
  ["Take 3 fewer seats", 7, ["seat"], true],
  ["Use 2 less", 8, [], false],
  ["Cut the price in half", 5, ["price"], false],
  ["Reduce the price by half", 5, ["price"], false],
  ["Halve the price", 5, ["price"], false],
  ["Double the price", 20, ["price"], false],
  // In which direction is not said.
  ["Change the price by 5", undefined, ["price"], false],
])("%s: of 10, %s", (goal, of10, about, hasUnit) => {
  const change = changeByAmount(clause(goal));
  expect(change?.of(10)).toBe(of10);
  expect([...(change?.about ?? [])]).toEqual(expect.arrayContaining(about));
  expect(change?.hasUnit).toBe(hasUnit);
});

test.each(["Set the price to 5", "Add 2 seats", "Reserve it", "Cut it to 800 by 1200 mm", "Buy another one"])(
  "%s changes nothing by an amount",
  (goal) => {
    expect(changeByAmount(clause(goal))).toBeUndefined();
  },
);

test("the number that changes is one of the unit or of the noun, no text and no id", () => {
  const change = changeByAmount(clause("Extend the stay by 2 nights"));
  if (change === undefined) throw new Error("no change");
  const nights = field("nights");
  expect(changedNumber([field("nightId"), field("night", "string"), field("seats"), nights], change)).toBe(
    nights,
  );
  expect(changedNumber([field("seats")], change)).toBeUndefined();
});

const LOANS = new OperationCatalog([
  apiOf(
    "rest",
    "PATCH /loans/{id} | Change a loan | days# dueDate@date startDate@date",
    "PUT /passes/{id} | Change a pass | note startsAt@date-time expiresAt@date-time",
    "PATCH /visits/{id} | Move a visit | day@date",
    "PATCH /terms/{id} | Change a term | begins@date opened@date",
    "POST /loans/{id}/extend | Extend a loan | days#!",
    "PATCH /seats/{id} | Change seats | &until@date price#",
  ),
]);

test.each([
  ["Extend it by 3 days", "PATCH /loans/{id}", "days"],
  ["Extend it by 2 weeks", "PATCH /loans/{id}", "dueDate"],
  ["Extend it by a month", "PATCH /loans/{id}", "dueDate"],
  ["Extend it by 2 years", "PUT /passes/{id}", "expiresAt"],
  ["Shorten it by one night", "PUT /passes/{id}", "expiresAt"],
  ["Extend it by one quarter", "PATCH /visits/{id}", "day"],
  // Two dates, and none of them is an end.
  ["Extend it by 2 weeks", "PATCH /terms/{id}", undefined],
  // A unit that is no time.
  ["Extend it by 2 metres", "PATCH /loans/{id}", undefined],
  // In no direction.
  ["Change it by 2 weeks", "PATCH /visits/{id}", undefined],
  ["Double it", "PATCH /visits/{id}", undefined],
  ["Set it to 3 days", "PATCH /loans/{id}", undefined],
  // The call takes the amount itself.
  ["Extend it by 3 days", "POST /loans/{id}/extend", undefined],
  // A query is no part of the thing.
  ["Extend it by 2 weeks", "PATCH /seats/{id}", undefined],
])("%s by %s changes %s", (goal, key, input) => {
  const operation = LOANS.operations.find((one) => one.key === key);
  if (operation === undefined) throw new Error("no operation");
  expect(inputChangedBy(clause(goal), operation)?.leaf).toBe(input);
});

test.each([
  ["Increase it by 5", field("price", "number"), 10, 15],
  ["Increase it by 5", field("price", "number"), "10", undefined],
  ["Set it to 5", field("price", "number"), 10, undefined],
  ["Extend it by 3 days", field("due", "string", { format: "date" }), "2030-01-30", "2030-02-02"],
  ["Extend it by one night", field("due", "string", { format: "date" }), "2030-12-31", "2031-01-01"],
  ["Shorten it by 2 weeks", field("due", "string", { format: "date" }), "2030-01-20", "2030-01-06"],
  ["Extend it by a month", field("due", "string", { format: "date" }), "2030-01-31", "2030-02-28"],
  ["Extend it by one month", field("due", "string", { format: "date" }), "2030-02-28", "2030-03-28"],
  ["Shorten it by a month", field("due", "string", { format: "date" }), "2030-03-31", "2030-02-28"],
  ["Extend it by a quarter", field("due", "string", { format: "date" }), "2030-11-30", "2031-02-28"],
  ["Extend it by 2 years", field("due", "string", { format: "date" }), "2028-02-29", "2030-02-28"],
  [
    "Extend it by 3 days",
    field("due", "string", { format: "date-time" }),
    "2030-01-30T10:30:00Z",
    "2030-02-02T10:30:00Z",
  ],
  [
    "Extend it by a month",
    field("due", "string", { format: "date-time" }),
    "2030-01-30T10:30:00.250Z",
    "2030-02-28T10:30:00.250Z",
  ],
  ["Extend it by 3 metres", field("due", "string", { format: "date" }), "2030-01-30", undefined],
  ["Extend it by 3 days", field("due", "string", { format: "date" }), "soon", undefined],
  ["Extend it by 3 days", field("due", "string", { format: "date" }), 20300130, undefined],
])("%s: %j after the change", (goal, of, before, after) => {
  expect(valueAfterChange(clause(goal), of, before)).toBe(after);
});
