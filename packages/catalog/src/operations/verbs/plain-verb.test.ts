import { expect, test } from "vitest";
import { firstClause } from "../../../test/first-clause.ts";
import { stem } from "../../words/words.ts";
import { isPlainly, withPlainVerb } from "./plain-verb.ts";

test.each([
  ["erase", "~remove", true],
  ["delete", "~remove", true],
  ["scrap", "~remove", true],
  ["~remove", "~remove", true],
  ["compose", "~create", true],
  ["alter", "~update", true],
  ["lease", "~reserve", true],
  ["prune", "~remove", false],
  ["clean", "~remove", false],
  ["dispatch", "~remove", false],
  ["erase", "~create", false],
  ["paint", "~create", false],
  ["place", "~create", false],
  ["polish", "~update", false],
  ["qwerty", "~remove", false],
])("to %s is plainly %s: %s", (verb, meaning, is) => {
  expect(isPlainly(verb.startsWith("~") ? verb : stem(verb), meaning)).toBe(is);
});

test.each([
  ["Paint the well", "paint", "well"],
  ["Prune the tree", "prune", "tree"],
])("%s: the verb means what it says", (goal, lead, noun) => {
  const clause = firstClause(goal);
  const plain = withPlainVerb(clause);
  expect(clause.verb).toBeDefined();
  expect(plain).toMatchObject({ lead, verb: undefined, acts: true });
  expect([...plain.weights]).toEqual([
    [lead, 2],
    [noun, 1],
  ]);
  expect(withPlainVerb(clause)).toBe(plain);
});

test.each(["Erase the well", "Report a damage", "Show the well", "Polish it", "Delete it"])(
  "%s: the clause stays as it is",
  (goal) => {
    const clause = firstClause(goal);
    expect(withPlainVerb(clause)).toBe(clause);
  },
);
