import type { ToolCall, ToolResult } from "@ape/core/tool-call";
import { expect, test } from "vitest";
import { attributeAction, FailureLedger } from "./attribution.ts";

const timing = { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 };
const result = (status: number, more: Partial<ToolResult> = {}): ToolResult => ({
  status,
  headers: {},
  body: { kind: "empty" },
  timing,
  attempts: [],
  operation: "GET /orders/{id}",
  ...more,
});
const call: ToolCall = { target: "shop", method: "GET", path: "/orders/o%201", data: { productId: 7 } };

test.each([
  [result(500), [], false, "target"],
  [result(429), [], false, "target"],
  [result(0, { error: { code: "timeout", message: "" } }), [], false, "target"],
  [result(200, { error: { code: "contract", message: "" } }), [], false, "target"],
  [result(0, { error: { code: "denied", message: "" } }), [], false, "simulation"],
  [result(0, { error: { code: "gateway", message: "" } }), [], false, "infrastructure"],
  [result(404), [], false, "simulation"],
  [result(404), ["o 1"], false, "target"],
  [result(409), ["7"], false, "target"],
  [result(401), [], true, "target"],
  [result(401), [], false, "simulation"],
] as const)("%#: whose fault it is", (answer, issued: readonly string[], token, wanted) => {
  expect(attributeAction(call, answer, (value) => issued.includes(value), token)).toBe(wanted);
});

test("the first failure that was never recovered decides, an unmet check's own before others", () => {
  const ledger = new FailureLedger();
  ledger.note(1, "shop", result(503, { operation: "GET /products" }), "target");
  ledger.note(2, "shop", result(200, { operation: "GET /products" }), undefined);
  ledger.note(3, "shop", result(404, { operation: "GET /x" }), "simulation");
  ledger.note(4, "shop", result(500, { operation: "POST /orders" }), "target");
  ledger.note(5, "shop", result(502, { operation: "POST /orders" }), "target");
  const unmet = [{ key: "shop POST /orders", label: "action POST /orders" }];
  expect(ledger.decide("failed", unmet)).toEqual({
    attribution: "target",
    reason: "POST /orders answered 500 in step 4",
    step: 4,
  });
  expect(ledger.decide("failed", []).step).toBe(3);
});

test("where nothing failed the goal was not pursued", () => {
  expect(
    new FailureLedger().decide("step_budget", [{ key: "shop POST /orders", label: "action POST /orders" }]),
  ).toEqual({
    attribution: "simulation",
    reason: "nothing failed, but action POST /orders was not reached (step_budget)",
  });
});
