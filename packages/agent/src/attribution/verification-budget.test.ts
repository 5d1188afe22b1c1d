import { expect, test } from "vitest";
import { VerificationBudget } from "./verification-budget.ts";

test("at most 5% of the actions, rounded up, are followed by a read", () => {
  const budget = new VerificationBudget();
  expect(budget.take("shop")).toBe(false);
  let reads = 0;
  for (let action = 1; action <= 200; action += 1) {
    budget.countAction();
    if (budget.take("shop")) reads += 1;
    expect(reads).toBeLessThanOrEqual(Math.ceil(action * 0.05));
  }
  expect(reads).toBe(10);
});

test("a target with verify: false gets none", () => {
  const budget = new VerificationBudget(["shop"]);
  budget.countAction();
  expect(budget.take("shop")).toBe(false);
  expect(budget.take("bank")).toBe(true);
});
