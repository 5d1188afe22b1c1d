import { expect, test } from "vitest";
import { isPlannedRight, plannedCalls, unseenGoals } from "./cases.ts";

test.each(["development", "held-out"] as const)("the %s goals expect operations of their own API", (half) => {
  const goals = unseenGoals(half);
  expect(goals.length).toBeGreaterThanOrEqual(25);
  for (const { api, goal, expected } of goals) {
    expect(expected.length, goal).toBeGreaterThan(0);
    const known = api.operations.map(({ method, path }) => `${method} ${path}`);
    for (const operation of expected.flat()) if (operation !== "-") expect(known, goal).toContain(operation);
  }
});

// What the planner reaches today, less two goals of each half: an improvement raises them.
test.each([
  ["development", 73],
  ["held-out", 65],
] as const)("of the %s goals at least %i percent are planned right", (half, least) => {
  const goals = unseenGoals(half);
  const right = goals.filter((goal) => isPlannedRight(goal, plannedCalls(goal)));
  expect((100 * right.length) / goals.length).toBeGreaterThanOrEqual(least);
});
