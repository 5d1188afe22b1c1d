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
