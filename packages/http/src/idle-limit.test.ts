import { expect, test } from "vitest";
import { IdleLimit } from "./idle-limit.ts";

test("nothing is near a limit that was never seen", () => {
  expect(new IdleLimit().isNear(1e9)).toBe(false);
});

test("the shortest idle time after which a server ended a connection is its limit", () => {
  const limit = new IdleLimit();
  limit.ended(1_500);
  limit.ended(1_000);
  limit.ended(1_200);
  expect([700, 799, 800, 5_000].map((ms) => limit.isNear(ms))).toEqual([false, false, true, true]);
});

test("an end right after an answer says nothing of idle time", () => {
  const limit = new IdleLimit();
  limit.ended(3);
  expect(limit.isNear(60_000)).toBe(false);
});

test("a connection that outlives the limit refutes it", () => {
  const limit = new IdleLimit();
  limit.ended(400);
  limit.lives(450);
  limit.lives(500);
  expect(limit.isNear(390)).toBe(true);
  limit.lives(501);
  expect(limit.isNear(390)).toBe(false);
});
