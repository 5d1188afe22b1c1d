import type { ToolCall, ToolResult } from "@ape/core/tool-call";
import { expect, test } from "vitest";
import { Recovery } from "./recovery.ts";

const call: ToolCall = { target: "shop", method: "POST", path: "/orders" };
const answered = (status: number, headers: ToolResult["headers"] = {}): ToolResult => ({
  status,
  headers,
  body: { kind: "empty" },
  timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
  attempts: [],
  operation: "POST /orders",
});

test("a refusal owes a wait once; refusals in a row owe longer ones; a success forgets them", () => {
  const recovery = new Recovery();
  expect(recovery.note(answered(503, { "retry-after": "2" }), false, 0)).toBe("waited 2000 ms");
  expect([recovery.takeBackoff(), recovery.takeBackoff()]).toEqual([2000, 0]);
  recovery.note(answered(429), false, 0);
  expect(recovery.takeBackoff()).toBe(1000);
  expect(recovery.note(answered(200), true, 0)).toBeUndefined();
  recovery.note(answered(429), false, 0);
  expect(recovery.takeBackoff()).toBe(500);
});

test("three logins that lead nowhere are a loop, unless something was served in between", () => {
  const recovery = new Recovery();
  for (let login = 0; login < 3; login += 1) recovery.loggedIn();
  recovery.note(answered(200), true, 0);
  expect(recovery.givesUp(call, answered(401), "a")).toBeUndefined();
  for (let login = 0; login < 3; login += 1) recovery.loggedIn();
  expect(recovery.givesUp(call, answered(401), "b")).toMatchObject({
    outcome: "gave_up",
    attribution: "target",
  });
});

test("the same call failing five times in a row ends it; another call or a success between does not", () => {
  const recovery = new Recovery();
  const fail = (text: string) => recovery.givesUp(call, answered(500), text);
  for (let n = 0; n < 4; n += 1) expect(fail("a")).toBeUndefined();
  expect(fail("b")).toBeUndefined();
  for (let n = 0; n < 4; n += 1) expect(fail("a")).toBeUndefined();
  expect(recovery.givesUp(call, answered(200), "a")).toBeUndefined();
  for (let n = 0; n < 4; n += 1) expect(fail("a")).toBeUndefined();
  expect(fail("a")).toMatchObject({ outcome: "gave_up", reason: "POST /orders failed 5 times in a row" });
});
