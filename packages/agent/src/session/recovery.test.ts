import type { Clock } from "@ape/core/lib/clock";
import type { ToolResult } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { type AttemptInfo, Recovery } from "./recovery.ts";

const clock: Clock = { now: () => 0, epoch: () => 0, sleep: async () => undefined };
const result = (status: number, headers: ToolResult["headers"] = {}): ToolResult => ({
  status,
  headers,
  body: { kind: "empty" },
  timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
  attempts: [],
  operation: "GET /orders",
});
const tried = (text: string, more: Partial<AttemptInfo> = {}): AttemptInfo => ({
  target: "shop",
  text,
  loggedIn: false,
  secured: false,
  ...more,
});

test("waits grow with each refusal in a row, a header goes before, a success starts anew", () => {
  const recovery = new Recovery(clock);
  const wait = (answer: ToolResult): number => {
    recovery.note(tried("GET /a"), answer);
    return recovery.takeWait();
  };
  expect([wait(result(503)), wait(result(429)), wait(result(503))]).toEqual([500, 1000, 2000]);
  expect(wait(result(429, { "retry-after": "7" }))).toBe(7000);
  expect(wait(result(200))).toBe(0);
  expect(wait(result(429))).toBe(500);
  expect(recovery.takeWait()).toBe(0);
});

test("three logins that were each refused are given up, whatever public calls went well in between", () => {
  const recovery = new Recovery(clock);
  const round = () => {
    recovery.note(tried("POST /login", { loggedIn: true }), result(200));
    recovery.note(tried("GET /products"), result(200));
    recovery.note(tried("GET /orders"), result(401));
    return recovery.abandonReason(result(401), true);
  };
  expect([round(), round()]).toEqual([undefined, undefined]);
  expect(round()).toMatchObject({ byTarget: true, reason: expect.stringContaining("logged in 3 times") });
});

test("a refusal after calls that the credentials were good for is no loop", () => {
  const recovery = new Recovery(clock);
  for (let n = 0; n < 5; n += 1) {
    recovery.note(tried("POST /login", { loggedIn: true }), result(200));
    recovery.note(tried(`GET /orders/${n}`, { secured: true }), result(200));
    recovery.note(tried("GET /orders"), result(401));
    expect(recovery.abandonReason(result(401), true)).toBeUndefined();
  }
});

test("only the same call, to the same target, failing five times in a row is given up", () => {
  const recovery = new Recovery(clock);
  const fail = (target: string) => {
    recovery.note(tried("GET /a", { target }), result(500));
    return recovery.abandonReason(result(500), true);
  };
  for (let n = 0; n < 4; n += 1) expect(fail("one")).toBeUndefined();
  expect(fail("two")).toBeUndefined();
  for (let n = 0; n < 4; n += 1) expect(fail("one")).toBeUndefined();
  expect(fail("one")).toMatchObject({ byTarget: false, reason: "GET /orders failed 5 times in a row" });
});

test("a 401 that follows no new login is no refused login, and another refusal is no loop", () => {
  const recovery = new Recovery(clock);
  for (let n = 0; n < 4; n += 1) recovery.note(tried(`GET /a/${n}`), result(401));
  expect(recovery.abandonReason(result(401), true)).toBeUndefined();
  for (let n = 0; n < 3; n += 1) {
    recovery.note(tried("POST /login", { loggedIn: true }), result(200));
    recovery.note(tried(`GET /b/${n}`), result(401));
    recovery.note(tried(`GET /c/${n}`), result(401));
  }
  expect(recovery.abandonReason(result(403), true)).toBeUndefined();
  expect(recovery.abandonReason(result(401), false)).toEqual({
    reason: "logged in 3 times, and GET /orders still answers 401",
    byTarget: false,
  });
});

test("what was waited for is said", () => {
  const recovery = new Recovery(clock);
  expect(recovery.note(tried("GET /a"), result(503))).toBe("waited 500 ms");
  expect(recovery.note(tried("GET /a"), result(404))).toBeUndefined();
});
