import { expect, test } from "vitest";
import { RateLimiter } from "./rate-limiter.ts";

/** A clock on which each sleep passes at once, unless it is held. */
class StepClock {
  at = 0;
  readonly slept: number[] = [];
  #held: (() => void)[] | undefined;
  now = () => this.at;
  epoch = () => this.at;
  hold(): () => void {
    const held: (() => void)[] = [];
    this.#held = held;
    return () => {
      for (const wake of held.splice(0)) wake();
    };
  }
  sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    this.slept.push(ms);
    const held = this.#held;
    if (held === undefined) {
      this.at += ms;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      held.push(resolve);
      signal?.addEventListener("abort", () => resolve(), { once: true });
    });
  };
}

test("only a limiter without limits is open", () => {
  const open = (limits: object) => new RateLimiter(new StepClock(), limits).open;
  expect([open({}), open({ rate: 5 }), open({ maxConcurrent: 1 })]).toEqual([true, false, false]);
});

test("a rate spaces calls evenly, and a pause saves up nothing", async () => {
  const clock = new StepClock();
  const limiter = new RateLimiter(clock, { rate: 10 });
  const entered: number[] = [];
  const enter = async () => {
    expect(await limiter.enter(1_000, undefined)).toBe(true);
    entered.push(clock.at);
  };
  for (let n = 0; n < 3; n += 1) await enter();
  clock.at = 950;
  for (let n = 0; n < 2; n += 1) await enter();
  expect(entered).toEqual([0, 100, 200, 950, 1_050]);
  expect(clock.slept).toEqual([100, 100, 100]);
});

test("what would wait longer than it may is refused at once and takes no turn", async () => {
  const clock = new StepClock();
  const limiter = new RateLimiter(clock, { rate: 10, maxConcurrent: 1 });
  expect(await limiter.enter(0, undefined)).toBe(true);
  limiter.leave();
  expect(await limiter.enter(99, undefined)).toBe(false);
  expect(clock.slept).toEqual([]);
  expect(await limiter.enter(100, undefined)).toBe(true);
  expect(clock.at).toBe(100);
});

test("a call that is aborted while it waits for its turn gives its place back", async () => {
  const clock = new StepClock();
  const limiter = new RateLimiter(clock, { rate: 10, maxConcurrent: 1 });
  expect(await limiter.enter(0, undefined)).toBe(true);
  limiter.leave();
  expect(await limiter.enter(500, AbortSignal.abort())).toBe(false);
  expect(await limiter.enter(500, undefined)).toBe(true);
});

test("those that wait for a place are admitted in order, and one that gives up is passed over", async () => {
  const clock = new StepClock();
  const limiter = new RateLimiter(clock, { maxConcurrent: 1 });
  clock.hold();
  expect(await limiter.enter(0, undefined)).toBe(true);
  const order: string[] = [];
  const stop = new AbortController();
  const wait = (name: string, signal?: AbortSignal) =>
    limiter.enter(500, signal).then((is) => order.push(`${name} ${is}`));
  const all = [wait("a", stop.signal), wait("b"), wait("c")];
  stop.abort();
  await all[0];
  limiter.leave();
  await all[1];
  limiter.leave();
  await all[2];
  expect(order).toEqual(["a false", "b true", "c true"]);
  limiter.leave();
  expect(await limiter.enter(0, undefined)).toBe(true);
});

test("one that waited its time is refused, and takes no place later", async () => {
  const clock = new StepClock();
  const limiter = new RateLimiter(clock, { maxConcurrent: 1 });
  const wake = clock.hold();
  expect(await limiter.enter(0, undefined)).toBe(true);
  const late = limiter.enter(500, undefined);
  wake();
  expect(await late).toBe(false);
  limiter.leave();
  expect(await limiter.enter(0, undefined)).toBe(true);
});

test("never more calls are inside than may be, and none waits while there is room", async () => {
  const clock = new StepClock();
  const limiter = new RateLimiter(clock, { maxConcurrent: 2 });
  clock.hold();
  let inside = 0;
  const seen: number[] = [];
  const visit = async (): Promise<void> => {
    expect(await limiter.enter(5_000, undefined)).toBe(true);
    inside += 1;
    seen.push(inside);
    await new Promise(setImmediate);
    inside -= 1;
    limiter.leave();
  };
  await Promise.all(Array.from({ length: 20 }, visit));
  expect(seen).toEqual([1, ...Array.from({ length: 19 }, () => 2)]);
});

test("a wait for room counts towards the longest wait of a rate", async () => {
  const clock = new StepClock();
  const limiter = new RateLimiter(clock, { rate: 10, maxConcurrent: 1 });
  expect(await limiter.enter(0, undefined)).toBe(true);
  clock.hold();
  const late = limiter.enter(99, undefined);
  clock.at = 50;
  limiter.leave();
  expect(await late).toBe(false);
  clock.at = 100;
  expect(await limiter.enter(0, undefined)).toBe(true);
});
