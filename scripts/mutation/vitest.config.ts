import { defineConfig } from "vitest/config";

/** Unit tests of one package (`MUTATION_PACKAGE`), as StrykerJS runs them: those that listen on fixed ports or build are not among them. */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    include: [`packages/${process.env.MUTATION_PACKAGE}/{src,test}/**/*.test.ts`],
  },
});
