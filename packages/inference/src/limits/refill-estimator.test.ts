import fc from "fast-check";
import { expect, test } from "vitest";
import { RefillEstimator } from "./refill-estimator.ts";

test("a bucket is found, and how fast it fills, whatever its size and how it is used", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 50, max: 1e6 }),
      fc.integer({ min: 100, max: 86_400_000 }),
      fc.array(fc.double({ min: 0.2, max: 1, noNaN: true }), { minLength: 10, maxLength: 50 }),
      (limit, periodMs, missing) => {
        const refill = new RefillEstimator();
        for (const share of [...missing, 0.2, 0.3, 0.45, 0.65, 1]) {
          const level = limit * (1 - share);
          refill.observe(limit - Math.floor(level), ((limit - level) * periodMs) / limit);
        }
        expect((refill.perMs * periodMs) / limit).toBeGreaterThan(0.6);
        expect((refill.perMs * periodMs) / limit).toBeLessThanOrEqual(1);
      },
    ),
  );
});

// A window could be used so that its readings look like a bucket's; among a thousand ways drawn once, none does.
test("a fixed window is not taken for one", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 20, max: 10_000 }),
      fc.array(fc.tuple(fc.nat({ max: 100 }), fc.nat({ max: 200 })), { minLength: 1, maxLength: 300 }),
      (limit, moves) => {
        const refill = new RefillEstimator();
        let now = 0;
        let window = 0;
        let used = 0;
        for (const [wait, take] of moves) {
          now += wait;
          if (Math.floor(now / 1_000) !== window) {
            window = Math.floor(now / 1_000);
            used = 0;
          }
          used = Math.min(limit, used + take);
          refill.observe(used, (window + 1) * 1_000 - now);
          expect(refill.perMs).toBe(0);
        }
      },
    ),
    { seed: 7, numRuns: 1_000 },
  );
});

const rateAfter = (readings: readonly (readonly [missing: number, resetMs: number])[]) => {
  const refill = new RefillEstimator();
  for (const [missing, resetMs] of readings) refill.observe(missing, resetMs);
  return refill.perMs;
};
const STEADY = [
  [10, 1_000],
  [13, 1_300],
  [16, 1_600],
  [20, 2_000],
] as const;

test.each<[string, readonly (readonly [number, number])[], number]>([
  ["four levels, the highest twice the lowest", STEADY, 0.009],
  ["three levels", STEADY.slice(1), 0],
  [
    "four levels that are close",
    [
      [10, 1_000],
      [12, 1_200],
      [14, 1_400],
      [17, 1_700],
    ],
    0,
  ],
  [
    "one level four times",
    [
      [10, 1_000],
      [10, 1_000],
      [20, 2_000],
      [20, 2_000],
    ],
    0,
  ],
  ["a deficit of five", [[5, 500], ...STEADY.slice(1)], 0.009],
  ["a deficit of four", [[4, 400], ...STEADY.slice(1)], 0],
  ["a reset that is over", [[10, 0], ...STEADY.slice(1)], 0],
  ["a reading a fifth off", [...STEADY.slice(0, 3), [20, 2_400]], 0.0075],
  ["a reading more than a fifth off", [...STEADY.slice(0, 3), [20, 2_402]], 0],
  ["a reading less than a fifth faster", [...STEADY.slice(0, 3), [20, 1_602]], 0.009],
  ["a reading more than a fifth faster", [...STEADY.slice(0, 3), [20, 1_598]], 0],
])("%s: nine tenths of the rate, or none", (_name, readings, rate) => {
  expect(rateAfter(readings)).toBeCloseTo(rate, 9);
});

test("what was learned is forgotten, and learned again", () => {
  const refill = new RefillEstimator();
  for (const [missing, resetMs] of STEADY) refill.observe(missing, resetMs);
  expect(refill.perMs).toBeGreaterThan(0);
  refill.forget();
  expect(refill.perMs).toBe(0);
  // Other readings than before count from the first on.
  for (const [missing, resetMs] of STEADY.slice(0, 3)) refill.observe(missing, resetMs * 3);
  expect(refill.perMs).toBe(0);
  refill.observe(20, 6_000);
  expect(refill.perMs).toBeCloseTo(0.003, 9);
});

test("a reset that is due, and a deficit of a few, say nothing", () => {
  const refill = new RefillEstimator();
  for (const missing of [10, 20, 40, 80, 160]) refill.observe(missing, 0);
  expect(refill.perMs).toBe(0);
  for (const missing of [10, 20, 40, 80, 160]) {
    refill.observe(missing, missing * 100);
    refill.observe(4, 1);
  }
  expect(refill.perMs).toBeCloseTo(0.009);
  refill.forget();
  expect(refill.perMs).toBe(0);
});

test("four levels, of which one is twice another, make a bucket; a reading that does not agree begins anew", () => {
  const after = (...readings: [missing: number, resetMs: number][]): number => {
    const refill = new RefillEstimator();
    for (const [missing, resetMs] of readings) refill.observe(missing, resetMs);
    return refill.perMs;
  };
  const steady = [5, 6, 8, 10].map((missing): [number, number] => [missing, missing * 10]);
  expect(after(...steady)).toBeCloseTo(0.09);
  expect(after(...steady.slice(0, 3))).toBe(0);
  expect(after(...[10, 12, 14, 17].map((missing): [number, number] => [missing, missing * 10]))).toBe(0);
  expect(after(...steady.slice(0, 3), [10, 120])).toBeCloseTo(0.9 / 12);
  expect(after(...steady.slice(0, 3), [10, 121])).toBe(0);
  expect(after(...steady, [10, 50])).toBe(0);
});
