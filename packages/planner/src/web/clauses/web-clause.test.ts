import { clausesOf } from "@ape/catalog/goal/clause";
import { expect, test } from "vitest";
import { webClause } from "./web-clause.ts";

const verbOf = (goal: string) => {
  const [clause] = clausesOf(goal, new Set());
  const read = clause && webClause(clause);
  return read?.verb ?? (read?.acts === true ? "acts" : undefined);
};

test.each([
  ["Release wheel W-103", "acts"],
  ["Release the Old Miller", "acts"],
  ["Release my booking", "acts"],
  ["Publish episode E-7", "acts"],
  ["Publish the essay", "~create"],
  ["Publish an essay called Rain", "~create"],
  ["Create wheel W-103", "~create"],
  ["Dispatch parcel P-7", "acts"],
  ["Cancel order A-7", "~remove"],
  ["Scrap order A-7", "~remove"],
  ["Call off the tasting", "~remove"],
  ["Finish it", "acts"],
  ["Finish", undefined],
  ["Take Ada Birk off the crew", "~remove"],
  ["Take the first from the list", undefined],
  ["Put Ada Birk on leave", "acts"],
  ["Put the Heron on the list", "~add"],
  ["Put it on shelf B3", "acts"],
  ["Put it in order 7", "~add"],
  ["Register a dog", "~create"],
  ["Register an account", "~register"],
])("what the verb of a clause does to things of a site: %s", (goal, verb) => {
  expect(verbOf(goal)).toBe(verb);
});
