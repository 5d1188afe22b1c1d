import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Candidate } from "./mutants.ts";

/**
 * Mutants of a file that no test can tell from the original; without `occurrence` all of the same text. Where `within` is given, only
 * those in a line with that text.
 */
const Equivalent = z.strictObject({
  original: z.string().min(1),
  replacement: z.string(),
  occurrence: z.int().min(0).optional(),
  within: z.string().min(1).optional(),
  reason: z.string().min(10),
});

const EquivalentMutants = z.record(z.string(), z.array(Equivalent));
export type EquivalentMutants = z.infer<typeof EquivalentMutants>;

/** Reads the checked-in list of equivalent mutants: a list per file, each with its reason. */
export function readEquivalent(path: string): EquivalentMutants {
  return EquivalentMutants.parse(JSON.parse(readFileSync(path, "utf8")));
}

const condensed = (text: string): string => text.replaceAll(/\s+/g, " ");

/** True if the list names this mutant; white space does not count. */
export function isEquivalent(list: EquivalentMutants, candidate: Candidate): boolean {
  return (list[candidate.file] ?? []).some(
    (entry) =>
      condensed(entry.original) === condensed(candidate.original) &&
      condensed(entry.replacement) === condensed(candidate.replacement) &&
      (entry.occurrence ?? candidate.occurrence) === candidate.occurrence &&
      (entry.within === undefined || condensed(candidate.source).includes(condensed(entry.within))),
  );
}

/** Entries of the list, as `file: original -> replacement`, that match no mutant of these any more. */
export function obsoleteEntries(list: EquivalentMutants, candidates: readonly Candidate[]): string[] {
  const files = new Set(candidates.map(({ file }) => file));
  return Object.entries(list)
    .filter(([file]) => files.has(file))
    .flatMap(([file, entries]) =>
      entries
        .filter((entry) => !candidates.some((candidate) => isEquivalent({ [file]: [entry] }, candidate)))
        .map((entry) => `${file}: ${entry.original} -> ${entry.replacement}`),
    );
}
