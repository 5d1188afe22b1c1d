import { expect, test } from "vitest";
import { isWantedState } from "./state-words.ts";
import { verbEntry } from "./thesaurus.ts";
import { stem } from "./words.ts";

const byVerb = (verb: string, particle?: string) => ({
  word: verb,
  synsets: new Set(verbEntry(stem(verb), particle)?.synsets),
  negated: false,
});
const byName = (word: string, negated = false) => ({ word, synsets: new Set<string>(), negated });

test.each([
  ["done", "complete", true],
  ["isCompleted", "finish", true],
  ["archived", "archive", true],
  ["paid", "pay", true],
  ["isActive", "activate", true],
  ["enabled", "disable", false],
  ["active", "deactivate", false],
  ["published", "unpublish", false],
  ["closed", "reopen", false],
  ["open", "reopen", true],
  ["open", "close", false],
  ["public", "publish", true],
  ["public", "print", undefined],
  ["completed", "delete", undefined],
  ["completed", "cancel", undefined],
  ["done", "create", undefined],
  ["done", "update", undefined],
])("%s after %s is %s", (state, verb, expected) => {
  expect(isWantedState(state, byVerb(verb))).toBe(expected);
});

test("what is ticked off is done", () => {
  for (const state of ["done", "completed", "checked", "finished"])
    expect(isWantedState(state, byVerb("tick", "off"))).toBe(true);
  expect(isWantedState("public", byVerb("tick", "off"))).toBeUndefined();
});

test("a state may be named, or its opposite, or be denied", () => {
  expect(isWantedState("completed", byName("done"))).toBe(true);
  expect(isWantedState("isPublic", byName("private"))).toBe(false);
  expect(isWantedState("done", byName("completed", true))).toBe(false);
  expect(isWantedState("isPublic", byName("urgent"))).toBeUndefined();
});
