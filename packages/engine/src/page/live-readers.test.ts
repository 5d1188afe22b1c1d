import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { expect, test, vi } from "vitest";
import { LiveReaders } from "./live-readers.ts";

/** A response that keeps what is written, and how much of it waits. */
class FakeResponse extends EventEmitter {
  readonly written: string[] = [];
  writableLength = 0;
  status = 0;

  writeHead(status: number): this {
    this.status = status;
    return this;
  }

  write(text: string): boolean {
    this.written.push(text);
    return true;
  }

  end(last?: unknown): this {
    if (typeof last === "function") last();
    return this;
  }

  get events(): string[] {
    return this.written.flatMap(
      (text) => /^event: (\w+)\ndata: (.*)\n/.exec(text)?.slice(1, 3).join(" ") ?? [],
    );
  }
}

function open() {
  let second = 0;
  let isContinued = true;
  let asked = 0;
  const readers = new LiveReaders({
    whole: () => `w${second}`,
    increment: () => {
      asked += 1;
      return isContinued ? `i${second}` : undefined;
    },
  });
  const join = (): FakeResponse => {
    const response = new FakeResponse();
    readers.add(response as unknown as ServerResponse);
    return response;
  };
  return {
    readers,
    join,
    tick: (continued = true): void => {
      second += 1;
      isContinued = continued;
      readers.tick();
    },
    get asked() {
      return asked;
    },
  };
}

test("a reader gets everything first, then increments", () => {
  const { join, tick } = open();
  const first = join();
  tick();
  const second = join();
  tick();
  tick();
  expect(first.events).toEqual(["whole w1", "increment i2", "increment i3"]);
  expect(second.events).toEqual(["whole w2", "increment i3"]);
});

test("a slow reader misses increments, holds nobody up, and gets everything when it has caught up", () => {
  const { join, tick } = open();
  const [slow, quick] = [join(), join()];
  tick();
  slow.writableLength = 2 * 1024 * 1024;
  tick();
  tick();
  slow.writableLength = 0;
  tick();
  tick();
  expect(slow.events).toEqual(["whole w1", "whole w4", "increment i5"]);
  expect(quick.events).toEqual(["whole w1", "increment i2", "increment i3", "increment i4", "increment i5"]);
});

test("everything is sent again where increments cannot continue what is known", () => {
  const { join, tick } = open();
  const reader = join();
  tick();
  tick(false);
  tick();
  expect(reader.events).toEqual(["whole w1", "whole w2", "increment i3"]);
});

test("nothing is computed without readers, or after they have left", () => {
  const run = open();
  run.tick();
  const reader = run.join();
  run.tick();
  reader.emit("close");
  run.tick();
  expect(run.asked).toBe(1);
});

test("the 21st reader at once is refused", () => {
  const { join } = open();
  const all = Array.from({ length: 21 }, join);
  expect(all.map(({ status }) => status)).toEqual([...Array.from({ length: 20 }, () => 200), 503]);
});

test("the end sends the results, and waits for a reader that does not take them only for a while", async () => {
  const { readers, join, tick } = open();
  const [good, stuck] = [join(), join()];
  stuck.end = () => stuck;
  tick();
  await readers.end("f", 20);
  expect(good.events.at(-1)).toBe("final f");
});

test("readers hear something every two seconds, also while nothing changes; nothing is sent without readers", () => {
  vi.useFakeTimers();
  try {
    const { join } = open();
    const [reader, slow] = [join(), join()];
    slow.writableLength = 1;
    vi.advanceTimersByTime(4_000);
    expect(reader.written.filter((text) => text === ": alive\n\n")).toHaveLength(2);
    expect(slow.written).toEqual([": connected\n\n"]);
    for (const one of [reader, slow]) one.emit("close");
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
