import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { bodyField } from "../../test/body-field.ts";
import { firstClause } from "../../test/first-clause.ts";
import { goalParts } from "../checks/goal-parts.ts";
import { OperationCatalog } from "../operations/operation-catalog.ts";
import {
  choiceConstraints,
  holdsMany,
  isNumberOf,
  saysProperty,
  wantsProperty,
} from "./choice-constraints.ts";
import { clausesOf } from "./clause.ts";

const CRATES = new OperationCatalog([
  {
    target: "farm",
    title: "farm",
    documented: true,
    auth: [],
    operations: [
      {
        method: "POST",
        path: "/crates",
        summary: "Fill a crate",
        secured: false,
        fields: [
          {
            in: "body",
            name: "grade",
            type: "string",
            required: true,
            description: "",
            enum: ["A", "B", "C"],
          },
          { in: "body", name: "layers", type: "string", required: false, description: "", enum: ["1", "2"] },
          {
            in: "body",
            name: "size",
            type: "string",
            required: false,
            description: "",
            enum: ["small", "on"],
          },
        ],
      },
    ],
  },
]);

function wished(goal: string): Record<string, unknown> {
  const [operation] = CRATES.operations;
  if (operation === undefined) throw new Error("no operation");
  const clauses = clausesOf(goal, new Set());
  const values = choiceConstraints({ operation, clause: clauses[0], bindings: new Map() }, []);
  return Object.fromEntries(Array.from(values, ([{ name }, value]) => [name, value]));
}

test.each<[string, Record<string, unknown>]>([
  ["Fill a crate of grade B.", { grade: "B" }],
  ["Fill a grade C crate.", { grade: "C" }],
  ["Fill a crate with 20 kilos.", {}],
  ["A crate is filled.", {}],
  ["Fill a crate of class A.", { grade: "A" }],
  ["Fill a crate with 2 layers.", { layers: "2" }],
  ["Fill a small crate.", { size: "small" }],
  ["Put apples on a crate.", {}],
])("%s: an article or a preposition is no option", (goal, expected) => {
  expect(wished(goal)).toEqual(expected);
});

test.each([
  [
    "Schedule a rehearsal for 12 actors",
    "POST /rehearsals | Schedule a rehearsal | headcount# | id",
    "headcount=12",
  ],
  [
    "Reserve a table for 6 friends",
    "POST /reservations | Reserve a table | partySize#! day | id",
    "partySize=6",
  ],
  ["Open a course for 20 beginners", "POST /courses | Open a course | capacity# weeks# | id", "capacity=20"],
  ["Open a course for 3 weeks", "POST /courses | Open a course | capacity# weeks# | id", "weeks=3"],
  ["Book a trip for 4 adults", "POST /trips | Book a trip | adults# seats# | id", "adults=4"],
  ["Plan a walk for 9 hikers", "POST /walks | Plan a walk | maxGuests# note | id", "9 (not understood)="],
])("%s: how many it is for is a number of people", (goal, line, expected) => {
  const parts = goalParts(goal, new OperationCatalog([apiOf("rest", line)]));
  const given = parts.flatMap(({ text, values }) => [
    ...(text.endsWith("(not understood)") ? [`${text}=`] : []),
    ...Array.from(values, ([{ leaf }, value]) => `${leaf}=${String(value)}`),
  ]);
  expect(given).toEqual([expected]);
});

const flag = (name: string) => bodyField(name, { type: "boolean" });

test.each<[goal: string, field: string, wanted: boolean | undefined]>([
  ["Find a plot with water", "water", true],
  ["Find a plot with a balcony", "balcony", true],
  ["Find a plot with an orchard", "hasOrchard", true],
  ["Find a plot that has water", "isWater", true],
  ["Find plots that have a balcony", "with_balcony", true],
  ["Find plots having an orchard", "orchard", true],
  ["Find a plot without water", "water", false],
  ["Find a plot without a balcony", "balcony", false],
  ["Find a plot with no water", "water", false],
  ["Find a plot that has no orchard", "orchard", false],
  ["Find a plot with waterfalls", "water", undefined],
  ["Find a watered plot", "water", undefined],
  ["Find a plot with gas", "gas", undefined],
  ["Find a plot with a cellar", "attic", undefined],
])("%s: %s is wanted to be %j", (goal, name, wanted) => {
  expect(wantsProperty(firstClause(goal), flag(name))).toBe(wanted);
});

test("only a yes-or-no field is a property, with a name that is no part of a longer one", () => {
  const clause = firstClause("Find a heated box with water");
  expect(wantsProperty(clause, bodyField("water"))).toBeUndefined();
  expect(saysProperty(clause, bodyField("heated"))).toBe(false);
  expect(saysProperty(clause, flag("heated"))).toBe(true);
  expect(saysProperty(clause, flag("isHeated"))).toBe(true);
  expect(saysProperty(clause, flag("heatedSeats"))).toBe(false);
  expect(saysProperty(firstClause("Find a big box"), flag("big"))).toBe(false);
  expect(saysProperty(firstClause("Find a new home"), flag("new"))).toBe(false);
  expect(saysProperty(firstClause("Find the cheapest box"), flag("cheapest"))).toBe(true);
});

test.each<[name: string, type: string, holds: boolean]>([
  ["headCount", "integer", true],
  ["heads", "integer", true],
  ["partySize", "integer", true],
  ["group_size", "integer", true],
  ["teamSize", "number", true],
  ["crewSize", "integer", true],
  ["persons", "integer", true],
  ["person", "integer", true],
  ["pax", "integer", true],
  ["seat", "integer", true],
  ["guests", "integer", true],
  ["attendees", "integer", true],
  ["attendance", "integer", true],
  ["participant", "integer", true],
  ["passengers", "integer", true],
  ["visitors", "integer", true],
  ["players", "integer", true],
  ["capacity", "integer", true],
  ["covers", "integer", true],
  ["places", "integer", true],
  ["maxGuests", "integer", false],
  ["guestPrice", "number", false],
  ["guests", "string", false],
  ["size", "integer", false],
  ["nights", "integer", false],
])("%s (%s) says how many something is for: %j", (name, type, holds) => {
  expect(holdsMany(bodyField(name, { type }))).toBe(holds);
});

test.each<[goal: string, field: string, is: boolean]>([
  ["Find a table for 4 players", "players", true],
  ["Find a table for 4 players", "capacity", true],
  ["Find a table for 4 players", "rows", false],
  ["Find a table with 4 rows", "rows", true],
  ["Find a table with 4 rows", "capacity", false],
  ["Find a table with $4 rows", "rows", false],
])("%s gives the number of %s: %j", (goal, name, is) => {
  const [amount] = firstClause(goal).amounts;
  if (amount === undefined) throw new Error("no amount");
  expect(isNumberOf(amount, bodyField(name, { type: "integer" }))).toBe(is);
});
