import { expect, test } from "vitest";
import { nameOfCode } from "./code-names.ts";

test.each([
  ["de", "language", "german"],
  ["fr", "preferredLang Language", "french"],
  ["fr", "lang", "french"],
  ["pt_BR", "locale", "brazilian portuguese"],
  ["at", "country Country", "austria"],
  ["NL", "nationality", "netherlands"],
  ["CHF", "currency", "swiss franc"],
  ["de", "size", undefined],
  ["german", "language", undefined],
  ["qq", "language", undefined],
  ["x", "language", undefined],
  ["d1", "country", undefined],
  ["abc", "country", undefined],
])("%s of a field %j is %s", (code, words, name) => {
  expect(nameOfCode(code, words)).toBe(name);
});
