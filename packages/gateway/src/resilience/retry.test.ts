import fc from "fast-check";
import { expect, test } from "vitest";
import { RetryBudget } from "./retry.ts";

const spent = (budget: RetryBudget) => {
  let count = 0;
  while (budget.spend()) count += 1;
  return count;
};

test("ten retries are there from the beginning, and each call earns its share, up to ten", () => {
  const budget = new RetryBudget(0.25);
  for (let n = 0; n < 100; n += 1) budget.earn();
  expect(spent(budget)).toBe(10);
  for (let n = 0; n < 3; n += 1) budget.earn();
  expect(budget.spend()).toBe(false);
  budget.earn();
  expect([budget.spend(), budget.spend()]).toEqual([true, false]);
  for (let n = 0; n < 100; n += 1) budget.earn();
  expect(spent(budget)).toBe(10);
});

test("attempts are at most the calls, their share of retries, and ten more", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 2, noNaN: true }),
      fc.array(fc.nat(9), { maxLength: 200 }),
      (share, wanted) => {
        const budget = new RetryBudget(share);
        let retries = 0;
        for (const wish of wanted) {
          budget.earn();
          for (let i = 0; i < wish; i += 1) if (budget.spend()) retries += 1;
        }
        expect(retries).toBeLessThanOrEqual(wanted.length * share + 10 + 1e-9);
      },
    ),
  );
});
