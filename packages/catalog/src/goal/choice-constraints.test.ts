import { expect, test } from "vitest";
import { apiOf } from "../../test/api-lines.ts";
import { goalParts } from "../checks/goal-parts.ts";
import { OperationCatalog } from "../operations/operation-catalog.ts";
import { choiceConstraints } from "./choice-constraints.ts";
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
