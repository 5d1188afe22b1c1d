import { expect, test } from "vitest";
import { fieldName, hasConnectionClose, isAscii, isFieldValue, isToken } from "./field.ts";

test.each([
  ["GET", true],
  ["a-b_c.d~e!#$%&'*+^`|9", true],
  ["", false],
  ["a b", false],
  ["a:", false],
  ["a\n", false],
  ["(a)", false],
  ["\u00e4", false],
])("%j is one word: %j", (text, is) => {
  expect(isToken(text)).toBe(is);
  expect(fieldName(text)).toBe(is ? text.toLowerCase() : undefined);
});

test("a name is the same each time it is read", () => {
  expect([fieldName("X-Some-Name"), fieldName("X-Some-Name"), fieldName("x-some-name")]).toEqual(
    Array.from({ length: 3 }, () => "x-some-name"),
  );
});

test.each([
  ["", true],
  ["a b\tc~", true],
  ["\x80\xff", true],
  ["a\rb", false],
  ["a\nb", false],
  ["\x00", false],
  ["\x1f", false],
  ["\x7f", false],
  ["\u0100", false],
])("%j is a value: %j", (value, is) => {
  expect(isFieldValue(value)).toBe(is);
});

test.each([
  ["a~\x7f", true],
  ["\x80", false],
  ["\xff", false],
])("%j is ASCII: %j", (text, is) => {
  expect(isAscii(text)).toBe(is);
});

test.each([
  ["close", true],
  ["keep-alive, Close", true],
  ["closed", false],
  ["keep-alive", false],
])("%j asks for the end of the connection: %j", (value, asks) => {
  expect(hasConnectionClose(value)).toBe(asks);
});
