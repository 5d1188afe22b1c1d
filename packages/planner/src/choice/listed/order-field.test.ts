import { clausesOf } from "@ape/catalog/goal/clause";
import { OperationCatalog } from "@ape/catalog/operations/operation-catalog";
import { expect, test } from "vitest";
import { fake, field, operation } from "../../../test/fake.ts";
import { itemFields } from "../response-values.ts";
import { firstIn, orderOf } from "./order-field.ts";

const WELLS = [
  {
    id: 9,
    cellar_id: 7,
    name: "Elm",
    depth_m: 12,
    capacity: 30,
    opened_at: "2026-03-01T08:00:00Z",
    seen: "2026-09-01",
  },
  {
    id: 2,
    cellar_id: 8,
    name: "Oak",
    depth_m: 40,
    capacity: 20,
    opened_at: "2025-03-01T08:00:00Z",
    seen: "2026-10-01",
  },
  { id: 5, cellar_id: 9, name: "Ash", depth_m: 25, capacity: 50, opened_at: null, seen: "2026-08-01" },
];

/** The name of the well that a goal tells from the others, of a list with these fields. */
function chosen(goal: string, names: readonly string[]): string | undefined {
  const types: Record<string, [string, object]> = {
    name: ["string", {}],
    opened_at: ["string", { format: "date-time" }],
    seen: ["string", { format: "date" }],
  };
  const fields = names.map((name) => {
    const [type, traits] = types[name] ?? ["integer", {}];
    return field("answer", `[].${name}`, type, "", traits);
  });
  const { api } = fake("wells", [operation("GET /wells", "List wells", fields)], {});
  const [list] = new OperationCatalog([api]).operations;
  if (list === undefined) throw new Error("there is no list");
  const order = orderOf(clausesOf(goal, new Set()), itemFields(list));
  const first = order === undefined ? undefined : firstIn(WELLS, order, itemFields(list));
  return (first as { name: string } | undefined)?.name;
}

const ALL = ["id", "cellar_id", "name", "depth_m", "capacity", "opened_at", "seen"];

test.each([
  ["Close the deepest well", ALL, "Oak"],
  ["Close the well with the smallest depth", ALL, "Elm"],
  ["Close the largest well", ALL, "Ash"],
  ["Close the oldest well", ALL, "Oak"],
  ["Close the newest well", ALL, "Elm"],
  // Of several days that is meant which says when it was made.
  ["Close the newest well", ["id", "name", "seen"], "Oak"],
  ["Close the newest well", ["id", "name", "seen", "opened_at"], "Elm"],
  ["Close the coldest well", ALL, undefined],
  // Ids are no sizes.
  ["Close the largest cellar", ["id", "cellar_id", "name"], undefined],
  ["Close the well", ALL, undefined],
])("%s of %j: %s", (goal, names, expected) => {
  expect(chosen(goal, names)).toBe(expected);
});
