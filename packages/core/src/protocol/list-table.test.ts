import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../lib/json.ts";
import { parseJson, writeJson } from "../lib/lossless-number.ts";
import { readTables, tableLists } from "./list-table.ts";

test("the fields of a list's objects are named once", () => {
  const body = {
    items: [
      { id: "a", price: 1 },
      { id: "b", price: 2 },
      { id: "c", price: 3 },
      "... 5 more (items 1-3 of 8 are shown)",
    ],
    total: 8,
  };
  expect(tableLists(body)).toEqual({
    items: {
      fields: ["id", "price"],
      rows: [["a", 1], ["b", 2], ["c", 3], "... 5 more (items 1-3 of 8 are shown)"],
    },
    total: 8,
  });
});

test.each([
  ["two objects", [{ a: 1 }, { a: 2 }]],
  ["different fields", [{ a: 1 }, { a: 2 }, { b: 3 }]],
  ["a field more", [{ a: 1 }, { a: 2 }, { a: 3, b: 1 }]],
  ["a field less", [{ a: 1, b: 1 }, { a: 2, b: 1 }, { a: 3 }]],
  [
    "another order",
    [
      { a: 1, b: 2 },
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
  ],
  ["a number among them", [{ a: 1 }, 2, { a: 3 }, { a: 4 }]],
  ["two objects and a text", [{ a: 1 }, { a: 2 }, "... 3 more"]],
  ["objects without fields", [{}, {}, {}]],
  ["texts", ["a", "b", "c", "d"]],
  ["no list", { a: { b: 1 } }],
] as [string, Json][])("not written as a table: %s", (_, list) => {
  expect(tableLists(list)).toBeUndefined();
});

test("an answer that has an object with fields and rows itself is not changed", () => {
  const own = { fields: ["a"], rows: [["b"]] };
  expect(tableLists({ own, list: [{ a: 1 }, { a: 2 }, { a: 3 }] })).toBeUndefined();
});

test("lists in rows are tables as well", () => {
  const lines = [{ n: 1 }, { n: 2 }, { n: 3 }];
  const orders = [1, 2, 3].map((id) => ({ id, lines }));
  const table = { fields: ["n"], rows: [[1], [2], [3]] };
  expect(tableLists(orders)).toEqual({ fields: ["id", "lines"], rows: [1, 2, 3].map((id) => [id, table]) });
});

test("numbers keep their digits", () => {
  const text = '[{"id":12345678901234567890},{"id":2.50},{"id":3}]';
  const tabled = tableLists(parseJson(text) as Json);
  expect(writeJson(readTables(parseJson(writeJson(tabled ?? null)) as Json))).toBe(text);
});

test("every table reads back as the list that it was written from", () => {
  const name = fc.constantFrom("id", "title", "fields", "rows", "price");
  const scalar = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null));
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof({ maxDepth: 4 }, scalar, tie("list"), tie("object"), tie("records")),
    list: fc.array(tie("json"), { maxLength: 4 }),
    object: fc.dictionary(name, tie("json"), { maxKeys: 4, noNullPrototype: true }),
    records: fc
      .tuple(
        fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
        fc.array(fc.array(tie("json"), { minLength: 3, maxLength: 3 }), { maxLength: 5 }),
        fc.boolean(),
      )
      .map(([names, rows, cut]) => [
        ...rows.map((row) => Object.fromEntries(names.map((one, at) => [one, row[at] ?? null]))),
        ...(cut ? ["... 3 more"] : []),
      ]),
  }));
  fc.assert(
    fc.property(json, (value) => {
      const before = JSON.stringify(value);
      const tabled = tableLists(JSON.parse(before));
      if (tabled !== undefined) expect(JSON.stringify(readTables(tabled))).toBe(before);
    }),
  );
});
