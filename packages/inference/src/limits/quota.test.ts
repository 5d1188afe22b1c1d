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

test("a wait is counted from the headers, is named, and a shorter one does not end it", () => {
  const quota = settled(429, {}, '{"error":{"message":"Please try again in 5s"}}');
  expect(quota.blockedUntil).toBe(5_100);
  quota.send(1);
  quota.settle(1, { status: 429, headers: { "retry-after": "1" } }, undefined, TIME);
  expect(quota.next(1, 50)).toEqual({ at: 5_100, why: "the provider asked to wait that long" });
  expect(quota.next(1, 5_100)).toEqual({ at: 5_100, why: "" });
});

test("a request without an answer shows no limit", () => {
  const quota = new Quota("x", {}, 1, 0);
  quota.send(1);
  const headers = { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "60s" };
  quota.settle(1, { status: 0, headers }, undefined, TIME);
  expect(quota.admits(1, 0)).toBe(true);
});

test("configured budgets are shared by the processes, and named when they are used up", () => {
  const requests = new Quota("x", { requestsPerMinute: 12_000 }, 2, 0);
  for (let n = 0; n < 100; n += 1) requests.send(0);
  expect(requests.admits(0, 0)).toBe(false);
  expect(requests.next(0, 0)).toEqual({ at: 10, why: "limits.requestsPerMinute is used up" });
  expect(requests.countsTokens).toBe(false);

  const tokens = new Quota("x", { tokensPerMinute: 12_000 }, 2, 0);
  expect(tokens.countsTokens).toBe(true);
  tokens.send(60);
  expect([tokens.admits(40, 0), tokens.admits(41, 0)]).toEqual([true, false]);
  expect(tokens.next(50, 0)).toEqual({ at: 100, why: "limits.tokensPerMinute is used up" });
  // Forty of the sixty were not used.
  tokens.settle(60, { status: 200, headers: {} }, 20, TIME);
  expect([tokens.admits(80, 0), tokens.admits(81, 0)]).toEqual([true, false]);
});

test("a request whose use is unknown keeps what was reserved for it", () => {
  const quota = new Quota("x", { tokensPerMinute: 6_000 }, 1, 0);
  quota.send(60);
  quota.settle(60, { status: 200, headers: {} }, undefined, TIME);
  expect([quota.admits(40, 0), quota.admits(41, 0)]).toEqual([true, false]);
});

const limitOf = (kind: string, remaining: number, limit = 100) => ({
  [`x-ratelimit-limit-${kind}`]: String(limit),
  [`x-ratelimit-remaining-${kind}`]: String(remaining),
  [`x-ratelimit-reset-${kind}`]: "60s",
});
const read = (headers: Record<string, string>, status = 200) => {
  const quota = new Quota("x", {}, 1, 0);
  quota.send(0);
  quota.settle(0, { status, headers }, undefined, TIME);
  return quota;
};

test("the provider's limit of requests counts requests, that of tokens their tokens", () => {
  const requests = read(limitOf("requests", 2));
  expect([requests.admits(50, 200), requests.countsTokens]).toEqual([true, false]);
  requests.send(50);
  expect(requests.admits(50, 200)).toBe(true);
  requests.send(50);
  expect(requests.admits(0, 200)).toBe(false);
  expect(requests.next(0, 200)).toEqual({ at: 60_100, why: "the provider's limit of requests is used up" });

  const tokens = read(limitOf("tokens", 50));
  expect(tokens.countsTokens).toBe(true);
  tokens.send(30);
  expect([tokens.admits(20, 200), tokens.admits(21, 200)]).toEqual([true, false]);
  expect(tokens.next(21, 200)).toEqual({ at: 60_100, why: "the provider's limit of tokens is used up" });
  tokens.settle(30, { status: 200, headers: {} }, 5, TIME);
  expect([tokens.admits(50, 200), tokens.admits(51, 200)]).toEqual([true, false]);
});

test("a limit without a name or an amount is called one of requests, and holds until its reset", () => {
  const quota = read({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "60s" });
  expect(quota.next(1, 200)).toEqual({ at: 60_100, why: "the provider's limit of requests is used up" });
  expect([quota.admits(1, 60_099), quota.admits(1, 60_100)]).toEqual([false, true]);
  quota.send(1);
  expect(quota.admits(1, 60_100)).toBe(false);
});

test("at most sixteen limits are kept", () => {
  const headers = Object.assign({}, ...Array.from({ length: 16 }, (_, n) => limitOf(`requests-${n}`, 1)));
  const quota = read(headers);
  quota.send(0);
  quota.settle(0, { status: 200, headers: limitOf("requests-x", 0) }, undefined, TIME);
  expect(quota.admits(0, 200)).toBe(true);
  quota.send(0);
  quota.settle(0, { status: 200, headers: limitOf("requests-3", 0) }, undefined, { ...TIME, sentAt: 150 });
  expect(quota.admits(0, 200)).toBe(false);
});

test("after a 429 of a limit that is used up one request at a time tries its next period", () => {
  const once = {
    "x-ratelimit-limit-requests": "100",
    "x-ratelimit-remaining-requests": "0",
    "x-ratelimit-reset-requests": "1s",
  };
  for (const [status, second] of [
    [429, false],
    [200, true],
  ] as const) {
    const quota = read(once);
    quota.send(0);
    quota.settle(0, { status, headers: once }, undefined, { sentAt: 200, headersAt: 250, epoch: 0 });
    expect(quota.admits(0, 5_000)).toBe(true);
    quota.send(0);
    expect(quota.admits(0, 5_000)).toBe(second);
  }
});
