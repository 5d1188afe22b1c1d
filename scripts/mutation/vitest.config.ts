import { join } from "node:path";
import { defineConfig } from "vitest/config";

const PACKAGES = join(import.meta.dirname, "..", "..", "packages");

/** The unit tests that StrykerJS runs: MUTATION_TESTS is a list of patterns as JSON. StrykerJS itself ends a run that takes too long. */
export default defineConfig({
  // node_modules of the copy that is mutated leads to the packages as they are, which no mutant is in.
  resolve: {
    alias: [
      { find: /^@ape\/([\w-]+)\/test\/(.+)$/, replacement: join(PACKAGES, "$1/test/$2.ts") },
      { find: /^@ape\/([\w-]+)\/(.+)$/, replacement: join(PACKAGES, "$1/src/$2.ts") },
    ],
  },
  test: {
    testTimeout: 600_000,
    include: JSON.parse(process.env.MUTATION_TESTS ?? "[]") as string[],
  },
});
