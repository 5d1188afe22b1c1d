import { expect, test } from "vitest";
import { Catalogue } from "./catalogue.ts";

test.each([1, 2, 3, 42])("with seed %i about a third of the products cost less than 50 dollars", (seed) => {
  const all = new Catalogue(120, seed).search("", undefined);
  const cheap = all.filter(({ priceUsd }) => priceUsd < 50);
  expect(cheap.length / all.length).toBeGreaterThan(0.28);
  expect(cheap.length / all.length).toBeLessThan(0.39);
  expect(Math.min(...all.map(({ priceUsd }) => priceUsd))).toBeGreaterThan(0);
});

test("some products are sold out from the start, most are not", () => {
  const catalogue = new Catalogue(120, 1);
  const soldOut = catalogue.search("", false).length;
  expect(soldOut).toBeGreaterThan(0);
  expect(soldOut).toBeLessThan(15);
  expect(catalogue.search("", true).length).toBe(120 - soldOut);
});

test("ids and titles are unique and come from the seed", () => {
  const products = new Catalogue(500, 1).search("", undefined);
  expect(new Set(products.map(({ productId }) => productId)).size).toBe(500);
  expect(new Set(products.map(({ title }) => title)).size).toBe(500);
  expect(new Catalogue(500, 1).search("", undefined)).toEqual(products);
  expect(new Catalogue(500, 2).search("", undefined)).not.toEqual(products);
});

test("a search finds words in title and category, in capitals or not", () => {
  const catalogue = new Catalogue(120, 1);
  const kettles = catalogue.search("KETTLE", undefined);
  expect(kettles.length).toBeGreaterThan(0);
  for (const { title } of kettles) expect(title).toContain("kettle");
  for (const { category } of catalogue.search("travel", undefined)) expect(category).toBe("travel");
  expect(catalogue.search("no such thing", undefined)).toEqual([]);
});

test("the last piece sold shows in searches that were kept ready", () => {
  const catalogue = new Catalogue(20, 1);
  const [first] = catalogue.search("", true);
  const product = catalogue.get(first?.productId ?? "");
  if (product === undefined) throw new Error("no product");
  const before = catalogue.search("", true).length;
  catalogue.sell(product, product.stock);
  expect(catalogue.search("", true).length).toBe(before - 1);
});

test("more searches than are kept ready still find the right products", () => {
  const catalogue = new Catalogue(20, 1);
  for (let turn = 0; turn < 1200; turn += 1)
    expect(catalogue.search(`nothing ${turn}`, undefined)).toEqual([]);
  expect(catalogue.search("", undefined).length).toBe(20);
});
