import { defineConfig } from "vitest/config";

/** Needs both cores for itself, and would make others late: it goes last and alone. */
const CONTAINERS = "test/e2e/compose.test.ts";

export default defineConfig({
  test: {
    testTimeout: 20_000,
    // Most of them wait for what they have started: two at a time halve the time on two cores.
    maxWorkers: 2,
    reporters: ["default", "./test/closing-line.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "all",
          include: [
            "packages/*/src/**/*.test.ts",
            "examples/*/src/**/*.test.ts",
            "test/**/*.test.ts",
            "bench/**/*.test.ts",
          ],
          exclude: [CONTAINERS],
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: "containers", include: [CONTAINERS], sequence: { groupOrder: 1 } } },
    ],
  },
});
