import { expect, test } from "vitest";
import { unseenGoals } from "./cases.ts";

test.each(["development", "held-out"] as const)("the %s goals expect operations of their own API", (half) => {
  const goals = unseenGoals(half);
  expect(goals.length).toBeGreaterThanOrEqual(25);
  for (const { api, goal, expected } of goals) {
    expect(expected.length, goal).toBeGreaterThan(0);
    const known = api.operations.map(({ method, path }) => `${method} ${path}`);
    for (const operation of expected.flat()) if (operation !== "-") expect(known, goal).toContain(operation);
  }
});
