import fc from "fast-check";
import { expect, test } from "vitest";
import { backoff } from "./backoff.ts";

test("the wait doubles with every failed attempt, up to its bound", () => {
  expect([1, 2, 3, 4].map((attempt) => backoff(attempt, { base: 100, longest: 500 }))).toEqual([
    100, 200, 400, 500,
  ]);
  expect(backoff(2_000, { base: 100, longest: 30_000 })).toBe(30_000);
});

test("full jitter draws from zero, half jitter from half of the wait", () => {
  const random = (): number => 0.25;
  expect(backoff(3, { base: 100, jitter: 1, random })).toBe(100);
  expect(backoff(3, { base: 100, jitter: 0.5, random })).toBe(250);
});

test("no wait is longer than its bound, negative, or shorter than what is not random", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 10_000 }),
      fc.integer({ min: 1, max: 60_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempt, base, longest, jitter, drawn) => {
        const wait = backoff(attempt, { base, longest, jitter, random: () => drawn });
        const whole = Math.min(longest, base * 2 ** (attempt - 1));
        expect(wait).toBeLessThanOrEqual(whole + 1e-6);
        expect(wait).toBeGreaterThanOrEqual(whole * (1 - jitter) - 1e-6);
      },
    ),
  );
});
