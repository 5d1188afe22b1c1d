import { describe, expect, test } from "vitest";
import type { LimitReading } from "./rate-headers.ts";
import { RateWindow } from "./rate-window.ts";

const reading = (
  remaining: number,
  resetMs: number | undefined,
  more: Partial<LimitReading> = {},
): LimitReading => ({
  name: "requests",
  kind: "requests",
  limit: 10,
  remaining,
  resetMs,
  marginMs: 0,
  periodMs: 1_000,
  ...more,
});

/** A window that was read at 0 ms: `remaining` of 10 until 1,000 ms. */
function windowOf(remaining: number, workers = 1, more: Partial<LimitReading> = {}) {
  const first = reading(remaining, 1_000, more);
  const window = new RateWindow(first, workers, 0);
  window.observe(first, 0, 0, 0);
  return window;
}

describe("one process", () => {
  test("what is in flight counts against what the last answer left", () => {
    const window = windowOf(4);
    expect([window.admits(1, 3, 1), window.admits(1, 4, 1)]).toEqual([true, false]);
    expect([window.admits(4, 0, 1), window.admits(5, 0, 1)]).toEqual([true, false]);
    expect(window.readyAt(1, 4, 1)).toBe(1_000);
  });

  test("a cost above the whole limit is sent when the window is full and nothing is in flight", () => {
    const window = windowOf(10);
    expect([window.admits(99, 0, 1), window.admits(99, 1, 1)]).toEqual([true, false]);
  });

  test("at its reset the window counts as full for one more period", () => {
    const window = windowOf(0);
    expect([window.admits(1, 0, 999), window.admits(10, 0, 1_000)]).toEqual([false, true]);
    expect(window.readyAt(11, 10, 1_000)).toBe(2_000);
  });

  test("the lowest figure of the last two round trips holds, and two rounds later no more", () => {
    const window = windowOf(10);
    window.observe(reading(3, 900), 10, 100, 0);
    expect(window.admits(1, 3, 100)).toBe(false);
    // Sent before the last answer came: the same round, so the lower figure stays.
    window.observe(reading(5, 850), 90, 150, 0);
    expect([window.admits(3, 0, 150), window.admits(4, 0, 150)]).toEqual([true, false]);
    // The next round: the one before it still holds.
    window.observe(reading(6, 800), 150, 200, 0);
    expect(window.admits(4, 0, 200)).toBe(false);
    window.observe(reading(6, 700), 201, 300, 0);
    expect([window.admits(6, 0, 300), window.admits(7, 0, 300)]).toEqual([true, false]);
  });

  test("a reset that lies behind the known one replaces what was read before", () => {
    const window = windowOf(0);
    window.observe(reading(8, 900), 1_050, 1_060, 0);
    expect([window.admits(8, 0, 1_060), window.admits(9, 0, 1_060)]).toEqual([true, false]);
    expect(window.readyAt(9, 0, 1_060)).toBe(1_960);
  });

  test("the reset's rounding is no new window", () => {
    const window = windowOf(0);
    window.observe(reading(8, 950, { marginMs: 30 }), 60, 70, 0);
    expect(window.admits(1, 0, 70)).toBe(false);
  });

  test("an answer of a window that is over changes nothing", () => {
    const window = windowOf(0);
    expect(window.admits(10, 0, 1_000)).toBe(true);
    window.observe(reading(0, 5), 900, 1_001, 0);
    expect(window.admits(10, 0, 1_001)).toBe(true);
  });

  test("without a limit the highest figure counts as it, without a reset a second passes", () => {
    const first = reading(4, undefined, { limit: undefined, periodMs: undefined });
    const window = new RateWindow(first, 1, 0);
    window.observe(first, 0, 0, 0);
    window.observe(reading(2, undefined, { limit: undefined, periodMs: undefined }), 1, 5, 0);
    expect([window.admits(3, 0, 5), window.readyAt(3, 0, 5)]).toEqual([false, 1_005]);
    expect([window.admits(4, 0, 1_005), window.admits(4, 1, 1_005)]).toEqual([true, false]);
  });
});

describe("a 429 where the window had room", () => {
  test("after the next resets only one request is in flight until an answer tells more, ten times", () => {
    const window = windowOf(5);
    window.misled(1);
    for (let n = 1; n <= 10; n += 1) {
      const now = n * 10_000;
      expect([window.admits(1, 0, now), window.admits(1, 1, now)]).toEqual([true, false]);
      window.observe(reading(9, 1_000), now + 1, now + 2, 0);
      expect(window.admits(1, 1, now + 3)).toBe(true);
    }
    expect(window.admits(1, 1, 200_000)).toBe(true);
  });

  test("is no reason for mistrust where its request left before anything was known", () => {
    const window = windowOf(5);
    window.misled(0);
    expect(window.admits(1, 1, 10_000)).toBe(true);
  });
});

describe("a time to retry", () => {
  test("lets one request try before the reset of a window that is used up", () => {
    const window = windowOf(0);
    window.resume(400);
    expect([window.admits(1, 0, 399), window.admits(1, 0, 400), window.admits(1, 1, 400)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  test.each([
    ["there is room", windowOf(1), 400],
    ["it lies behind the reset", windowOf(0), 1_000],
  ])("changes nothing where %s", (_name, window, at) => {
    window.resume(at);
    expect(window.readyAt(5, 5, 1)).toBe(1_000);
    expect(window.admits(1, 1, 1_000)).toBe(true);
  });
});

describe("several processes", () => {
  test("each uses its part, and a tenth is left over", () => {
    const window = windowOf(100, 2, { limit: 100 });
    for (let n = 0; n < 45; n += 1) {
      expect(window.admits(1, 0, 1)).toBe(true);
      window.send(1);
    }
    expect(window.admits(1, 0, 1)).toBe(false);
    expect(window.admits(1, 0, 1_000)).toBe(true);
  });

  test("what others have used is theirs: half of what is left above the reserve is this one's", () => {
    const window = windowOf(30, 2, { limit: 100 });
    expect([window.admits(1, 9, 1), window.admits(1, 10, 1)]).toEqual([true, false]);
  });

  test("a new window begins with what is in flight", () => {
    const window = windowOf(100, 2, { limit: 100 });
    window.send(45);
    window.observe(reading(100, 900, { limit: 100 }), 1_050, 1_060, 44);
    expect(window.admits(1, 0, 1_060)).toBe(true);
    window.send(1);
    expect(window.admits(1, 0, 1_060)).toBe(false);
  });
});

test("a limit that fills steadily is used before it is full", () => {
  const window = new RateWindow(reading(100, 0, { limit: 100, periodMs: 100_000 }), 1, 0);
  // One each second: what is missing is back in as many seconds.
  for (const [n, missing] of [10, 15, 25, 40, 60, 100].entries())
    window.observe(
      reading(100 - missing, missing * 1_000, { limit: 100, periodMs: 100_000 }),
      n * 10,
      n * 10 + 5,
      0,
    );
  const now = 55;
  expect(window.admits(1, 0, now)).toBe(false);
  const ready = window.readyAt(1, 0, now);
  expect(ready).toBeGreaterThan(now + 1_000);
  expect(ready).toBeLessThan(now + 1_200);
  expect([window.admits(1, 0, ready - 10), window.admits(1, 0, ready + 1)]).toEqual([false, true]);
  expect(window.readyAt(100, 0, now)).toBe(100_055);
});

test("a bucket that several processes share fills their parts the more slowly", () => {
  const bucketOf = (workers: number) => {
    const window = new RateWindow(reading(0, 1_000), workers, 0);
    for (let at = 0; at <= 5; at += 1) window.observe(reading(at, 1_000 - at * 100), at * 100, at * 100, 0);
    return window.readyAt(1, 5, 500);
  };
  const [alone, shared] = [bucketOf(1), bucketOf(2)];
  expect(shared - 500).toBeGreaterThan(alone - 500);
});
