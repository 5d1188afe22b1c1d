import { expect, test } from "vitest";
import { CircuitBreaker } from "./circuit-breaker.ts";

function caller(breaker: CircuitBreaker) {
  /** Makes a call, if it may be made; says whether it was. */
  return (failed: boolean, now: number): boolean => {
    if (!breaker.admits(now)) return false;
    breaker.send();
    breaker.settle(failed, now);
    return true;
  };
}

test("it opens after failures in a row, lets one call try, and closes when that goes well", () => {
  const breaker = new CircuitBreaker({ failures: 2, pauseMs: 100 });
  const go = caller(breaker);
  expect([go(true, 0), go(false, 1), go(true, 2), go(true, 3)]).toEqual([true, true, true, true]);
  expect(breaker.open).toBe(true);
  expect([go(false, 4), breaker.admits(102)]).toEqual([false, false]);
  expect(breaker.admits(103)).toBe(true);
  breaker.send();
  expect(breaker.admits(103)).toBe(false);
  breaker.settle(true, 104);
  expect(breaker.admits(110)).toBe(false);
  expect(breaker.admits(204)).toBe(true);
  breaker.send();
  breaker.settle(undefined, 204);
  expect(go(false, 205)).toBe(true);
  expect(breaker.open).toBe(false);
  expect(go(true, 206)).toBe(true);
  expect(breaker.admits(207)).toBe(true);
});

test("the pause doubles with each try that fails, up to the longest, and starts again once closed", () => {
  const breaker = new CircuitBreaker({ failures: 1, pauseMs: 100, longestMs: 300 });
  const go = caller(breaker);
  go(true, 0);
  expect(breaker.openUntil).toBe(100);
  go(true, 100);
  expect(breaker.openUntil).toBe(300);
  go(true, 300);
  expect(breaker.openUntil).toBe(600);
  go(false, 600);
  go(true, 700);
  expect(breaker.openUntil).toBe(800);
});

test("failures of calls that left before it opened do not lengthen its pause", () => {
  const breaker = new CircuitBreaker({ failures: 2, pauseMs: 100 });
  for (let call = 0; call < 5; call += 1) breaker.send();
  for (let call = 0; call < 5; call += 1) breaker.settle(true, call);
  expect(breaker.openUntil).toBe(101);
});
