import { expect, test } from "vitest";
import { isAgentNoun } from "./agent-noun.ts";

test.each(["teacher", "conservator", "therapist", "assignee", "tenant", "guardian"])(
  "%s may be a person",
  (noun) => {
    expect(isAgentNoun(noun)).toBe(true);
  },
);

test.each(["guest", "teachers", "orbit", "antenna", ""])("%s is no noun of that kind", (noun) => {
  expect(isAgentNoun(noun)).toBe(false);
});
