import fc from "fast-check";
import { expect, test } from "vitest";
import { normal, randomFrom, randomHex, seedOf, shuffled } from "./random.ts";

test("the same seed gives the same numbers, another seed others", () => {
  const take = (seed: number): number[] => Array.from({ length: 20 }, randomFrom(seed));
  expect(take(7)).toEqual(take(7));
  expect(take(7)).not.toEqual(take(8));
});

test("numbers are even enough to draw from", () => {
  const random = randomFrom(1);
  const bins = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i += 1) {
    const bin = Math.floor(random() * 10);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});

test("normal numbers have mean 0 and deviation 1", () => {
  const random = randomFrom(2);
  const values = Array.from({ length: 50_000 }, () => normal(random));
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(deviation - 1)).toBeLessThan(0.03);
});

test("a shuffle is a permutation", () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(), (length, seed) => {
      const order = shuffled(length, randomFrom(seed));
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i));
    }),
  );
});

test("the parts of a seed do not run together", () => {
  expect(seedOf("ab", "c")).not.toBe(seedOf("a", "bc"));
  expect(seedOf(1, 2)).not.toBe(seedOf(2, 1));
});

test("hex has two digits a byte", () => {
  expect(randomHex(randomFrom(3), 16)).toMatch(/^[0-9a-f]{32}$/);
});
