import { expect, test } from "vitest";
import { Concurrency } from "./concurrency.ts";

test("the limit is the number of requests that may be in flight", () => {
  const one = new Concurrency(2);
  one.send();
  expect([one.free, one.underway, one.limit]).toEqual([true, 1, 2]);
  one.send();
  expect([one.free, one.underway]).toEqual([false, 2]);
  one.settle(true);
  expect([one.free, one.underway, one.limit]).toEqual([true, 1, 2]);
});

test("an overload takes three tenths of the limit, once for all requests that were sent before it", () => {
  const one = new Concurrency(10);
  for (let n = 0; n < 4; n += 1) one.send();
  one.overloaded(0, 100);
  expect([one.limit, one.underway]).toEqual([7, 3]);
  one.overloaded(99, 110);
  one.overloaded(100, 120);
  expect([one.limit, one.underway]).toEqual([7, 1]);
  one.overloaded(101, 130);
  expect([one.limit, one.underway]).toEqual([4, 0]);
});

test("the limit never falls below one request", () => {
  const one = new Concurrency(2);
  for (let n = 1; n <= 9; n += 1) {
    one.send();
    one.overloaded(n, n);
  }
  expect([one.limit, one.free]).toEqual([1, true]);
});

test("a round of good answers raises the limit by about one, up to the first; answers that show nothing do not", () => {
  const one = new Concurrency(10);
  one.send();
  one.overloaded(1, 1);
  const settle = (well: boolean, times: number) => {
    for (let n = 0; n < times; n += 1) {
      one.send();
      one.settle(well);
    }
    return one.limit;
  };
  expect([settle(false, 50), settle(true, 7), settle(true, 1), settle(true, 200)]).toEqual([7, 7, 8, 10]);
  one.send();
  one.overloaded(2, 2);
  expect(one.limit).toBe(7);
});
