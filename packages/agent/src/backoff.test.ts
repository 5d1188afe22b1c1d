import { expect, test } from "vitest";
import { backoff } from "./backoff.ts";

test("without a header the wait doubles, and it is bounded; what the target asks for is not cut short", () => {
  expect([1, 2, 3].map((attempt) => backoff(undefined, attempt))).toEqual([500, 1000, 2000]);
  expect(backoff(undefined, 30)).toBe(30_000);
  expect(backoff(3_600_000, 1)).toBe(3_600_000);
});
