import { defineConfig } from "vitest/config";

/** The unit tests that StrykerJS runs: MUTATION_TESTS is a list of patterns as JSON. */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    include: JSON.parse(process.env.MUTATION_TESTS ?? "[]") as string[],
  },
});
