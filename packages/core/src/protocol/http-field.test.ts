import { expect, test } from "vitest";
import { cookieFault, headerNameFault, headerValueFault } from "./http-field.ts";

test.each<[string, string | undefined]>([
  ["x-a", undefined],
  ["!#$%&'*+.^_`|~0-9Az", undefined],
  ["x".repeat(200), undefined],
  ["x".repeat(201), "a header name has letters, digits and - only"],
  ["", "a header name has letters, digits and - only"],
  ["x a", "a header name has letters, digits and - only"],
  ["a\nx", "a header name has letters, digits and - only"],
  ["contents-length", undefined],
  ...[
    "Connection",
    "content-length",
    "expect",
    "HOST",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "Transfer-Encoding",
    "upgrade",
  ].map((name): [string, string] => [name, `the header ${name} is not the caller's to set`]),
])("the header name %j: %j", (name, fault) => {
  expect(headerNameFault(name)).toBe(fault);
});

test.each([
  ["", undefined],
  ["a\tb ~é\xff", undefined],
  ["x".repeat(8_192), undefined],
  ["x".repeat(8_193), "the header x-a has more than 8192 characters"],
  ["a\r\nb", "the header x-a has a line break or a control character"],
  ["\x7f", "the header x-a has a line break or a control character"],
  ["\0", "the header x-a has a line break or a control character"],
  ["\u0100", "the header x-a has characters beyond Latin-1, which no header can carry: encode them"],
])("the value %j of a header: %j", (value, fault) => {
  expect(headerValueFault("x-a", value)).toBe(fault);
});

const COOKIE =
  "the cookie a has a blank, a quote, a comma, a semicolon, a backslash or a character beyond ASCII: encode them";

test.each([
  ["a", "", undefined],
  ["a", "!#+-:<[]~", undefined],
  ["a", '"b"', undefined],
  ["a", '"b', COOKIE],
  ["a", 'b"', COOKIE],
  ["a", "b c", COOKIE],
  ["a", "b,c", COOKIE],
  ["a", "b;c", COOKIE],
  ["a", "b\\c", COOKIE],
  ["a", "é", COOKIE],
  ["a b", "c", "a cookie's name has letters, digits and - only"],
])("the cookie %s=%s: %j", (name, value, fault) => {
  expect(cookieFault(name, value)).toBe(fault);
});
