import { expect, test } from "vitest";
import { asserts, soughtText } from "./sought-text.ts";

const clause = (text: string, lead: string, verb?: string) => ({ text, said: text, lead, verb });

test.each([
  [clause("raise the alert of Norham to amber", "rais", "~update"), "the alert of Norham "],
  [clause("mark PU-04 as running because of rain", "mark", "~update"), "PU-04  because of rain"],
  [clause("find the rooms open to members", "find", "~find"), "the rooms open to members"],
  [clause("check that the pump is running", "check", "~show"), "that the pump "],
  [clause("check  the pump has run", "check", "~show"), "the pump "],
  [clause("set its level to half full", "set", "~update"), "its level "],
  [clause("raise it to HIGH, now", "rais", "~update"), "it , now"],
  [clause("put it into store_2 on Monday", "put", "~update"), "it  on Monday"],
  [clause("turn it into its shape", "turn", "~update"), "it into its shape"],
  [clause("move it to the north store", "move", "~update"), "it to the north store"],
])("what a clause says of its thing: %j", (said, text) => {
  expect(soughtText(said)).toBe(text);
});

test.each([
  ["check that it is paid", true],
  ["make sure the order is paid", true],
  ["see whether it works", true],
  ["make sure  my order is paid", true],
  ["check out", false],
  ["check the weather", true],
  ["pay the order", false],
])("%s asserts: %s", (said, is) => {
  expect(asserts({ said })).toBe(is);
});
