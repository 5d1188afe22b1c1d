import { expect, test } from "vitest";
import { parseRetryAfter } from "./retry-after.ts";

test.each([
  ["3", 3_000],
  ["0.5", 500],
  [" 2 ", 2_000],
  ["Fri, 31 Dec 1999 23:59:59 GMT", 59_000],
  ["Fri, 31 Dec 1999 23:00:00 GMT", 0],
  ["soon", undefined],
  ["-1", undefined],
  ["", undefined],
  [undefined, undefined],
])("retry-after %j is %j ms", (header, ms) => {
  expect(parseRetryAfter(header, Date.parse("1999-12-31T23:59:00Z"))).toBe(ms);
});

test("retry-after is seconds or an HTTP date", () => {
  expect(parseRetryAfter("2", 0)).toBe(2000);
  expect(parseRetryAfter("0.25", 0)).toBe(250);
  expect(parseRetryAfter("Thu, 01 Jan 1970 00:00:10 GMT", 4000)).toBe(6000);
  expect(parseRetryAfter("Thu, 01 Jan 1970 00:00:10 GMT", 40_000)).toBe(0);
  expect(parseRetryAfter("soon", 0)).toBeUndefined();
  expect(parseRetryAfter(undefined, 0)).toBeUndefined();
});
