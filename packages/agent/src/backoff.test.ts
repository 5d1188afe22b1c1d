import { expect, test } from "vitest";
import { backoff, parseRetryAfter } from "./backoff.ts";

test("retry-after is seconds or an HTTP date", () => {
  expect(parseRetryAfter("2", 0)).toBe(2000);
  expect(parseRetryAfter("0.25", 0)).toBe(250);
  expect(parseRetryAfter("Thu, 01 Jan 1970 00:00:10 GMT", 4000)).toBe(6000);
  expect(parseRetryAfter("Thu, 01 Jan 1970 00:00:10 GMT", 40_000)).toBe(0);
  expect(parseRetryAfter("soon", 0)).toBeUndefined();
  expect(parseRetryAfter(undefined, 0)).toBeUndefined();
});

test("without a header the wait doubles, and it is bounded; what the target asks for is not cut short", () => {
  expect([1, 2, 3].map((attempt) => backoff(undefined, attempt))).toEqual([500, 1000, 2000]);
  expect(backoff(undefined, 30)).toBe(30_000);
  expect(backoff(3_600_000, 1)).toBe(3_600_000);
});
