import { expect, test } from "vitest";
import type { Imported } from "./imported.ts";
import { withUsableLoad } from "./usable-load.ts";

const imported = (more: Partial<Imported>): Imported => ({
  goals: [],
  allow: [],
  skipped: ["before"],
  ...more,
});

test("what the configuration takes is kept", () => {
  const good = imported({
    agents: 5,
    duration: "10s",
    stages: [{ duration: "10s", agents: 5 }],
    thresholds: { action_duration: ["p(95)<500"] },
  });
  expect(withUsableLoad(good)).toEqual(good);
});

test.each<[string, Partial<Imported>]>([
  ["stages", { stages: [{ duration: "10s", agents: 0 }] }],
  ["duration", { duration: "0s" }],
  ["agents", { agents: 0 }],
  ["thresholds", { thresholds: { action_duration: ["p(95)<"] } }],
])("%s that it refuses is left out and listed", (part, more) => {
  const found = withUsableLoad(imported(more));
  expect(found).not.toHaveProperty(part);
  expect(found.skipped).toEqual(["before", expect.stringMatching(new RegExp(`^${part}: .+`))]);
});
