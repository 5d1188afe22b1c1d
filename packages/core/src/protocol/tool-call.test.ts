import { expect, test } from "vitest";
import {
  effectiveStatus,
  gatewayOverhead,
  hasFailed,
  rejectedResult,
  type ToolResult,
  type TransportErrorCode,
} from "./tool-call.ts";

const result = (status: number, code?: TransportErrorCode, like?: number): ToolResult => {
  const { error: _, ...plain } = rejectedResult("GET /a", "timeout", "");
  if (code === undefined) return { ...plain, status };
  return { ...plain, status, error: { code, message: "", ...(like === undefined ? {} : { like }) } };
};

test.each<[ToolResult, boolean, number]>([
  [result(200), false, 200],
  [result(399), false, 399],
  [result(400), true, 400],
  [result(500), true, 500],
  [result(0), true, 0],
  [result(200, "contract"), true, 200],
  [result(200, "failure", 422), true, 422],
  [result(200, "failure"), true, 200],
  [result(200, "timeout", 422), true, 200],
])("%j has failed: %j, and counts as %d", (given, failed, status) => {
  expect([hasFailed(given), effectiveStatus(given)]).toEqual([failed, status]);
});

test("a call that was not sent has no answer, no times and no attempts", () => {
  expect(rejectedResult("GET /a", "denied", "no")).toEqual({
    status: 0,
    headers: {},
    body: { kind: "empty" },
    timing: { total: 0, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 0, body: 0 },
    attempts: [],
    operation: "GET /a",
    error: { code: "denied", message: "no" },
  });
});

test("what the gateway adds is what attempts, pauses and the queue do not explain, never less than nothing", () => {
  const timing = { ...result(200).timing, total: 100, queue: 10 };
  const attempts = [
    { status: 503, duration: 20, backoff: 0 },
    { status: 200, duration: 30, backoff: 5 },
  ];
  expect(gatewayOverhead({ timing, attempts })).toBe(35);
  expect(gatewayOverhead({ timing, attempts: [] })).toBe(90);
  expect(gatewayOverhead({ timing: { ...timing, total: 60 }, attempts })).toBe(0);
});
