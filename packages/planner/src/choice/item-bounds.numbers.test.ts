import type { Clause } from "@ape/catalog/goal/clause";
import { type Field, fieldOf } from "@ape/catalog/operations/field";
import { firstClause } from "@ape/catalog/test/first-clause";
import type { Json } from "@ape/core/lib/json";
import { expect, test } from "vitest";
import { amountIn, keeps, moneyScales, numericField } from "./item-bounds.ts";

const field = (name: string, description = "", type = "number"): Field =>
  fieldOf({ in: "answer", name: `[].${name}`, type, required: false, description }, "things");
const boundOf = (goal: string) => firstClause(goal).bounds[0] as Clause["bounds"][number];

test.each<[goal: string, value: Json, keeps: boolean]>([
  ["Find a lamp under $50.", 49.99, true],
  ["Find a lamp under $50.", 50, false],
  ["Find a lamp for at most $50.", 50, true],
  ["Find a lamp for at most $50.", 50.01, false],
  ["Find a lamp over $50.", 50, false],
  ["Find a lamp over $50.", 50.01, true],
  ["Find a lamp for at least $50.", 50, true],
  ["Find a lamp for at least $50.", 49.99, false],
  ["Find a lamp under $50.", "$49.99", true],
  ["Find a lamp under $50.", "USD 1,049.00", false],
  ["Find a lamp under $50.", "on request", false],
  ["Find a lamp under $50.", null, false],
])("%s: a price of %j suits: %s", (goal, price, suits) => {
  const prices = [field("price", "Price of the lamp", typeof price === "string" ? "string" : "number")];
  expect(keeps({ price }, boundOf(goal), prices)).toBe(suits);
});

test("a bound is on no item where no field has such a number", () => {
  expect(keeps({ name: "x" }, boundOf("Find a lamp under $50."), [field("name", "Name", "string")])).toBe(
    true,
  );
});

test("minor units are counted as the field's words, or the scale, say", () => {
  const bound = boundOf("Find a lamp under $50.");
  const cents = field("price", "Price in cents");
  expect([4_999, 5_000].map((price) => keeps({ price }, bound, [cents]))).toEqual([true, false]);
  const plain = field("price", "Price");
  expect([4_999, 5_000].map((price) => keeps({ price }, bound, [plain], 100))).toEqual([true, false]);
  const beds = field("beds", "Number of beds");
  expect(keeps({ beds: 3 }, boundOf("Find a room with at least 3 beds."), [beds], 100)).toBe(true);
});

test.each<[goal: string, fields: Field[], found: string | undefined]>([
  ["Find a lamp under $50.", [field("weight"), field("price")], "price"],
  ["Find a lamp under $50.", [field("price", "", "string")], "price"],
  ["Find a lamp under $50.", [field("prices", "Prices", "string[]")], undefined],
  [
    "Find a lamp under $50.",
    [field("shipping_price", "Price of shipping"), field("price", "Price")],
    "price",
  ],
  ["Find a lamp under $50.", [field("old_price", "Old price"), field("price", "Price now")], "price"],
  ["Find a lamp under $50.", [field("weight")], "weight"],
  ["Find a lamp under $50.", [field("weight"), field("height")], undefined],
  ["Find a room with at least 3 beds.", [field("price"), field("beds", "Number of beds")], "beds"],
  ["Find a room with at least 3 beds.", [field("x1"), field("x2", "Beds in it")], "x2"],
  ["Find a room with at least 3 beds.", [field("name", "Name of the beds", "string")], undefined],
])("%s is about %j", (goal, fields, found) => {
  const at = numericField(boundOf(goal), fields);
  expect(at?.leaf).toBe(found);
});

test("the order of what is wanted most is one of the numbers, too", () => {
  const { extreme } = firstClause("Find the cheapest lamp.");
  expect(numericField(extreme as never, [field("weight"), field("price")])?.leaf).toBe("price");
});

test("an amount is the field's own, else that of another one of the same price", () => {
  const [value, min, weight] = [field("price.value"), field("price.min"), field("size.weight")];
  const all = [value, min, weight] as Field[];
  expect(amountIn({ price: { value: 3, min: 2 } }, value as Field, all)).toBe(3);
  expect(amountIn({ price: { min: 2 } }, value as Field, all)).toBe(2);
  expect(amountIn({ size: { weight: 2 } }, value as Field, all)).toBeNaN();
  expect(amountIn({ cost: 5 }, field("price"), [field("price"), min as Field])).toBe(5);
  expect(amountIn({ price: "x" }, field("price"), [])).toBeNaN();
});

const scaled = (
  prices: number[],
  more: { goal?: string; all?: boolean; fields?: Field[] } = {},
): number[] => {
  const {
    goal = "Find a lamp under $50.",
    all = false,
    fields = [field("price"), field("currency", "", "string")],
  } = more;
  const clause = firstClause(goal);
  const items = prices.map((price) => ({ price }));
  return [...moneyScales(items, { step: 0, clauses: [clause], apart: false }, fields, all).values()];
};

test.each<[prices: number[], scales: number[]]>([
  [[1_000, 7_000], [100]],
  [[100, 5_000], [100]],
  [[99, 7_000], []],
  [[1_000, 7_000.5], []],
  [[7_000, 8_000], []],
  [[40, 7_000], []],
  [[1_000, 2_000], []],
])("prices %j beside a currency have the scales %j", (prices, scales) => {
  expect(scaled(prices)).toEqual(scales);
});

test("hundredths are supposed for an upper bound on money beside a currency, and for all of them only on request", () => {
  expect(scaled([1_000, 2_000], { all: true })).toEqual([100]);
  expect(scaled([1_000, 7_000], { fields: [field("price")] })).toEqual([]);
  expect(scaled([1_000, 7_000], { goal: "Find a lamp over $50." })).toEqual([]);
  expect(
    scaled([1_000, 7_000], { fields: [field("price", "Price in cents"), field("currency", "", "string")] }),
  ).toEqual([]);
});
