import { expect, test } from "vitest";
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
