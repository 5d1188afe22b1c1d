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

test.each<[string, object]>([
  ["Find one under $50", { below: 50, above: undefined }],
  ["Find one below 1,250.75 eur", { below: 1_250.75 }],
  ["Find one within GBP 9", { below: 9 }],
  ["Find one at least 20", { above: 20, below: undefined }],
  ["From € 5 up to €10", { above: 5, below: 10 }],
  ["Find the cheapest", { cheapest: true, dearest: false }],
  ["Find the most expensive", { cheapest: false, dearest: true }],
  ["Find an undercover agent 7", { below: undefined }],
  ["Find a plain one", { below: undefined, above: undefined, cheapest: false, dearest: false }],
])("%s: %j", (goal, filter) => {
  expect(parseGoalFilter(goal)).toMatchObject(filter);
  expect(parseGoalFilter(goal)).toBe(parseGoalFilter(goal));
});

test("the rarer words of a goal count, of three letters or more", () => {
  const { words, text } = parseGoalFilter("Buy the Blue-ish LAMP at no. 12");
  expect([[...words], text]).toEqual([["blue-ish", "lamp"], "buy the blue-ish lamp at no. 12"]);
});

/** The places of the items that are shown of thirty, of which one is special. */
function shown(goal: string, special: object, plain: object = { name: "thing" }, keep = 3): number[] {
  const list = Array.from({ length: 30 }, (_, n) => ({
    n: `${n}`,
    ...(n === 20 ? special : plain),
  })) as Json[];
  return selectItems(list, keep, parseGoalFilter(goal)).map((item) => list.indexOf(item));
}

test.each<[string, string, object, object?]>([
  ["has a word", "Find a kettle", { name: "a kettle" }],
  ["is named with a figure", "Take Maple 7 please", { name: "Maple 7" }],
  ["is below a bound", "Find one under 50", { price: 49 }, { price: 50 }],
  ["is above a bound", "Find one over 50", { price: 51 }, { price: 50 }],
  ["is the cheapest", "Find the cheapest", { price: 9 }, { price: 10 }],
  ["is the dearest", "Find the highest", { price: 11 }, { price: 10 }],
  ["costs less in cents", "Find one under 5", { priceCents: 499 }, { priceCents: 500 }],
  ["has the smaller sum", "Find one under 5", { total: 4 }, { total: 5 }],
  ["is available", "Find one under 5", { price: 4, inStock: true }, { price: 4, inStock: false }],
  ["has the only number", "Find one under 5", { size: 4 }, { size: 5 }],
])("of a long list an item that %s is shown", (_why, goal, special, plain) => {
  expect(shown(goal, special, plain)).toEqual([0, 1, 20]);
});

test.each<[string, string, object, object?]>([
  ["has the word within another", "Find an owl", { name: "a bowl" }],
  ["has a long text with the word", "Find a kettle", { name: `kettle ${"x".repeat(400)}` }],
  ["is named in a part of a figure", "Take A 71 please", { name: "A 7" }],
  ["has one of two numbers", "Find one under 5", { size: 4, weight: 9 }, { size: 9, weight: 9 }],
  ["has a smaller id", "Find one under 5", { orderId: 4 }, { orderId: 9 }],
  [
    "has the word in its 25th field",
    "Find a kettle",
    Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`f${n}`, n === 24 ? "kettle" : true])),
  ],
])("an item that %s is nothing special", (_why, goal, special, plain) => {
  expect(shown(goal, special, plain)).toEqual([0, 1, 2]);
});

test("of values that are no objects, without a goal, and of a short list the first are shown", () => {
  const list = Array.from({ length: 9 }, (_, n) => ({ name: n === 8 ? "kettle" : "thing" })) as Json[];
  const filter = parseGoalFilter("Find a kettle");
  expect(selectItems(list, 9, filter)).toBe(list);
  expect(selectItems(list, 3, undefined)).toEqual(list.slice(0, 3));
  expect(selectItems(["a", "b", "kettle"], 2, filter)).toEqual(["a", "b"]);
  expect(selectItems(list, 3, filter)).toEqual([list[0], list[1], list[8]]);
});

test("a text of 400 characters is read for the words of the goal, a longer one is not", () => {
  const item = (length: number) => `kettle ${"x".repeat(length - 7)}`;
  const chosen = (length: number): string => {
    const items = Array.from({ length: 300 }, (_, at) => ({
      id: `a-${at}`,
      note: at === 200 ? item(length) : "x",
    }));
    return digest("Order a kettle.", items);
  };
  expect([chosen(400).includes("a-200"), chosen(401).includes("a-200")]).toEqual([true, false]);
});

/** Thirty wells, of which one of the last is the deepest, and another the oldest. */
const WELLS = Array.from({ length: 30 }, (_, n) => ({
  id: 900 - n,
  name: `Well number ${n} of the northern valley and its many hills`,
  depth_m: n === 27 ? 400 : 100 - n,
  priceEur: 10 + n,
  created_at:
    n === 22 ? "2020-01-01T08:00:00Z" : `2026-01-${String((n % 28) + 1).padStart(2, "0")}T08:00:00Z`,
}));

test.each([
  ["Close the deepest well.", 27],
  ["Close the well with the largest depth.", 27],
  ["Close the well with the smallest depth.", 29],
  ["Close the oldest well.", 22],
  ["Close the cheapest well.", 0],
  ["Close the most expensive well.", 29],
])("%s: of a long list the first of the order is shown, well %i", (goal, n) => {
  expect(digest(goal, WELLS)).toContain(`"id":${900 - n},`);
  expect(selectItems(WELLS, 5, parseGoalFilter(goal))).toContain(WELLS[n]);
});

test("without an order of the goal the last ones are not shown", () => {
  for (const n of [22, 27, 29])
    expect(selectItems(WELLS, 5, parseGoalFilter("Close a well."))).not.toContain(WELLS[n]);
});
