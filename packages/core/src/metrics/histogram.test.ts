import fc from "fast-check";
import { expect, test } from "vitest";
import { countsUpTo, Histogram } from "./histogram.ts";

const values = fc.array(fc.oneof(fc.nat(200), fc.nat(100_000), fc.nat(4_000_000_000)), {
  minLength: 1,
  maxLength: 300,
});
const filled = (list: readonly number[]): Histogram => {
  const histogram = new Histogram();
  for (const value of list) histogram.add(value);
  return histogram;
};

test("count, sum, min and max are exact; percentiles are off by less than 0.4%", () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 0, max: 100 }), (list, q) => {
      const histogram = filled(list);
      const sorted = [...list].sort((a, b) => a - b);
      expect(histogram.count).toBe(list.length);
      expect(histogram.sum).toBe(list.reduce((a, b) => a + b, 0));
      expect(histogram.min).toBe(sorted[0]);
      expect(histogram.max).toBe(sorted.at(-1));
      const exact = sorted[Math.max(1, Math.ceil((q / 100) * list.length)) - 1] as number;
      expect(Math.abs(histogram.percentile(q) - exact)).toBeLessThanOrEqual(exact * 0.004);
    }),
  );
});

test("merging histograms is the same as one histogram of all values", () => {
  fc.assert(
    fc.property(values, values, (a, b) => {
      const merged = filled(a);
      merged.merge(filled(b));
      expect(merged.snapshot()).toEqual(filled([...a, ...b]).snapshot());
    }),
  );
});

test("a snapshot survives JSON", () => {
  fc.assert(
    fc.property(values, (list) => {
      const back = new Histogram();
      back.mergeSnapshot(JSON.parse(JSON.stringify(filled(list).snapshot())));
      expect(back.snapshot()).toEqual(filled(list).snapshot());
    }),
  );
});

test("an empty histogram says 0 and merges as nothing", () => {
  const empty = new Histogram();
  expect([empty.min, empty.max, empty.mean, empty.percentile(95)]).toEqual([0, 0, 0, 0]);
  const one = filled([7]);
  one.merge(empty);
  expect(one.snapshot()).toEqual(filled([7]).snapshot());
});

test("values out of bounds are clamped, and a reset forgets", () => {
  const histogram = filled([-5, Number.NaN, Number.POSITIVE_INFINITY]);
  expect([histogram.min, histogram.max]).toEqual([0, 2 ** 47]);
  histogram.reset();
  expect(histogram.snapshot()).toEqual(new Histogram().snapshot());
});

test("counts up to a bound rise, end at the count, and are off only by values near a bound", () => {
  const bounds = [0, 100, 5_000, 1_000_000, Number.POSITIVE_INFINITY];
  fc.assert(
    fc.property(values, (list) => {
      const counts = countsUpTo(filled(list).snapshot(), bounds);
      expect(counts.at(-1)).toBe(list.length);
      for (const [i, bound] of bounds.entries()) {
        const below = list.filter((value) => value <= bound * 0.995).length;
        const above = list.filter((value) => value <= bound * 1.005).length;
        expect(counts[i]).toBeGreaterThanOrEqual(below);
        expect(counts[i]).toBeLessThanOrEqual(above);
      }
    }),
  );
});
