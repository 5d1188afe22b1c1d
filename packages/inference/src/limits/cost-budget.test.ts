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
