import { defineConfig } from "vitest/config";

/** They need both cores for themselves, and would make others late: they go last, one after the other. */
const ALONE = ["test/e2e/compose.test.ts", "test/e2e/gateway-soak.test.ts", "test/kubernetes/*.test.ts"];

export default defineConfig({
  test: {
    // Generous: on a busy machine a test takes ten times as long, and a hanging one is found as well.
    testTimeout: 60_000,
    // Most of them wait for what they have started: two at a time halve the time on two cores.
    maxWorkers: 2,
    reporters: ["default", "./test/closing-line.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "units",
          include: ["packages/*/src/**/*.test.ts", "examples/*/src/**/*.test.ts", "bench/**/*.test.ts"],
          // Files share a process and what it has loaded, which saves more than half of the CPU time. A process is
          // kept only for a file of the same project, hence a group of their own.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "whole",
          include: ["test/**/*.test.ts"],
          exclude: ALONE,
          sequence: { groupOrder: 1 },
        },
      },
      { extends: true, test: { name: "alone", include: ALONE, maxWorkers: 1, sequence: { groupOrder: 2 } } },
    ],
  },
});
