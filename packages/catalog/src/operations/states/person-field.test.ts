import { expect, test } from "vitest";
import { firstClause, onlyOperation } from "../../../test/first-clause.ts";
import { isOfPerson, personAssigned } from "./person-field.ts";

const inputsOf = (fields: string) => onlyOperation(`POST /cases | Make a case | ${fields}`).inputs;

test.each([
  ["conservator", true],
  ["driverId", true],
  ["driver_uuid", true],
  ["driverCode", true],
  ["driverKey", true],
  ["driverRef", true],
  ["driverName", true],
  ["driverId#", true],
  ["driver#", false],
  ["driver?", false],
  ["driver=ada,bob", false],
  ["driver@email", false],
  ["customer", true],
  ["guestNumber", false],
  ["color", false],
  ["number", false],
  ["floor", false],
  ["computer", false],
  ["chapter", false],
  ["tower", false],
  ["power", false],
  ["note", false],
])("%s holds a person: %s", (field, is) => {
  expect(inputsOf(field).map(isOfPerson)).toEqual([is]);
});

test.each(["assign", "delegate", "entrust", "allocate", "allot", "give", "hand", "pass", "transfer"])(
  "what one can %s to somebody has a person",
  (verb) => {
    const clause = firstClause(`${verb} it to Mara Lind`, [verb, verb.replace(/e$/, "")]);
    expect(personAssigned(clause, inputsOf("title driver"))?.name).toBe("driver");
  },
);

test.each([
  ["Assign it to Mara Lind", "driver conservator"],
  ["Assign it to Mara Lind", "title"],
  ["Assign it to R7", "driver"],
  ["Assign it for Mara Lind", "driver"],
  ["Assign it", "driver"],
  ["Show it to Mara Lind", "driver"],
])("%s: no person of %s", (goal, fields) => {
  expect(personAssigned(firstClause(goal, ["assign"]), inputsOf(fields))).toBeUndefined();
});
