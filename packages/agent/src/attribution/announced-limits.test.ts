import type { Json } from "@ape/core/lib/json";
import type { ToolResult } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { announcedLimitsOf } from "./announced-limits.ts";

const answer = (json: Json, headers: ToolResult["headers"] = {}): ToolResult => ({
  status: 200,
  headers,
  body: { kind: "json", json, bytes: 1 },
  timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
  attempts: [],
  operation: "GET /a",
});
const announces = (json: Json, headers: ToolResult["headers"] = {}): boolean => {
  const limits = announcedLimitsOf([]);
  limits.note("shop", answer(json, headers));
  return limits.has("shop");
};

test.each<[Json]>([
  [{ rateLimit: { remaining: 0, resetAt: "2026-01-01" } }],
  [{ data: { rateLimit: { cost: 1 } } }],
  [{ extensions: { cost: { throttleStatus: { currentlyAvailable: 3 } } } }],
  [{ items: [], quota_remaining: 3, quota_max: 300 }],
  [{ meta: { requests_remaining: 2 } }],
  [{ meta: { callsPerMinute: 60 } }],
  [{ message: "You have 3 requests left this minute" }],
  [{ notice: "At most 10 requests per second" }],
  [{ id: "1", limits: { perMinute: 1 } }],
  [{ account: { rate_limits: { requests: 100 } } }],
  [{ quotas: { rpm: 60 } }],
  [{ apiUsage: { calls_remaining: 3 } }],
])("%j announces a limit", (json) => {
  expect(announces(json)).toBe(true);
});

test.each<[Json]>([
  [{ id: "1", name: "rate limited", quota: 5, limit: 20 }],
  [{ storage: { quotaBytes: 5, remaining: 3 } }],
  [{ limits: { maxItems: 5, storage: 100 } }],
  [{ creditLimit: { amount: 5, perDay: "x" }, page: { limit: 20, requests: [] } }],
  [{ items: [{ rateLimit: 3 }] }],
  [{ requestId: "r", request: { id: 1 } }],
  [{ message: "3 requests were approved" }],
  [{ rateLimit: null }],
])("%j announces none", (json) => {
  expect(announces(json)).toBe(false);
});

test.each<[Json, boolean]>([
  [{ error: "rate limit exceeded, too many requests" }, false],
  [{ code: "rate_limit", retryAfter: 3 }, false],
  [{ rateLimit: "exceeded" }, false],
  [{ rateLimit: { limit: 5 } }, true],
])("%j of a 429 announces a limit of later requests: %s", (json, wanted) => {
  const limits = announcedLimitsOf([]);
  limits.note("shop", { ...answer(json), status: 429 });
  expect(limits.has("shop")).toBe(wanted);
});

test("a header announces a limit", () => {
  expect(announces({}, { "x-ratelimit-limit": "10" })).toBe(true);
});
