import { expect, test } from "vitest";
import { TokenBucket } from "./token-bucket.ts";

/** 6,000 per minute: holds 100, and gains one each 10 ms. */
const bucket = () => new TokenBucket(6_000, 0);

test("a bucket holds the amount of one second, and fills steadily", () => {
  const one = bucket();
  expect([one.admits(100, 0), one.admits(1, 0)]).toEqual([true, true]);
  one.send(100);
  expect([one.admits(1, 9), one.admits(1, 10), one.admits(2, 10)]).toEqual([false, true, false]);
  expect([one.readyAt(1, 10), one.readyAt(100, 10)]).toEqual([10, 1_000]);
  one.send(1);
  expect(one.readyAt(100, 60_000)).toBe(60_000);
  one.send(100);
  expect(one.admits(1, 60_000)).toBe(false);
});

test("what costs more than the bucket holds is sent when it is full, and owed", () => {
  const one = bucket();
  expect(one.admits(250, 0)).toBe(true);
  one.send(250);
  expect([one.readyAt(1, 0), one.readyAt(500, 0)]).toEqual([1_510, 2_500]);
  expect([one.admits(500, 2_499), one.admits(500, 2_500)]).toEqual([false, true]);
});

test("a small budget holds one request", () => {
  const one = new TokenBucket(6, 0);
  expect(one.admits(1, 0)).toBe(true);
  one.send(1);
  expect([one.admits(1, 9_999), one.admits(1, 10_000)]).toEqual([false, true]);
});

test("a refund never fills a bucket beyond what it holds", () => {
  const one = bucket();
  one.send(100);
  one.refund(60);
  expect([one.readyAt(60, 0), one.readyAt(61, 0)]).toEqual([0, 10]);
  one.refund(1_000);
  one.send(100);
  expect(one.admits(1, 0)).toBe(false);
});

test("a clock that goes back adds nothing and takes nothing", () => {
  const one = new TokenBucket(6_000, 1_000);
  one.send(100);
  expect([one.admits(1, 500), one.readyAt(1, 500)]).toEqual([false, 510]);
  expect([one.admits(1, 1_009), one.admits(1, 1_010)]).toEqual([false, true]);
});
