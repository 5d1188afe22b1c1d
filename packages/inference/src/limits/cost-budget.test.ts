import fc from "fast-check";
import { expect, test } from "vitest";
import { CostBudget } from "./cost-budget.ts";

const ESTIMATE = { inputTokens: 100, outputTokens: 50 };
const USED = { inputTokens: 100, outputTokens: 10 };

test("never spends more than it was granted where no call costs more than was reserved", async () => {
  const calls = fc.array(
    fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }), last: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 60,
    },
  );
  await fc.assert(
    fc.asyncProperty(fc.double({ min: 0.5, max: 20, noNaN: true }), calls, async (granted, drawn) => {
      const budget = new CostBudget(granted);
      const underway: number[] = [];
      const pending: Promise<unknown>[] = [];
      for (const { share, last } of drawn) {
        const admitted = budget.admit(1, undefined);
        if (admitted === true) underway.push(share);
        else pending.push(admitted.then((is) => is && underway.push(share)));
        const settled = last ? underway.pop() : underway.shift();
        if (settled !== undefined) budget.settle(1, settled, ESTIMATE, USED);
        await Promise.resolve();
      }
      for (let share = underway.pop(); share !== undefined; share = underway.pop()) {
        budget.settle(1, share, ESTIMATE, USED);
        await new Promise(setImmediate);
      }
      await Promise.all(pending);
      expect(budget.spentUsd).toBeLessThanOrEqual(granted + 1e-6);
    }),
    { numRuns: 100 },
  );
});

test("lets one call go until an answer has told how estimates compare with its usage", async () => {
  const budget = new CostBudget(100);
  expect(budget.admit(1, undefined)).toBe(true);
  const second = budget.admit(1, undefined);
  expect(second).toBeInstanceOf(Promise);
  budget.settle(1, 0.5, ESTIMATE, { inputTokens: 300, outputTokens: 10 });
  expect(await second).toBe(true);
  expect(budget.admit(1, undefined)).toBe(true);
  expect(budget.highest(ESTIMATE)).toEqual({ inputTokens: 300, outputTokens: 50 });
});

test("a failed call gives its reservation back", async () => {
  const budget = new CostBudget(1);
  expect(budget.admit(1, undefined)).toBe(true);
  const second = budget.admit(1, undefined);
  budget.settle(1, 0, ESTIMATE, undefined);
  expect(await second).toBe(true);
});

test("refuses a call that cannot fit once nothing is under way", async () => {
  const budget = new CostBudget(1);
  expect(budget.admit(1, undefined)).toBe(true);
  const second = budget.admit(1, undefined);
  budget.settle(1, 1, ESTIMATE, USED);
  expect(await second).toBe(false);
});

test("a call that is cancelled while it waits takes nothing", async () => {
  const budget = new CostBudget(2);
  const abort = new AbortController();
  expect(budget.admit(1, undefined)).toBe(true);
  const second = budget.admit(1, abort.signal);
  const third = budget.admit(1, undefined);
  abort.abort();
  expect(await second).toBe(false);
  budget.settle(1, 1, ESTIMATE, USED);
  expect(await third).toBe(true);
});

test("asks for what is missing, and gives up where less is granted", async () => {
  const asked: number[] = [];
  let left = 3;
  const budget = new CostBudget(0, (usd) => {
    asked.push(usd);
    const granted = usd <= left ? usd : 0;
    left -= granted;
    return Promise.resolve(granted);
  });
  for (let call = 0; call < 3; call += 1) {
    expect(await budget.admit(1, undefined)).toBe(true);
    budget.settle(1, 1, ESTIMATE, USED);
  }
  expect(await budget.admit(1, undefined)).toBe(false);
  expect(asked).toEqual([1, 1, 1, 1]);
});

test("estimates follow what answers report: the first sets the ratio, later ones only raise it", () => {
  const budget = new CostBudget(100);
  const settle = (inputTokens: number, outputTokens: number) => {
    expect(budget.admit(1, undefined)).toBe(true);
    budget.settle(1, 0, ESTIMATE, { inputTokens, outputTokens });
    return budget.highest(ESTIMATE);
  };
  expect(budget.highest(ESTIMATE)).toEqual({ inputTokens: 200, outputTokens: 50 });
  expect(settle(0, 500)).toEqual({ inputTokens: 200, outputTokens: 50 });
  expect(settle(50, 10)).toEqual({ inputTokens: 50, outputTokens: 50 });
  expect(settle(120, 75)).toEqual({ inputTokens: 120, outputTokens: 75 });
  expect(settle(60, 60)).toEqual({ inputTokens: 120, outputTokens: 75 });
  expect(budget.highest({ inputTokens: 1, outputTokens: 1 })).toEqual({ inputTokens: 2, outputTokens: 2 });
});

test("an estimate of nothing counts as one token", () => {
  const budget = new CostBudget(100);
  expect(budget.admit(1, undefined)).toBe(true);
  budget.settle(1, 0, { inputTokens: 0, outputTokens: 0 }, { inputTokens: 3, outputTokens: 4 });
  expect(budget.highest({ inputTokens: 1, outputTokens: 1 })).toEqual({ inputTokens: 3, outputTokens: 4 });
});

/** A budget of which the usage of a call is known. */
function calibrated(granted: number, more?: (usd: number) => Promise<number>) {
  const budget = new CostBudget(granted, more);
  expect(budget.admit(0, undefined)).toBe(true);
  budget.settle(0, 0, ESTIMATE, USED);
  return budget;
}

test("calls are admitted to the last cent, and rounding of sums does not refuse one", async () => {
  const budget = calibrated(0.3);
  for (let n = 0; n < 3; n += 1) expect(budget.admit(0.1, undefined)).toBe(true);
  const waits = budget.admit(0.001, undefined);
  expect(waits).toBeInstanceOf(Promise);
  for (let n = 0; n < 3; n += 1) budget.settle(0.1, 0.1, ESTIMATE, USED);
  expect(await waits).toBe(false);
  expect(budget.spentUsd).toBeCloseTo(0.3, 9);
});

test("calls that wait are admitted in order: a cheap one does not overtake", async () => {
  const budget = calibrated(1);
  expect(budget.admit(0.6, undefined)).toBe(true);
  const order: string[] = [];
  const dear = Promise.resolve(budget.admit(0.9, undefined)).then((is) => order.push(`dear ${is}`));
  const cheap = Promise.resolve(budget.admit(0.1, undefined)).then((is) => order.push(`cheap ${is}`));
  await Promise.resolve();
  expect(order).toEqual([]);
  budget.settle(0.6, 0, ESTIMATE, USED);
  await Promise.all([dear, cheap]);
  expect(order).toEqual(["dear true", "cheap true"]);
});

test("more money is requested once for the first that waits, without what others have reserved", async () => {
  const asked: number[] = [];
  let grant: ((usd: number) => void) | undefined;
  const budget = calibrated(1, (usd) => {
    asked.push(usd);
    return new Promise((resolve) => {
      grant = resolve;
    });
  });
  expect(budget.admit(0.75, undefined)).toBe(true);
  const first = budget.admit(0.5, undefined);
  const second = budget.admit(0.5, undefined);
  expect(asked).toEqual([0.25]);
  grant?.(0.25);
  expect(await first).toBe(true);
  expect(asked).toEqual([0.25, 0.5]);
  grant?.(0.1);
  await new Promise(setImmediate);
  // No more money: the last one waits for calls in flight.
  expect(asked).toEqual([0.25, 0.5]);
  budget.settle(0.75, 0.2, ESTIMATE, USED);
  expect(await second).toBe(true);
});

test("a signal that is aborted already takes nothing, and one that aborts after admission changes nothing", async () => {
  const budget = calibrated(1);
  const abort = new AbortController();
  expect(budget.admit(0.6, undefined)).toBe(true);
  const waits = budget.admit(0.6, abort.signal);
  budget.settle(0.6, 0, ESTIMATE, USED);
  expect(await waits).toBe(true);
  abort.abort();
  const late = budget.admit(0.6, abort.signal);
  expect(await late).toBe(false);
  budget.settle(0.6, 0.5, ESTIMATE, USED);
  expect(budget.admit(0.5, undefined)).toBe(true);
});

test("of several that wait the one that is cancelled leaves, and the others keep their order", async () => {
  const budget = new CostBudget(10);
  expect(budget.admit(1, undefined)).toBe(true);
  const stop = new AbortController();
  const order: string[] = [];
  const wait = (name: string, signal?: AbortSignal) =>
    Promise.resolve(budget.admit(1, signal)).then((is) => void order.push(`${name} ${is}`));
  const all = [wait("a"), wait("b", stop.signal), wait("c")];
  stop.abort();
  await all[1];
  expect(order).toEqual(["b false"]);
  budget.settle(1, 1, ESTIMATE, USED);
  await Promise.all(all);
  expect(order).toEqual(["b false", "a true", "c true"]);
  stop.abort();
  expect(await budget.admit(1, AbortSignal.abort())).toBe(true);
});
