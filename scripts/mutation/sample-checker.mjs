// A checker of StrykerJS that lets the sampled mutants pass and no other. MUTATION_SAMPLE names a JSON file with their keys.
import { readFileSync } from "node:fs";
import { CheckStatus } from "@stryker-mutator/api/check";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import { mutantKey } from "./mutant-key.mjs";

class SampleChecker {
  static inject = /** @type {[]} */ ([]);

  /** @type {Set<string>} */
  #sample = new Set();

  async init() {
    this.#sample = new Set(JSON.parse(readFileSync(process.env.MUTATION_SAMPLE ?? "", "utf8")));
  }

  /** @param {import("@stryker-mutator/api/core").Mutant[]} mutants */
  async group(mutants) {
    return [mutants.map(({ id }) => id)];
  }

  /**
   * @param {import("@stryker-mutator/api/core").Mutant[]} mutants
   * @returns {Promise<Record<string, import("@stryker-mutator/api/check").CheckResult>>}
   */
  async check(mutants) {
    return Object.fromEntries(
      mutants.map((mutant) => [
        mutant.id,
        this.#sample.has(mutantKey(mutant))
          ? { status: CheckStatus.Passed }
          : { status: CheckStatus.CompileError, reason: "not in the sample" },
      ]),
    );
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.Checker, "sample", SampleChecker)];
