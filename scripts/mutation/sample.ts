import { createHash } from "node:crypto";
import type { Candidate } from "./mutants.ts";

/**
 * Draws `size` mutants by seed. Each mutant's place in the order follows from its own text alone, so that a change of one file
 * leaves the sample of the others as it is.
 */
export function sampleMutants(candidates: readonly Candidate[], size: number, seed: number): Candidate[] {
  return candidates
    .map((candidate) => {
      const { file, original, replacement, occurrence } = candidate;
      const text = JSON.stringify([seed, file, original, replacement, occurrence]);
      return { candidate, rank: createHash("sha256").update(text).digest("hex") };
    })
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, size)
    .map(({ candidate }) => candidate);
}
