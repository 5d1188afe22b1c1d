import { expect, test } from "vitest";
import { bodyField } from "../../../test/body-field.ts";
import { codeValue, isOtherThanLanguage } from "./code-value.ts";

test.each([
  ["Arabic", "language", {}, "in Arabic (ar), room 4", "ar"],
  ["Arabic", "language", { description: "ISO code" }, "in Arabic", "ar"],
  ["Finnish", "lang", { maxLength: 2 }, "in Finnish", "fi"],
  ["Polish", "languageCode", {}, "in Polish", "pl"],
  ["Polish", "language", {}, "in Polish", "Polish"],
  ["Portugal", "country", { pattern: "^[A-Z]{2}$" }, "from Portugal", "PT"],
  ["Portugal", "country", {}, "from Portugal", "Portugal"],
  ["Arabic", "language", { maxLength: 2 }, "in Arabic (de)", "ar"],
  ["Sunrise", "language", {}, "in Sunrise", undefined],
  ["Arabic", "room", {}, "in Arabic (ar)", undefined],
])("%s for %s %j of %j is %s", (text, name, more, said, value) => {
  expect(codeValue({ text, preposition: "in" }, bodyField(name, more), said)).toBe(value);
});

test("a language is no room, and a place may be", () => {
  expect(isOtherThanLanguage({ text: "Arabic", preposition: "in" }, bodyField("room"))).toBe(true);
  expect(isOtherThanLanguage({ text: "Arabic", preposition: "in" }, bodyField("language"))).toBe(false);
  expect(isOtherThanLanguage({ text: "Sunrise", preposition: "in" }, bodyField("room"))).toBe(false);
});
