import { expect, onTestFinished, test, vi } from "vitest";
import { OwnTimers } from "../test/own-timers.ts";

test("only timers that a test sets itself count, until they are over or cleared", async () => {
  let go: () => void = () => undefined;
  const stray = new Promise<void>((resolve) => {
    go = resolve;
  }).then(() => setInterval(() => undefined, 1_000));
  vi.useFakeTimers();
  const timers = new OwnTimers();
  onTestFinished(() => {
    timers.restore();
    vi.useRealTimers();
  });
  go();
  await stray;
  expect([timers.count, vi.getTimerCount()]).toEqual([0, 1]);
  const interval = setInterval(() => undefined, 10);
  const timeout = setTimeout(() => setTimeout(() => undefined, 30), 20);
  expect(timers.count).toBe(2);
  vi.advanceTimersByTime(25);
  expect(timers.count).toBe(2);
  clearTimeout(timeout);
  clearInterval(interval);
  expect(timers.count).toBe(1);
  vi.advanceTimersByTime(25);
  expect(timers.count).toBe(0);
  expect(timers.delays).toEqual([10, 20, 30]);
});

test("the functions are given back", () => {
  const before = [setTimeout, setInterval, clearTimeout, clearInterval];
  const timers = new OwnTimers();
  expect(setTimeout).not.toBe(before[0]);
  timers.restore();
  expect([setTimeout, setInterval, clearTimeout, clearInterval]).toEqual(before);
});

test.each([
  ["given back before fake timers end", true],
  ["left to fake timers", false],
])("timers are real again where the functions are %s", (_, gives) => {
  const before = [setTimeout, setInterval, clearTimeout, clearInterval];
  vi.useFakeTimers();
  const timers = new OwnTimers();
  if (gives) timers.restore();
  vi.useRealTimers();
  if (!gives) timers.restore();
  expect([setTimeout, setInterval, clearTimeout, clearInterval]).toEqual(before);
});
