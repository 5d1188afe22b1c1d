import { expect, test } from "vitest";
import { apiOf } from "../../../test/api-lines.ts";
import { goalParts } from "../../checks/goal-parts.ts";
import { OperationCatalog } from "../../operations/operation-catalog.ts";

const valuesOf = (goal: string, line: string): string[] =>
  goalParts(goal, new OperationCatalog([apiOf("rest", line)])).flatMap(({ text, values }) => [
    ...(text.endsWith("(not understood)") ? [text] : []),
    ...Array.from(values, ([{ leaf }, value]) => `${leaf}=${String(value)}`),
  ]);

test.each([
  ["Register a poodle", "POST /dogs | Register a dog | name! breed | id", ["breed=poodle"]],
  [
    "Add a clownfish called Nemo",
    "POST /fish | Add a fish | name! species | id",
    ["name=Nemo", "species=clownfish"],
  ],
  ["Register a cocker spaniel", "POST /dogs | Register a dog | breed | id", ["breed=cocker spaniel"]],
  ["Register a spaniel", "POST /dogs | Register a dog | type | id", ["type=spaniel"]],
  ["Add two oaks", "POST /trees | Add a tree | variety! | id", ["variety=oak"]],
  ["Register a sedan", "POST /cars | Register a car | model plate! | id", ["model=sedan"]],
])("%s: the kind of a thing goes to the field for it", (goal, line, values) => {
  expect(valuesOf(goal, line)).toEqual(values);
});

test.each([
  ["Register a poodle", "POST /dogs | Register a dog | name! | id", ["poodle (not understood)"]],
  ["Add a clownfish", "POST /fish | Add a fish | name! | id", ["clownfish (not understood)"]],
])("%s: a kind that no field takes is named", (goal, line, named) => {
  expect(valuesOf(goal, line)).toEqual(named);
});

test.each([
  ["Register a dog", "POST /dogs | Register a dog | name! breed | id"],
  ["Make a booking", "POST /reservations | Make a reservation | type | id"],
  ["Add a memo", "POST /notes | Add a note | title | id"],
  ["Reserve a cabin", "POST /reservations | Make a reservation | cabinId! kind | id"],
  ["Please register a dog quickly", "POST /dogs | Register a dog | breed | id"],
])("%s: what a thing is called here is no kind of it", (goal, line) => {
  expect(valuesOf(goal, line)).toEqual([]);
});
