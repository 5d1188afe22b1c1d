import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBuckets, encodeBuckets } from "./bucket-text.ts";

test("small steps and counts take a character each, and none needs an escape in JSON", () => {
  const text = encodeBuckets([3, 1, 4, 31, 36, 32]);
  expect(text).toHaveLength(8);
  expect(decodeBuckets(text)).toEqual([3, 1, 4, 31, 36, 32]);
});

test("any buckets come back as they were", () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 6_000 }), fc.integer({ min: 1, max: 2 ** 50 })));
  fc.assert(
    fc.property(steps, (all) => {
      let index = -1;
      const pairs = all.flatMap(([step, count]) => {
        index += step;
        return [index, count];
      });
      const text = encodeBuckets(pairs);
      expect(JSON.stringify(text)).toBe(`"${text}"`);
      expect(decodeBuckets(text)).toEqual(pairs);
    }),
  );
});
