import fc from "fast-check";
import { expect, test } from "vitest";
import { RateLimiter } from "./rate-limiter.ts";
import { RetryBudget } from "./retry.ts";

const clock = {
  now: () => performance.now(),
  epoch: () => Date.now(),
  sleep: (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

test("attempts are at most the calls, their share of retries, and ten more", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 2, noNaN: true }),
      fc.array(fc.nat(9), { maxLength: 200 }),
      (share, wanted) => {
        const budget = new RetryBudget(share);
        let retries = 0;
        for (const wish of wanted) {
          budget.earn();
          for (let i = 0; i < wish; i += 1) if (budget.spend()) retries += 1;
        }
        expect(retries).toBeLessThanOrEqual(wanted.length * share + 10 + 1e-9);
      },
    ),
  );
});

test("never more calls inside than the bulkhead holds; those who wait too long or leave are told", async () => {
  const admission = new RateLimiter(clock, { maxConcurrent: 2 });
  let inside = 0;
  let most = 0;
  const visit = async (): Promise<void> => {
    expect(await admission.enter(5_000, undefined)).toBe(true);
    inside += 1;
    most = Math.max(most, inside);
    await clock.sleep(2);
    inside -= 1;
    admission.leave();
  };
  await Promise.all(Array.from({ length: 20 }, visit));
  expect(most).toBe(2);
  expect(await admission.enter(10, undefined)).toBe(true);
  expect(await admission.enter(10, undefined)).toBe(true);
  expect(await admission.enter(10, undefined)).toBe(false);
  const leaving = new AbortController();
  const waiting = admission.enter(60_000, leaving.signal);
  leaving.abort();
  expect(await waiting).toBe(false);
  admission.leave();
  expect(await admission.enter(10, undefined)).toBe(true);
});

test("a rate spaces calls; what would wait too long is refused at once", async () => {
  const admission = new RateLimiter(clock, { rate: 100 });
  const began = clock.now();
  for (let i = 0; i < 4; i += 1) {
    await admission.enter(5_000, undefined);
    admission.leave();
  }
  expect(clock.now() - began).toBeGreaterThanOrEqual(28);
  const slow = new RateLimiter(clock, { rate: 0.01 });
  expect(await slow.enter(50, undefined)).toBe(true);
  expect(await slow.enter(50, undefined)).toBe(false);
});
