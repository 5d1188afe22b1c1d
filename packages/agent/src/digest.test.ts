import type { Json } from "@ape/core/json";
import fc from "fast-check";
import { expect, test } from "vitest";
import { digestBody } from "./digest.ts";

const digest = (json: Json): Json => digestBody({ kind: "json", json, bytes: 1 });

test("a digest is bounded, whatever the body", () => {
  const big = fc
    .jsonValue({ maxDepth: 6 })
    .map((value) => JSON.parse(JSON.stringify([value, value, { list: Array(500).fill(value) }])) as Json);
  fc.assert(
    fc.property(big, (value) => {
      expect(JSON.stringify(digest(value)).length).toBeLessThan(400 * 350);
    }),
  );
  const list = Array.from({ length: 20_000 }, (_, id) => ({
    id,
    title: "t".repeat(50),
    text: "x".repeat(1000),
  }));
  expect(JSON.stringify(digest(list)).length).toBeLessThan(6_000);
});

test("small answers stay whole", () => {
  const small = { id: "o-1", total: 12.5, lines: [{ sku: "a", link: "/p/a" }], error: null };
  expect(digest(small)).toEqual(small);
});

test("lists and texts say how much was left out", () => {
  expect((digest(Array.from({ length: 90 }, (_, n) => n)) as Json[]).at(-1)).toBe("... 78 more");
  expect(digest({ text: "y".repeat(500) })).toEqual({ text: `${"y".repeat(240)}... 260 more characters` });
  expect(digestBody({ kind: "text", text: "z".repeat(2000), bytes: 2000, cut: false })).toMatch(
    /more characters$/,
  );
  expect(digestBody({ kind: "empty" })).toBeNull();
  expect(digestBody({ kind: "binary", bytes: 7, cut: false })).toBe("7 bytes of binary data");
});
