import type { MutantResult } from "@stryker-mutator/api/core";

/**
 * How many mutants the tests detected: `scorePct` is their share, in percent with one decimal. `timedOut` are those of them
 * that no test failed for and some did not end for: on a busy machine that is no proof.
 */
export interface Score {
  scorePct: number;
  detected: number;
  timedOut: number;
  survived: number;
  notCovered: number;
}

/**
 * True if a test failed, ran out of time, or could not load the mutated module. A run in which no test started means
 * that the module failed while it was imported: StrykerJS counts it as a survivor.
 */
export function isDetected({
  status,
  testsCompleted,
}: Pick<MutantResult, "status" | "testsCompleted">): boolean {
  if (status === "Survived") return testsCompleted === 0;
  return status === "Killed" || status === "Timeout" || status === "RuntimeError";
}

/** The score of a set of tested mutants; 100 for none. */
export function scoreOf(results: readonly Pick<MutantResult, "status" | "testsCompleted">[]): Score {
  const detected = results.filter(isDetected).length;
  const timedOut = results.filter(({ status }) => status === "Timeout").length;
  const notCovered = results.filter(({ status }) => status === "NoCoverage").length;
  const survived = results.length - detected - notCovered;
  const scorePct = results.length === 0 ? 100 : Math.round((detected / results.length) * 1_000) / 10;
  return { scorePct, detected, timedOut, survived, notCovered };
}
