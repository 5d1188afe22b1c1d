import { clausesOf } from "@ape/catalog/goal/clause";
import { expect, test } from "vitest";
import type { PageSituation } from "../page-situation.ts";
import { wordsTelling } from "./telling-words.ts";

const counts = (goal: string, at: number, said: string): number => {
  const clauses = clausesOf(goal, new Set());
  const clause = clauses[at];
  return wordsTelling({ clauses, clause } as unknown as PageSituation, said);
};

test.each([
  ["Paint the green boat", 0, "green boat, free", 2],
  ["Paint the green boat", 0, "red boat, free", 1],
  // A code counts more than a word.
  ["Paint the boat at pier K3", 0, "boat, pier K3", 6],
  ["Paint the boat at pier K3", 0, "boat, pier K4", 2],
  // The place that a thing is moved to tells none.
  ["Move the boat to pier K3", 0, "boat, pier K3", 3],
  ["Move the boat from pier K1 to pier K3", 0, "boat, pier K1", 6],
  // What comes later tells nothing yet.
  ["Open a boat, paint it at pier K3", 0, "boat, pier K3", 3],
  ["Open a boat, paint it at pier K3", 1, "boat, pier K3", 6],
])("words that tell one of several: %s, clause %d, %s", (goal, at, said, count) => {
  expect(counts(goal, at, said)).toBe(count);
});
