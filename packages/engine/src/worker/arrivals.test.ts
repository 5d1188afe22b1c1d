import { LoadProfile } from "@ape/core/lib/schedule";
import { OwnTimers } from "@ape/core/test/own-timers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Arrivals } from "./arrivals.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(late = 0) {
  const began = Date.now() - late;
  const dues: number[] = [];
  const arrivals = new Arrivals(
    new LoadProfile([
      { durationMs: 0, to: 10 },
      { durationMs: 1_000, to: 10 },
    ]),
    () => Date.now() - began,
    (due) => void dues.push(due),
  );
  arrivals.start();
  return { arrivals, dues };
}

test("ten a second are handed out, none before it is due", () => {
  const { dues } = open();
  vi.advanceTimersByTime(450);
  expect(dues.every((due) => due <= 450)).toBe(true);
  expect(dues.length).toBeGreaterThanOrEqual(4);
  vi.advanceTimersByTime(10_000);
  expect(dues).toHaveLength(10);
});

test("what is overdue comes at once, with the time at which it was due", () => {
  const { dues } = open(500);
  expect(dues.length).toBeGreaterThanOrEqual(4);
  expect(dues[0]).toBeLessThanOrEqual(100);
});

test("none comes after the stop", () => {
  const timers = new OwnTimers();
  const { arrivals, dues } = open();
  vi.advanceTimersByTime(300);
  const before = dues.length;
  arrivals.stop();
  vi.advanceTimersByTime(5_000);
  expect(dues).toHaveLength(before);
  expect(timers.count).toBe(0);
});
