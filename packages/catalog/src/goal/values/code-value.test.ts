import { expect, test } from "vitest";
import { bodyField } from "../../../test/body-field.ts";
import { codeValue, isOtherThanLanguage, nameOrCode } from "./code-value.ts";

test.each([
  ["Arabic", "language", {}, "in Arabic (ar), room 4", "ar"],
  ["Arabic", "language", { description: "ISO code" }, "in Arabic", "ar"],
  ["Finnish", "lang", { maxLength: 2 }, "in Finnish", "fi"],
  ["Polish", "languageCode", {}, "in Polish", "pl"],
  ["Polish", "language", {}, "in Polish", "Polish"],
  ["Portugal", "country", { pattern: "^[A-Z]{2}$" }, "from Portugal", "PT"],
  ["Portugal", "country", {}, "from Portugal", "Portugal"],
  ["Arabic", "language", { maxLength: 2 }, "in Arabic (de)", "ar"],
  ["Polish", "language", { example: "en" }, "in Polish", "pl"],
  ["Polish", "language", { example: "en_US" }, "in Polish", "pl"],
  ["Polish", "language", { example: "English" }, "in Polish", "Polish"],
  ["Polish", "language", { example: "x-en" }, "in Polish", "Polish"],
  ["Polish", "language", { maxLength: 5 }, "in Polish", "pl"],
  ["Polish", "language", { maxLength: 6 }, "in Polish", "Polish"],
  ["Polish", "language", { pattern: "[a-z]{2}" }, "in Polish", "pl"],
  ["Polish", "language", { pattern: "^x[a-z]{2}" }, "in Polish", "Polish"],
  ["Arabic", "language", {}, "in Arabic, (ar)", "Arabic"],
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

test.each([
  ["English", "from English (en) to Polish", "en"],
  ["English", "from English (de)", "English"],
  ["English", "from English to (en)", "English"],
  ["Kiel", "to Kiel (ki)", "Kiel"],
])("%s of %j is given as %s", (name, text, given) => {
  expect(nameOrCode(name, text)).toBe(given);
});
