import { expect, test } from "vitest";
import { clausesOf } from "./clause.ts";
import { plainForm } from "./plain-form.ts";

test.each([
  ["make Ada Byron its captain", "set its captain to Ada Byron"],
  ["then appoint Ada Byron as its captain", "then set its captain to Ada Byron"],
  ["elect Ada Byron to be the chair of the board", "set the chair of the board to Ada Byron"],
  ["name Ada van der Berg treasurer", "set the treasurer to Ada van der Berg"],
  ["choose quoted0 as its cover", "set its cover to quoted0"],
  ["make {{name}} its keeper", "set its keeper to {{name}}"],
])("%s gives a role", (said, plain) => {
  expect(plainForm(said)).toBe(plain);
});

test.each([
  ["How many seats does the boat Heron have?", "list the seats of the boat Heron"],
  ["then check how many free seats has it", "then list the free seats of it"],
  ["How many parts do Ada Byron and Bo play", "list the parts of Ada Byron and Bo"],
  ["how many seats are there", "list the seats"],
  ["How many seats are there in Ark?", "list the seats in Ark"],
  ["count the seats of the Heron", "list the seats of the Heron"],
])("%s counts what a list shows", (said, plain) => {
  expect(plainForm(said)).toBe(plain);
});

test.each([
  ["raise its priority to high", "set its priority to high"],
  ["lower the deposit to 30", "set the deposit to 30"],
  ["turn it up to 7", "set it to 7"],
  ["reduce it to 3", "set it to 3"],
])("%s gives a new value", (said, plain) => {
  expect(plainForm(said)).toBe(plain);
});

test.each([
  ["have it engraved", "engraved it"],
  ["get them approved by Monday", "approved them by Monday"],
  ["have a vet look at it", "examine it by a vet"],
  ["then have the workshop repair it", "then repair it by the workshop"],
  ["Have Ada Byron sign the lease", "sign the lease by Ada Byron"],
  ["get a courier to collect it", "collect it by a courier"],
  ["let another tenant read the meter", "read the meter by another tenant"],
])("%s asks for what is done", (said, plain) => {
  expect(plainForm(said)).toBe(plain);
});

test.each([
  ["gift-wrap it", "wrap it"],
  ["then double-check them at noon", "then check them at noon"],
])("%s is done by its verb", (said, plain) => {
  expect(plainForm(said)).toBe(plain);
});

test.each([
  "co-pilot",
  "make it public",
  "make Road Trip public",
  "make a list",
  "choose Ada Byron",
  "pick Blue Lamp as a gift",
  "add Ada Byron as the editor",
  "name it quoted0",
  "move it to Friday",
  "raise it by 3",
  "have a look at it",
  "have a quick look at it",
  "have a nice day",
  "give it to Ada Byron",
])("%s is left as it is", (said) => {
  expect(plainForm(said)).toBe(said);
});

test("a clause begins before a verb that has a name or a pronoun behind it, in the goal's own words", () => {
  const said = (goal: string) => clausesOf(goal, new Set()).map((clause) => clause.said.trim());
  expect(said("Create a team and appoint Ada Byron as its captain")).toEqual([
    "Create a team",
    "appoint Ada Byron as its captain",
  ]);
  expect(said("Order a cake, text me the receipt and have it iced")).toEqual([
    "Order a cake",
    "text me the receipt",
    "have it iced",
  ]);
});

test("a new value of `it` is that of the field that the clause before has set", () => {
  const texts = (goal: string) => clausesOf(goal, new Set()).map(({ text }) => text.trim());
  expect(texts("Set its level to 7, then lower it to 3")).toEqual([
    "Set its level to 7",
    "set its level to 3",
  ]);
  expect(texts("Create a lamp, then lower it to 3")).toEqual(["Create a lamp", "set it to 3"]);
});

test("what somebody else does is a part of its own, also behind a quoted text, and no read serves it", () => {
  const said = (goal: string) =>
    clausesOf(goal, new Set()).map((clause) => [clause.said.trim(), clause.caused]);
  expect(said('Admit a cat because of "a cough", have a nurse weigh it, and discharge it')).toEqual([
    ['Admit a cat because of "a cough"', false],
    ["have a nurse weigh it", true],
    ["discharge it", false],
  ]);
  expect(said('Note "lid cracked", get a potter to mend it and have it glazed')).toEqual([
    ['Note "lid cracked"', false],
    ["get a potter to mend it", true],
    ["have it glazed", true],
  ]);
});
