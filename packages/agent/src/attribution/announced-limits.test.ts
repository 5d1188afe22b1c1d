import type { Json } from "@ape/core/lib/json";
import type { ApiDescription } from "@ape/core/protocol/api";
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

test.each([
  "x-ratelimit-limit",
  "ratelimit-policy",
  "x-throttle-limit",
  "x-quota",
  "request-available",
  "requestsleft",
  "x-order-count",
  "apilimit",
  "concurrency-limit",
  "limitremaining",
  "limit-remain",
  "limitremain",
  "remaining-calls",
  "remainingrequests",
  "x-used-weight",
  "x-app-usage",
])("the header %s announces a limit", (name) => {
  expect(announces({}, { [name]: "10" })).toBe(true);
});

test.each(["x-request-id", "x-usages", "x-app-usage-type", "content-length", "age"])(
  "the header %s announces none",
  (name) => {
    expect(announces({}, { [name]: "10" })).toBe(false);
  },
);

test.each([
  "rateLimit",
  "x_rate_limit_reset",
  "apiRateLimit",
  "requests_throttled",
  "callThrottle",
  "backoff",
  "retryAfterMs",
  "quota_max",
  "quotaLeft",
  "apiQuotaReset",
  "requestLeft",
  "api_calls_left",
  "callPerSecond",
  "queries_available",
  "remainingCalls",
  "max_api_requests",
  "maximumRequests",
  "availableQueries",
  "maximum_apiCall",
  "xbackoff",
  "quota_resetAt",
  "apiCallLeft",
  "callPerDayNow",
  "maxRequestNow",
])("the field %s announces a limit", (name) => {
  expect(announces({ [name]: 3 })).toBe(true);
  expect(announces({ [name]: null })).toBe(false);
  expect(announces({ [name]: false })).toBe(false);
});

test.each([
  "xxrequests_max",
  "xcalls_left",
  "quota_reset x",
  "xmax_call",
  "max_call x",
  "callleft x",
  "storageQuotaMax",
  "callLeave",
])("the field %s announces none", (name) => {
  expect(announces({ [name]: 3 })).toBe(false);
});

test.each([
  "limits",
  "limit",
  "quota",
  "rateLimiting",
  "api_limits",
  "requestUsage",
  "callUsage",
  "callQuotas",
  "throttling",
])("a rate within %s is a limit", (name) => {
  for (const rate of [
    "perMinute",
    "max_per_day",
    "callsPerHour",
    "rps",
    "qps",
    "requests",
    "callMax",
    "burst",
    "apiCall",
    "requestPerDay",
    "callPerDay",
    "maxperhour",
    "request",
  ])
    expect(announces({ [name]: { [rate]: 1 } }), rate).toBe(true);
});

test.each(["limits", "quota", "api_limits", "requestUsage"])(
  "what is no rate within %s is no limit",
  (name) => {
    for (const rate of ["xqps", "qpsx", "xperday", "perdayx", "storage", "xcall", "callx"])
      expect(announces({ [name]: { [rate]: 1 } }), rate).toBe(false);
  },
);

test.each(["xusage", "usagex", "creditLimit"])("a rate within %s is none", (name) => {
  expect(announces({ [name]: { perMinute: 1 } })).toBe(false);
});

test.each<[string, boolean]>([
  ["The rate limit is 10", true],
  ["rate-limited to 5", true],
  ["ratelimits: 5", true],
  ["the rate limit is high", false],
  ["6 requests per day", true],
  ["6request every hour", true],
  ["1,000 calls to any of our servers an hour", true],
  ["5 times a  minute", true],
  ["5 calls. Answered per minute", false],
  ["5 calls per user", false],
  ["1 query left", false],
  ["5 call per second", true],
  ["1a2 requests per day", true],
  ["x,1,000 calls an hour", true],
  ["1x calls an hour", false],
  ["3 call left", true],
  ["10 queries remaining", true],
  ["10 more calls in this window left", true],
  ["3 request left", true],
  ["3 requests. None left", false],
])("the text %j announces a limit: %j", (text, expected) => {
  for (const field of ["message", "msg", "warning", "info", "detail"])
    expect(announces({ [field]: text }), field).toBe(expected);
  expect(announces({ messages: text })).toBe(false);
  expect(announces({ amessage: text })).toBe(false);
  expect(announces([{ message: text }] as Json)).toBe(false);
});

test("texts of more than 500 characters, deep objects and many fields are not read", () => {
  const said = "10 calls per minute";
  expect(announces({ message: said.padEnd(500) })).toBe(true);
  expect(announces({ message: said.padEnd(501) })).toBe(false);
  const limit: Json = { quota_max: 3 };
  expect(announces({ a: { b: { c: limit } } })).toBe(true);
  expect(announces({ a: { b: { c: { d: limit } } } })).toBe(false);
  const before = (fields: number) =>
    Object.fromEntries(Array.from({ length: fields }, (_, i) => [`f${i}`, 1]));
  expect(announces({ ...before(59), ...limit })).toBe(true);
  expect(announces({ ...before(60), ...limit })).toBe(false);
});

test("the pause that a 429 asks for is no limit, its other fields are", () => {
  const refused = (json: Json): boolean => {
    const limits = announcedLimitsOf([]);
    limits.note("shop", { ...answer(json), status: 429 });
    return limits.has("shop");
  };
  for (const pause of ["retry_after", "x_retry_after_ms", "backoff", "xbackoff"])
    expect(refused({ [pause]: 3 })).toBe(false);
  expect(refused({ backoffx: 3, throttled: 1 })).toBe(true);
  expect(refused({ message: "10 calls per minute" })).toBe(false);
});

test("what an API document says of limits counts for its target alone, and once for all sessions", () => {
  const api = (target: string, more: Partial<ApiDescription> = {}): ApiDescription => ({
    target,
    title: "",
    documented: true,
    auth: [],
    operations: [],
    ...more,
  });
  const operation = {
    method: "GET",
    path: "/",
    summary: "At most 5 calls per minute",
    secured: false,
    fields: [],
  } as const;
  const apis = [
    api("a", { announcesLimit: true }),
    api("b", { title: "Rate limit: 10" }),
    api("c", { operations: [{ ...operation, summary: "" }, operation] }),
    api("d", { operations: [{ ...operation, summary: "Calls" }] }),
  ];
  const limits = announcedLimitsOf(apis);
  expect(apis.map(({ target }) => limits.has(target))).toEqual([true, true, true, false]);
  limits.note("d", answer({}, { "x-quota": "1" }));
  expect(announcedLimitsOf(apis).has("d")).toBe(true);
  expect(announcedLimitsOf([...apis]).has("d")).toBe(false);
});
