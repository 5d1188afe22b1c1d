import { expect, test } from "vitest";
import { weightedTokens } from "../../words/words.ts";
import { clausesOf } from "../clause.ts";
import { namesField } from "./named-field.ts";

test.each([
  ["Change its shelf to C7.", "shelf", true],
  ["Change its shelf to C7.", "room", false],
  ["Change my phone number to 1.", "phone", true],
  ["Change my phone number to 1.", "house number", false],
  ["Set the telephone number to 1.", "phone", true],
  ["Set the phone number to 1.", "telephone", true],
  ["Set the day to Monday.", "weight", false],
  ["Set the road to Elm.", "street", false],
  ["Change the street name to Elm.", "name", false],
  ["Change the name to Elm.", "name", true],
  ["Change it.", "name", false],
])("%s names the field %s: %s", (goal, name, named) => {
  const [clause] = clausesOf(goal, new Set());
  expect(clause && namesField(clause, weightedTokens("other"), weightedTokens(name))).toBe(named);
});
