import { expect, test } from "vitest";
import { ByteAllowance } from "./byte-allowance.ts";

test("saves two seconds of its rate, may be overdrawn by ten, and makes up for it", () => {
  let now = 0;
  const allowance = new ByteAllowance(1_000, { now: () => now });
  now = 60_000;
  allowance.spend(1_999);
  expect(allowance.hasRoom).toBe(true);
  allowance.spend(1);
  expect(allowance.hasRoom).toBe(false);
  expect(allowance.isOverdrawn).toBe(false);
  allowance.spend(10_001);
  expect(allowance.isOverdrawn).toBe(true);
  now += 1;
  expect(allowance.isOverdrawn).toBe(false);
  now += 9_999;
  expect(allowance.hasRoom).toBe(false);
  now += 2;
  expect(allowance.hasRoom).toBe(true);
});
