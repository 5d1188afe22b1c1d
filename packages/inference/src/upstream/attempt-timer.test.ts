import { OwnTimers } from "@ape/core/test/own-timers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AttemptTimer } from "./attempt-timer.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const clock = { now: () => performance.now(), epoch: () => Date.now(), sleep: () => Promise.resolve() };

function begin(timeouts: object): { timer: AttemptTimer; expired: string[] } {
  const expired: string[] = [];
  const timer = new AttemptTimer(clock, timeouts, {
    expired: (message) => {
      timer.stop();
      expired.push(message);
    },
  });
  timer.start();
  return { timer, expired };
}

test("an answer that flows is not cut off, however long it takes", () => {
  const { timer, expired } = begin({ firstByte: 1_000, idle: 100 });
  for (let at = 0; at < 1_000; at += 1) {
    vi.advanceTimersByTime(90);
    timer.part();
  }
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(101);
  expect(expired).toEqual(["the answer stopped: nothing came for 100 ms"]);
});

test("the first byte has a limit of its own", () => {
  const { expired } = begin({ firstByte: 1_000, idle: 100 });
  vi.advanceTimersByTime(999);
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(2);
  expect(expired).toEqual(["no byte of an answer within 1000 ms"]);
});

test("after the first byte the limit between parts counts, although that of the first byte is longer", () => {
  const { timer, expired } = begin({ firstByte: 10_000, idle: 100 });
  vi.advanceTimersByTime(50);
  timer.part();
  vi.advanceTimersByTime(101);
  expect(expired).toEqual(["the answer stopped: nothing came for 100 ms"]);
});

test("the whole has a limit where one is named", () => {
  const { timer, expired } = begin({ idle: 100, total: 250 });
  for (let at = 0; at < 5; at += 1) {
    timer.part();
    vi.advanceTimersByTime(60);
  }
  expect(expired).toEqual(["no complete answer within 250 ms"]);
});

test("a slow reader is no pause of the provider's", () => {
  const { timer, expired } = begin({ idle: 100 });
  timer.part();
  timer.pause(true);
  vi.advanceTimersByTime(10_000);
  timer.pause(false);
  vi.advanceTimersByTime(90);
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(20);
  expect(expired.length).toBe(1);
});

test("without limits no timer runs", () => {
  const timers = new OwnTimers();
  begin({});
  expect(timers.count).toBe(0);
});

test("where the limit of a part and that of the whole pass together, the part's is told", () => {
  const { expired } = begin({ firstByte: 100, total: 100 });
  vi.advanceTimersByTime(100);
  expect(expired).toEqual(["no byte of an answer within 100 ms"]);
});

test("what was stopped, or has begun, starts no timer again", () => {
  const timers = new OwnTimers();
  const { timer, expired } = begin({ firstByte: 100 });
  timer.start();
  expect(timers.count).toBe(1);
  timer.stop();
  timer.look();
  expect(timers.count).toBe(0);
  vi.advanceTimersByTime(1_000);
  expect(expired).toEqual([]);
});
