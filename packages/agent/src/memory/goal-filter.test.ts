import type { Json } from "@ape/core/lib/json";
import fc from "fast-check";
import { expect, test } from "vitest";
import { digestBody, MAX_DIGEST } from "./digest.ts";
import { parseGoalFilter, selectItems } from "./goal-filter.ts";

/** A catalogue of more than 200 KB, with one article below 50 in its middle. */
const CATALOGUE = Array.from({ length: 1_500 }, (_, n) => ({
  articleId: `art-${n}`,
  title: `Article number ${n}`,
  priceEur: n === 777 ? 12.5 : 60 + n,
  inStock: n % 5 !== 1,
  description: "well made, long lasting, in many colours and sizes ".repeat(2),
}));
const digest = (goal: string, json: Json): string =>
  digestBody({ kind: "json", json, bytes: 1 }, parseGoalFilter(goal)).text;

test("of a 200 KB catalogue the one article below the bound is shown, within the digest's size", () => {
  expect(JSON.stringify(CATALOGUE).length).toBeGreaterThan(200_000);
  const text = digest("Find a product under $50 and buy it.", { articles: CATALOGUE });
  expect(text).toContain('"art-777"');
  expect(text).toContain('"art-0"');
  expect(text).toMatch(/\.\.\. 14\d\d more/);
  expect(text.length).toBeLessThanOrEqual(MAX_DIGEST);
  expect(digest("Buy something.", { articles: CATALOGUE })).not.toContain('"art-777"');
});

test("the cheapest, the dearest, what is named, and what is above a bound", () => {
  expect(digest("Buy the cheapest article.", CATALOGUE)).toContain('"art-777"');
  expect(digest("Buy the most expensive article.", CATALOGUE)).toContain('"art-1499"');
  expect(digest("Reserve something for at least 1,550 euros.", CATALOGUE)).toContain('"priceEur":1552');
  const named = CATALOGUE.map((article, n) =>
    n === 1_200 ? { ...article, title: "Copper kettle" } : article,
  );
  expect(digest("Order a copper kettle.", named)).toContain("Copper kettle");
  const cents = [
    ...CATALOGUE.map(({ articleId }) => ({ articleId, priceCents: 9_000 })),
    { articleId: "x", priceCents: 900 },
  ];
  expect(digest("Find one under 50", cents)).toContain('"articleId":"x"');
});

test("what is sold out gives way to what is to be had", () => {
  const list = Array.from({ length: 200 }, (_, n) => ({ id: n, price: 10, inStock: n > 150 }));
  const shown = selectItems(list, 12, parseGoalFilter("find one below 50")) as typeof list;
  expect(shown).toHaveLength(12);
  expect(shown.slice(4).every(({ inStock }) => inStock)).toBe(true);
});

test("whatever the list, at most so many items are shown, in their order, none twice", () => {
  const interest = parseGoalFilter("cheapest lamp under 50, over 10");
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.record({ price: fc.double(), name: fc.string() }), fc.integer())),
      fc.integer({ min: 1, max: 12 }),
      (list, keep) => {
        const shown = selectItems(list as Json[], keep, interest);
        expect(shown.length).toBe(Math.min(keep, list.length));
        let at = -1;
        for (const item of shown) {
          const found = (list as Json[]).indexOf(item, at + 1);
          expect(found).toBeGreaterThan(at);
          at = found;
        }
      },
    ),
  );
});

test("the item that a goal names is shown, however many have its words", () => {
  const rooms = Array.from({ length: 60 }, (_, index) => ({
    id: `r-${index + 1}`,
    name: `Maple ${index + 1}`,
  }));
  const filter = parseGoalFilter('Book the room Maple 47 for next Friday as "Review".');
  expect(selectItems(rooms, 12, filter)).toContainEqual({ id: "r-47", name: "Maple 47" });
  expect(selectItems(rooms, 12, filter)).toHaveLength(12);
});

test("where no name says money, the only number of the items is what a bound is about", () => {
  const list = Array.from({ length: 60 }, (_, n) => ({
    toolId: n,
    name: `Tool ${n}`,
    caution: n === 41 ? 9 : 60 + n,
  }));
  const shown = selectItems(list, 9, parseGoalFilter("Choose a tool under $10."));
  expect(shown).toContain(list[41]);
});

test("a word of three letters that a goal names is looked for, too", () => {
  const list = Array.from({ length: 60 }, (_, n) => ({ name: `No. ${n}`, kind: n === 41 ? "owl" : "hare" }));
  expect(selectItems(list, 9, parseGoalFilter("Find an owl and feed it."))).toContain(list[41]);
});
