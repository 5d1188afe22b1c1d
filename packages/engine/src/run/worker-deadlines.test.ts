import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WorkerDeadlines } from "./worker-deadlines.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a deadline is due after its time", () => {
  const act = vi.fn();
  new WorkerDeadlines(() => false).after(100, act);
  vi.advanceTimersByTime(99);
  expect(act).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(act).toHaveBeenCalledOnce();
});

test("workers that could not be reached get the whole time again", () => {
  const act = vi.fn();
  const deadlines = new WorkerDeadlines(() => false);
  deadlines.after(100, act);
  deadlines.setReachable(false);
  vi.advanceTimersByTime(500);
  deadlines.setReachable(true);
  vi.advanceTimersByTime(99);
  expect(act).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(act).toHaveBeenCalledOnce();
});

test("an outage that is over by then changes nothing", () => {
  const act = vi.fn();
  const deadlines = new WorkerDeadlines(() => false);
  deadlines.after(100, act);
  deadlines.setReachable(false);
  deadlines.setReachable(true);
  vi.advanceTimersByTime(100);
  expect(act).toHaveBeenCalledOnce();
});

test("a forced deadline holds for workers that cannot be reached", () => {
  const act = vi.fn();
  const deadlines = new WorkerDeadlines(() => true);
  deadlines.after(100, act);
  deadlines.setReachable(false);
  vi.advanceTimersByTime(100);
  expect(act).toHaveBeenCalledOnce();
});
