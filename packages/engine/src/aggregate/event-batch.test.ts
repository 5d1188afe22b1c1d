import type { Event } from "@ape/core/protocol/events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EventBatch } from "./event-batch.ts";

const event = (at: number): Event => ({ type: "session_dropped", at });

/** A batch that writes down what it does, in order. */
function batchOf() {
  const done: string[] = [];
  const batch = new EventBatch(({ at }) => done.push(`count ${at}`), {
    record: ({ at }) => void done.push(`record ${at}`),
    commit: ({ at }) => void done.push(`commit ${at}`),
  });
  return { batch, done };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("events wait for a short time, and each is counted before it is stored", () => {
  const { batch, done } = batchOf();
  batch.record(event(1));
  vi.advanceTimersByTime(10);
  batch.record(event(2));
  expect(done).toEqual([]);
  vi.advanceTimersByTime(9);
  expect(done).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(done).toEqual(["count 1", "record 1", "count 2", "record 2"]);
});

test("the first event after a flush by time waits as long", () => {
  const { batch, done } = batchOf();
  batch.record(event(1));
  vi.advanceTimersByTime(20);
  batch.record(event(2));
  vi.advanceTimersByTime(19);
  expect(done).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(done).toHaveLength(4);
});

test("a full batch does not wait", () => {
  const { batch, done } = batchOf();
  for (let at = 1; at < 128; at += 1) batch.record(event(at));
  expect(done).toEqual([]);
  batch.record(event(128));
  expect(done).toHaveLength(256);
  expect(vi.getTimerCount()).toBe(1);
});

test("an event that is committed is stored at once, after those that wait", () => {
  const { batch, done } = batchOf();
  batch.record(event(1));
  batch.commit(event(2));
  expect(done).toEqual(["count 1", "record 1", "count 2", "commit 2"]);
  vi.advanceTimersByTime(20);
  expect(done).toHaveLength(4);
});

test("what is recorded while others are stored is stored after them", () => {
  const done: number[] = [];
  const batch: EventBatch = new EventBatch(() => undefined, {
    record: ({ at }) => {
      done.push(at);
      if (at === 1) batch.record(event(3));
    },
    commit: () => undefined,
  });
  batch.record(event(1));
  batch.record(event(2));
  batch.flush();
  expect(done).toEqual([1, 2]);
  batch.flush();
  expect(done).toEqual([1, 2, 3]);
});

test("a closed batch has stored everything and leaves no timer", () => {
  const { batch, done } = batchOf();
  batch.record(event(1));
  batch.close();
  expect(done).toEqual(["count 1", "record 1"]);
  expect(vi.getTimerCount()).toBe(0);
  batch.record(event(2));
  vi.advanceTimersByTime(20);
  expect(done).toHaveLength(4);
});
