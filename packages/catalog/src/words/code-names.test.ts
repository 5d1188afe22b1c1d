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

test.each(["language", "languages", "lang", "locale"])("a %s has codes of languages", (words) => {
  expect(nameOfCode("de", words)).toBe("german");
  expect(nameOfCode("DE", words)).toBe("german");
  expect(nameOfCode("de-CH", words)).toBe(nameOfCode("de_CH", words));
  expect(nameOfCode("xde", `x${words}`)).toBeUndefined();
  expect(nameOfCode("de", `${words}x`)).toBeUndefined();
});

test.each(["country", "countries", "nation", "nationality"])("a %s has codes of countries", (words) => {
  expect(nameOfCode("ch", words)).toBe("switzerland");
  expect(nameOfCode("ch-de", words)).toBeUndefined();
  expect(nameOfCode("ch", `${words}x`)).toBeUndefined();
});

test.each(["currency", "currencies"])("a %s has codes of money", (words) => {
  expect(nameOfCode("usd", words)).toBe("us dollar");
  expect(nameOfCode("us", words)).toBeUndefined();
});
