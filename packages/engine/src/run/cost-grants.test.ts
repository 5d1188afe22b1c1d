import { expect, test } from "vitest";
import { CostGrants } from "./cost-grants.ts";

test("grants are at least what is wanted, and one percent of the budget where less is wanted", () => {
  const grants = new CostGrants(10);
  expect(grants.grant(0.01)).toBe(0.1);
  expect(grants.grant(4)).toBe(4);
});

test("all grants together never exceed the budget, and a part that is too small is not granted", () => {
  const grants = new CostGrants(1);
  expect(grants.grant(0.7)).toBe(0.7);
  expect(grants.grant(0.5)).toBe(0);
  expect(grants.grant(0.3)).toBeCloseTo(0.3);
  expect(grants.grant(0.001)).toBe(0);
});

test("sums of dollars that are off in their last digit are granted", () => {
  const grants = new CostGrants(0.3);
  expect(grants.grant(0.1) + grants.grant(0.1)).toBeCloseTo(0.2);
  expect(grants.grant(0.1)).toBeGreaterThan(0.099);
});
