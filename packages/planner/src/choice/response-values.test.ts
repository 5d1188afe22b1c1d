import { type Field, fieldOf } from "@ape/catalog/operations/field";
import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { inItem, listIn, readItem, textsIn, valueAt } from "./response-values.ts";

const field = (name: string, type = "string", description = ""): Field =>
  fieldOf({ in: "answer", name, type, required: false, description }, "things");

test.each<[string, Json | undefined]>([
  ["", { a: { b: { c: 1 } }, list: [{ d: 2 }] }],
  ["a.b", { c: 1 }],
  ["a.b.c", 1],
  ["a..b", { c: 1 }],
  ["a.x", undefined],
  ["a.b.c.d", undefined],
  ["list.d", undefined],
])("at %j is %j", (path, value) => {
  expect(valueAt({ a: { b: { c: 1 } }, list: [{ d: 2 }] }, path)).toEqual(value);
});

test("nothing has no values", () => expect(valueAt(undefined, "a")).toBeUndefined());

test.each<[body: Json, prefix: string, items: Json[] | undefined, hidden?: number]>([
  [[1, 2], "", [1, 2]],
  [{ items: [{ id: 1 }] }, "items", [{ id: 1 }]],
  [{ items: [1] }, "items", [1]],
  [[{ id: 1 }, "... 7 more"], "", [{ id: 1 }], 7],
  [[{ id: 1 }, "... more"], "", [{ id: 1 }, "... more"]],
  [[{ id: 1 }, "so ... 7 more"], "", [{ id: 1 }, "so ... 7 more"]],
  [{ page: 1, other: [{ id: 1 }] }, "items", [{ id: 1 }]],
  [{ tags: ["a"], other: [] }, "items", []],
  [{ tags: ["a"] }, "items", undefined],
  [{ a: { b: [{ id: 1 }] } }, "items", [{ id: 1 }]],
  [{ a: { b: { c: [{ id: 1 }] } } }, "items", [{ id: 1 }]],
  [{ a: { b: { c: { d: [{ id: 1 }] } } } }, "items", undefined],
  ["text", "", undefined],
  [null, "", undefined],
])("the list of %j at %j is %j", (body, prefix, items, hidden = 0) => {
  expect(listIn(body, prefix)).toEqual(items && { items, hidden });
});

test.each([
  ["items[].price.net", "price.net"],
  ["[].id", "id"],
  ["[]", ""],
  ["id", "id"],
  ["data.rows[].lines[].id", "lines.id"],
])("%s is %j within an item", (name, within) => expect(inItem(field(name))).toBe(within));

test("a field is read by its name; of undocumented names the one of its type, or the most similar", () => {
  const name = field("[].full_name");
  const price = field("[].price", "number");
  const all = [name, price];
  expect(readItem({ full_name: "Ann", price: 3 }, name, all)).toBe("Ann");
  expect(readItem({ full_name: "Ann", price: 3 }, price, all)).toBe(3);
  expect(readItem({ title: "Ann", cost: 4 }, name, all)).toBe("Ann");
  expect(readItem({ title: "Ann", cost: 4 }, price, all)).toBe(4);
  expect(readItem({ city: "Rome", name: "Ann", nick: "A" }, name, all)).toBe("Ann");
  expect(readItem({ city: "Rome", nick: "A" }, name, all)).toBeUndefined();
  expect(readItem({ price: 3 }, name, all)).toBeUndefined();
  expect(readItem({ other: 3 }, field("[].owner.name"), all)).toBeUndefined();
  expect(readItem({ kept: true }, field("[].open", "boolean"), all)).toBe(true);
});

test("an item that is no object is the value itself, if the list is of plain values", () => {
  expect(readItem("x", field("[]"), [])).toBe("x");
  expect(readItem("x", field("[].id"), [])).toBeUndefined();
});

test.each<[Json | undefined, string]>([
  ["a", "a"],
  [["a", ["b", 1]], "a b 1"],
  [{ error: "no", at: { line: 3 } }, "error no at line 3"],
  [true, "true"],
  [0, "0"],
  [null, ""],
  [undefined, ""],
])("the texts of %j are %j", (body, text) => expect(textsIn(body)).toBe(text));
