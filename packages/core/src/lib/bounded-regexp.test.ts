import fc from "fast-check";
import { expect, test } from "vitest";
import { BoundedRegExp, SlowRegExpError } from "./bounded-regexp.ts";

const EVIL: [string, string][] = [
  ["^(a+)+$", `${"a".repeat(45)}!`],
  ["^(a|aa)+$", `${"a".repeat(60)}!`],
  ["^(?:a|a?){1,40}$", `${"a".repeat(40)}!`],
  ["(x+x+)+y", "x".repeat(60)],
  ["^([a-z0-9]+[-._]?)+@$", `${"a1".repeat(30)}!`],
  ["\\s+$", `${" ".repeat(300_000)}x`],
];

test.each(EVIL)("/%s/ gives a text up instead of hanging", (source, text) => {
  const expression = new BoundedRegExp(source);
  expect(() => expression.test(text)).toThrow(SlowRegExpError);
  expect(() => expression.test(text)).toThrow(/takes too long on this text/);
  for (let more = 0; more < 200; more += 1) expect(() => expression.test(text)).toThrow(SlowRegExpError);
});

test("a slow expression still reads the texts that it can", () => {
  const expression = new BoundedRegExp("^(a+)+$");
  for (let count = 0; count < 4; count += 1)
    expect(() => expression.test(`${"a".repeat(45)}!`)).toThrow(SlowRegExpError);
  expect(expression.test("aaa")).toBe(true);
  expect(expression.test("aab")).toBe(false);
});

test("it says what the expression itself says", () => {
  const source = fc.constantFrom(
    "a",
    "^a+$",
    "a*b*c",
    "[*+]+x{2,}",
    "\\+\\*",
    "(?=a).b+",
    "^\\p{L}+ \\d{2,}$",
    "a{2,3}",
  );
  const text = fc.stringMatching(/^[abcx*+ é0-9]{0,12}$/);
  fc.assert(
    fc.property(source, text, (pattern, given) => {
      expect(new BoundedRegExp(pattern).test(given)).toBe(new RegExp(pattern, "u").test(given));
    }),
  );
  expect(() => new BoundedRegExp("(")).toThrow(SyntaxError);
});
