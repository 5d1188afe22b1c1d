import { expect, test } from "vitest";
import { objectPhrase } from "./object-phrase.ts";

const nouns = (text: string, verb?: string) => Object.fromEntries(objectPhrase(text, verb).nouns);

test.each([
  ["Create a pet type for dogs", "create", { pet: 0.5, type: 1 }],
  ["Search for a position in Berlin", "search", { posit: 1 }],
  ["change the state of the run", "change", { state: 1, run: 0.7 }],
  ["add a pet to this owner", "add", { pet: 1 }],
  ["Loans of the patron", undefined, { loan: 1, patron: 0.7 }],
])("%s: what the verb acts on", (text, verb, expected) => {
  expect(nouns(text, verb)).toEqual(expected);
});

test.each([
  ["look at it", "look", true],
  ["throw it away", "throw", true],
  ["change its name", "change", true],
  ["mark one as a favourite", "mark", true],
  ["add a job to it", "add", false],
  ["close the ticket", "close", false],
])("%s refers to what was mentioned before: %s %s", (text, verb, refers) => {
  expect(objectPhrase(text, verb).refers).toBe(refers);
});

test("words that usually say nothing of a thing are told apart from its nouns", () => {
  const { nouns, plain } = objectPhrase("find a first cheap cabin", "find");
  expect([...nouns.keys()]).toEqual(["cabin"]);
  expect([...plain]).toEqual(["first", "cheap"]);
});
