import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RequestWait } from "./request-wait.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const later = (ms: number): void => void vi.advanceTimersByTime(ms);

test("a bus is away since the first request that waits, from two seconds on", () => {
  const wait = new RequestWait();
  expect(wait.awayMs).toBe(0);
  const first = wait.begin();
  later(1_999);
  expect(wait.awayMs).toBe(0);
  later(1);
  expect(wait.awayMs).toBe(2_000);
  const second = wait.begin();
  later(500);
  expect(wait.awayMs).toBe(2_500);
  second(false);
  expect(wait.awayMs).toBe(2_500);
  first(true);
  expect(wait.awayMs).toBe(0);
});

test("an answer to one request is a sign of life for the others", () => {
  const wait = new RequestWait();
  wait.begin();
  const second = wait.begin();
  later(3_000);
  second(true);
  expect(wait.awayMs).toBe(0);
  later(2_000);
  expect(wait.awayMs).toBe(2_000);
});

test("after the last request, answered or not, none is awaited", () => {
  const wait = new RequestWait();
  const only = wait.begin();
  later(5_000);
  only(false);
  expect(wait.awayMs).toBe(0);
  later(5_000);
  wait.begin();
  expect(wait.awayMs).toBe(0);
});
