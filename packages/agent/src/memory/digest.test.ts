import { isJsonObject, type Json } from "@ape/core/lib/json";
import type { Page } from "@ape/core/protocol/page";
import fc from "fast-check";
import { expect, test } from "vitest";
import { digestBody, digestJson, MAX_DIGEST, nextPlace } from "./digest.ts";
import { parseGoalFilter } from "./goal-filter.ts";

const digest = (json: Json) => digestBody({ kind: "json", json, bytes: 1 });

test("a digest is bounded JSON, whatever the body", () => {
  const big = fc
    .jsonValue({ maxDepth: 6 })
    .map((value) => JSON.parse(JSON.stringify([value, { list: Array(500).fill(value) }, value])) as Json);
  fc.assert(
    fc.property(big, (value) => {
      const { json, text } = digest(value);
      expect(text.length).toBeLessThanOrEqual(MAX_DIGEST);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(json)));
    }),
  );
});

test.each<[string, Json]>([
  ["a long list", Array.from({ length: 20_000 }, (_, id) => ({ id, text: "x".repeat(1000) }))],
  [
    "many fields",
    Object.fromEntries(Array.from({ length: 9_000 }, (_, n) => [`field${n}`, "\u0001".repeat(300)])),
  ],
  [
    "long names",
    Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`${n}${"\u0002".repeat(500)}`, n])),
  ],
  ["a deep value", JSON.parse(`${'[{"a":'.repeat(500)}1${"}]".repeat(500)}`) as Json],
  [
    "a wide and deep one",
    JSON.parse(JSON.stringify(Array(20).fill(Array(20).fill(Array(20).fill("y".repeat(99)))))) as Json,
  ],
])("%s is cut to size", (_, value) => {
  expect(digest(value).text.length).toBeLessThanOrEqual(MAX_DIGEST);
});

test("small answers stay whole", () => {
  const small = { id: "o-1", total: 12.5, lines: [{ sku: "a", link: "/p/a" }], error: null };
  expect(digest(small).json).toEqual(small);
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.stringMatching(/^[a-z]{1,8}$/),
        fc.oneof(fc.integer(), fc.string({ maxLength: 20 }), fc.boolean()),
        { maxKeys: 20 },
      ),
      (value) => {
        const given = JSON.parse(JSON.stringify(value)) as Json;
        expect(JSON.parse(digest(given).text)).toEqual(given);
      },
    ),
  );
});

test("ids, names, prices and links outlive long descriptions", () => {
  const products = Array.from({ length: 30 }, (_, n) => ({
    id: `p-${n}`,
    name: `Lamp ${n}`,
    price: n + 0.5,
    link: `/products/p-${n}`,
    description: "d".repeat(2_000),
  }));
  const { text } = digest({ items: products, next: "/products?page=2" });
  for (const kept of ['"p-4"', '"Lamp 4"', "4.5", '"/products/p-4"', "/products?page=2", "... 25 more"])
    expect(text).toContain(kept);
});

test("the items of a long list take a bounded number of characters, a few are always shown", () => {
  const list = (characters: number): Json =>
    Array.from({ length: 30 }, (_, n) => ({ id: n, text: "x".repeat(characters) }));
  const shown = (characters: number): number => (digest(list(characters)).json as Json[]).length - 1;
  expect(shown(1)).toBe(12);
  expect(shown(40)).toBeGreaterThan(shown(3_000));
  expect(shown(3_000)).toBeGreaterThanOrEqual(5);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5_000 }), (characters) => {
      expect(digest(list(characters)).text.length).toBeLessThan(1_100);
    }),
  );
});

test("lists and texts say how much was left out", () => {
  expect((digest(Array.from({ length: 90 }, (_, n) => n)).json as Json[]).at(-1)).toBe(
    "... 78 more (items 1-12 of 90 are shown)",
  );
  expect(digest({ text: "y".repeat(500) }).json).toEqual({
    text: `${"y".repeat(240)}... 260 more characters`,
  });
  expect(digestBody({ kind: "text", text: "z".repeat(2000), bytes: 2000, cut: false }).json).toMatch(
    /more characters$/,
  );
  expect(digestBody({ kind: "empty" })).toEqual({ json: null, text: "null" });
  expect(digestBody({ kind: "binary", bytes: 7, cut: false }).text).toBe('"7 bytes of binary data"');
});

test("a page is shown with its links and forms, hidden fields and passwords left out", () => {
  const control = { label: "", value: "", required: false };
  const page: Page = {
    title: "Till",
    path: "/till",
    text: "Pay here",
    links: [{ text: "Back", path: "/", near: "Back home" }],
    forms: [
      {
        id: "1",
        label: "Pay",
        method: "POST",
        path: "/pay",
        enctype: "application/x-www-form-urlencoded",
        controls: [
          { ...control, name: "csrf", type: "hidden", value: "s3cret" },
          { ...control, name: "pw", type: "password", value: "s3cret" },
          {
            ...control,
            name: "to",
            type: "select",
            label: "To",
            required: true,
            options: [{ value: "n", label: "Norway", selected: true }],
          },
          { ...control, name: "go", type: "submit", value: "1" },
        ],
      },
    ],
  };
  const { text } = digestBody({ kind: "page", page, bytes: 1, cut: false });
  expect(text).not.toContain("s3cret");
  expect(JSON.parse(text)).toEqual({
    title: "Till",
    path: "/till",
    text: "Pay here",
    links: [{ text: "Back", path: "/", near: "Back home" }],
    forms: [
      {
        form: "1",
        label: "Pay",
        sends: "POST /pay",
        fields: [
          { name: "pw", type: "password" },
          {
            name: "to",
            type: "select",
            label: "To",
            required: true,
            options: [{ value: "n", label: "Norway" }],
            value: "n",
          },
        ],
      },
    ],
  });
});

test("the digest of a page is bounded, whatever it holds", () => {
  const words = fc.string({ maxLength: 4_000 });
  fc.assert(
    fc.property(words, words, fc.nat(60), (one, two, count) => {
      const options = Array.from({ length: 50 }, () => ({ value: one, label: two, selected: true }));
      const control = { name: one, type: "select", label: two, value: one, required: true, options };
      const page: Page = {
        title: one,
        path: `/${two}`,
        text: one + two,
        links: Array.from({ length: 200 }, () => ({ text: one, path: `/${two}`, near: one })),
        forms: Array.from({ length: count }, () => ({
          id: one,
          label: two,
          method: "POST" as const,
          path: `/${one}`,
          enctype: "text/plain" as const,
          controls: Array.from({ length: count }, () => control),
        })),
      };
      const { text, json } = digestBody({ kind: "page", page, bytes: 1, cut: false });
      expect(text.length).toBeLessThanOrEqual(MAX_DIGEST);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(json)));
    }),
    { numRuns: 30 },
  );
});

test("the items that are shown for the goal's sake are named by their places", () => {
  const items = Array.from({ length: 60 }, (_, n) => ({ id: n, name: n === 40 ? "red lamp" : "thing" }));
  const { json } = digestJson(items, parseGoalFilter("Buy a red lamp"));
  const shown = (json as { id?: number }[]).flatMap(({ id }) => (id === undefined ? [] : [id + 1]));
  const rest = (json as Json[]).at(-1) as string;
  expect(shown).toContain(41);
  const named = [
    ...(/items (.*) of 60 are shown/.exec(rest)?.[1] ?? "").matchAll(/(\d+)(?:-(\d+))?/g),
  ].flatMap(([, low, high = low]) =>
    Array.from({ length: Number(high) - Number(low) + 1 }, (_, at) => Number(low) + at),
  );
  expect(named).toEqual(shown);
});

test("leafing through a cut list shows every item once, and ends", () => {
  const item = fc.record({ id: fc.uuid(), text: fc.string({ maxLength: 300 }) });
  fc.assert(
    fc.property(fc.array(item, { maxLength: 60 }), (items) => {
      const json = { items: JSON.parse(JSON.stringify(items)) as Json, total: items.length };
      const body = { kind: "json", json, bytes: 1 } as const;
      const seen: string[] = [];
      let from: number | undefined = 1;
      while (from !== undefined && from <= items.length) {
        const shown = digestBody(body, undefined, undefined, from);
        const part = (JSON.parse(shown.text) as typeof json).items as Json[];
        seen.push(...part.flatMap((one) => (isJsonObject(one) ? [String(one.id)] : [])));
        from = nextPlace(body, shown.text, from);
      }
      expect(seen).toEqual(items.map(({ id }) => id));
    }),
  );
});

test("leafing through a text shows all of it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 5_000 }), (text) => {
      const body = { kind: "text", text, bytes: text.length, cut: false } as const;
      let read = "";
      let from: number | undefined = 1;
      while (from !== undefined) {
        const shown = digestBody(body, undefined, undefined, from);
        const next = nextPlace(body, shown.text, from);
        read += next === undefined ? String(shown.json) : text.slice(from - 1, next - 1);
        from = next;
      }
      expect(read).toBe(text);
    }),
  );
});

const text = (length: number) => "x".repeat(length);

test.each<[string, Json, Json]>([
  ["a text of 240 characters", { a: text(240) }, { a: text(240) }],
  ["one of 241", { a: text(241) }, { a: `${text(240)}... 1 more characters` }],
  ["a name of 80 characters", { [text(80)]: 1 }, { [text(80)]: 1 }],
  ["one of 81", { [text(81)]: 1 }, { [text(80)]: 1 }],
  ["five items, however large", Array(5).fill(text(200)), Array(5).fill(text(200))],
  ["twelve small items", Array.from({ length: 12 }, (_, n) => n), Array.from({ length: 12 }, (_, n) => n)],
  [
    "one more",
    Array.from({ length: 13 }, (_, n) => n),
    [...Array.from({ length: 12 }, (_, n) => n), "... 1 more (items 1-12 of 13 are shown)"],
  ],
  [
    "texts of many items, shortened",
    Array(12).fill(text(60)),
    [...Array(9).fill(`${text(48)}... 12 more characters`), "... 3 more (items 1-9 of 12 are shown)"],
  ],
  [
    "forty fields and one more",
    Object.fromEntries(Array.from({ length: 41 }, (_, n) => [`k${n}`, n])),
    { ...Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`k${n}`, n])), "...": "more fields" },
  ],
  [
    "six levels",
    { a: { b: { c: { d: { e: { f: { g: 1 } } } } } } },
    { a: { b: { c: { d: { e: { f: { "...": "more fields" } } } } } } },
  ],
  ["a list below six levels", [[[[[[[1]]]]]]], [[[[[[["... 1 more"]]]]]]]],
  ["nothing", null, null],
])("%s: what is shown", (_what, value, shown) => {
  expect(digestJson(value).json).toEqual(shown);
});

test("a text of an answer is shown up to a length, shorter where it takes much as JSON", () => {
  const of = (body: string, from?: number) =>
    digestBody({ kind: "text", text: body, bytes: 1, cut: false }, undefined, undefined, from).json;
  expect(of(text(960))).toBe(text(960));
  expect(of(text(961))).toBe(`${text(960)}... 1 more characters`);
  expect(of(text(961), 3)).toBe(text(959));
  expect(of("\u0001".repeat(961))).toBe(`${"\u0001".repeat(240)}... 721 more characters`);
});

test("secrets are hidden before a text or a name is cut, and only where something is cut", () => {
  const hide = (shown: string) => shown.replaceAll("secret", "***");
  const of = (json: Json) => digestJson(json, undefined, hide).json;
  expect(of({ a: "secret" })).toEqual({ a: "secret" });
  expect(of({ a: `${text(238)}secret` })).toEqual({
    a: `${text(238)}***... 4 more characters`.replace(/\*\*\*.*/, "**... 4 more characters"),
  });
  expect(of({ a: `secret${text(236)}` })).toEqual({ a: `***${text(236)}` });
  expect(of({ [`${text(78)}secret`]: 1 })).toEqual({ [`${text(78)}**`]: 1 });
  const long = digestJson(`${text(70_000)}secret`, undefined, hide).json as string;
  expect(long).toMatch(/x\.\.\. 69766 more characters$/);
});

test("a list is shown from a place, unless it is whole or has no such place", () => {
  const list = Array.from({ length: 20 }, (_, n) => n);
  const of = (json: Json, from: number) =>
    (digestJson(json, undefined, undefined, from).json as Json[]).slice(0, 2);
  expect([of(list, 1), of(list, 13), of(list, 20), of(list, 21)]).toEqual([
    [0, 1],
    [12, 13],
    [19, "... 19 more (items 20 of 20 are shown)"],
    [0, 1],
  ]);
  expect(of(list.slice(0, 12), 5)).toEqual([0, 1]);
});

test.each<[string, string, number | undefined]>([
  ["json", '["... 48 more (items 1-3 of 51 are shown)"]', 4],
  ["json", '["... 48 more (items 7 of 51 are shown)"]', 8],
  ["json", '["... 48 more (items 1-3, 9 of 51 are shown)"]', undefined],
  ["json", '["... 48 more"]', undefined],
  ["text", '"abc... 9 more characters"', 4],
  ["text", '"abc... 9 more characters" ', undefined],
  ["page", '"abc... 9 more characters"', undefined],
])("behind a part of %s, %s, the next place is %j", (kind, digest, place) => {
  expect(nextPlace({ kind } as never, digest)).toBe(place);
  if (kind === "text" && place !== undefined) expect(nextPlace({ kind } as never, digest, 10)).toBe(13);
});

test("a page shows so many links, forms, fields and options, and says what it leaves out", () => {
  const control = { name: "a", type: "text", label: "", value: "", required: false };
  const option = (n: number) => ({ value: `${n}`, label: `${n}`, selected: n < 2 });
  const page: Page = {
    title: text(121),
    path: `/${text(200)}`,
    text: text(1_201),
    links: Array.from({ length: 41 }, () => ({ text: "", path: "/" })),
    forms: [
      {
        id: "1",
        label: "",
        method: "GET",
        path: "/",
        near: "beside",
        enctype: "text/plain",
        controls: [
          { ...control, label: "L", value: "v", min: 0, max: 9, error: "no" },
          { ...control, name: "" },
          { ...control, type: "password", value: "v" },
          { ...control, type: "select", options: Array.from({ length: 21 }, (_, n) => option(n)) },
          { ...control, type: "radio", options: [{ value: "x", label: "", selected: false }] },
        ],
      },
    ],
  };
  const { json } = digestBody({ kind: "page", page, bytes: 1, cut: false });
  expect(json).toEqual({
    title: `${text(120)}...`,
    path: `/${text(199)}`,
    text: `${text(1_200)}... 1 more characters`,
    links: [
      ...Array.from({ length: 40 }, () => ({ text: "", path: "/" })),
      "... 1 more (items 1-40 of 41 are shown)",
    ],
    forms: [
      {
        form: "1",
        label: "",
        sends: "GET /",
        near: "beside",
        fields: [
          { name: "a", type: "text", label: "L", min: 0, max: 9, error: "no", value: "v" },
          { name: "a", type: "password" },
          {
            name: "a",
            type: "select",
            options: [
              ...Array.from({ length: 20 }, (_, n) => `${n}`),
              "... 1 more (items 1-20 of 21 are shown)",
            ],
            value: ["0", "1"],
          },
          { name: "a", type: "radio", options: ["x"] },
        ],
      },
    ],
  });
});
