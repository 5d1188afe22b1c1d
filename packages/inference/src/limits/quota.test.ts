import { expect, test } from "vitest";
import { Quota } from "./quota.ts";

const TIME = { sentAt: 0, headersAt: 100, epoch: 0 };
const settled = (status: number, headers: Record<string, string>, refusal?: string) => {
  const quota = new Quota("x", {}, 1, 0);
  quota.send(10);
  quota.settle(
    10,
    refusal === undefined ? { status, headers } : { status, headers, refusal },
    undefined,
    TIME,
  );
  return quota;
};

test.each([
  [429, { "retry-after": "2" }, 2_100],
  [503, { "retry-after": "2" }, 2_100],
  [500, { "retry-after": "2" }, 0],
  [200, { "retry-after": "2" }, 0],
  [429, {}, 0],
])("after %d with %j calls are held back until %d ms", (status, headers, until) => {
  const quota = settled(status, headers as Record<string, string>);
  expect(quota.admits(1, Math.max(0, until - 1))).toBe(until === 0);
  expect(quota.admits(1, until)).toBe(true);
});
