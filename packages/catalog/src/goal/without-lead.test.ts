import { expect, test } from "vitest";
import { clausesOf } from "./clause.ts";
import { withoutLead } from "./without-lead.ts";

test.each([
  ["Open The Seagull to the public.", "The Seagull to the public"],
  ["Close the open door.", "the open door"],
  ["Open the open door.", "the open door"],
  ["Then archive the closed case.", "the closed case"],
])("%s is about: %s", (goal, rest) => {
  const [clause] = clausesOf(goal, new Set());
  expect(clause === undefined ? "" : withoutLead(clause)).toMatch(new RegExp(`${rest}$`));
});
