import type { Json } from "@ape/core/json";
import type { ToolCall, ToolResult } from "@ape/core/tool-call";
import { expect, test } from "vitest";
import { AcceptedWrites } from "./accepted.ts";
import { attributeAction, type Circumstances, FailureLedger } from "./attribution.ts";

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
const failed = (code: NonNullable<ToolResult["error"]>["code"], status = 0): ToolResult =>
  result(status, { error: { code, message: "" } });
const failure = (like: number): ToolResult => result(200, { error: { code: "failure", message: "", like } });
const call: ToolCall = {
  target: "shop",
  method: "GET",
  path: "/orders/o%201",
  data: { productId: 7, quantity: 2, size: "large" },
};
const known = (more: Partial<Circumstances> = {}, issued: readonly string[] = []): Circumstances => ({
  issued: (value) => issued.includes(value),
  signedIn: false,
  invented: false,
  open: false,
  prepared: false,
  hung: false,
  ...more,
});

test.each<[string, ToolResult, Circumstances, string]>([
  ["500", result(500), known(), "target"],
  ["500 on an invented path", result(500), known({ invented: true }), "target"],
  ["429", result(429), known(), "target"],
  ["a failure in a 200 like 500", failure(500), known(), "target"],
  ["a failure in a 200 like 401", failure(401), known(), "simulation"],
  ["a failure in a 200 like 401, signed in", failure(401), known({ signedIn: true }), "target"],
  ["a failure in a 200 like 404 on an issued value", failure(404), known({}, ["o 1"]), "target"],
  ["a failure in a 200 like 422", failure(422), known(), "simulation"],
  ["an open circuit", failed("circuit_open"), known(), "target"],
  ["a timeout", failed("timeout"), known(), "target"],
  ["a broken contract", failed("contract", 200), known(), "target"],
  ["a call that was not allowed", failed("denied"), known(), "simulation"],
  ["a gateway that failed", failed("gateway"), known(), "infrastructure"],
  ["a call cut by the time budget", failed("cancelled"), known(), "simulation"],
  ["a call that took the whole time budget", failed("cancelled"), known({ hung: true }), "target"],
  ["404 on an unknown id", result(404), known(), "simulation"],
  ["404 on an issued id", result(404), known({}, ["o 1"]), "target"],
  ["404 on an issued id, invented path", result(404), known({ invented: true }, ["o 1"]), "simulation"],
  ["404 where only a fixed segment is known", result(404), known({}, ["orders"]), "simulation"],
  ["404 where only an amount is known", result(404), known({}, ["2"]), "simulation"],
  ["409 on an issued product", result(409), known({}, ["7"]), "target"],
  ["422 with values of its own", result(422), known({}, ["o 1", "7"]), "simulation"],
  ["422 on issued values alone", result(422), known({}, ["o 1", "7", "large"]), "target"],
  ["405 on an issued id", result(405), known({}, ["o 1"]), "simulation"],
  ["401 though signed in", result(401), known({ signedIn: true }), "target"],
  ["401 of a login", result(401), known({ signedIn: true, open: true }), "simulation"],
  ["401 before any login", result(401), known(), "simulation"],
])("%s", (_, answer, circumstances, wanted) => {
  expect(attributeAction(call, answer, circumstances)).toBe(wanted);
});

test("422: the fields that the answer complains about decide", () => {
  const complaint = (fields: object): ToolResult =>
    result(422, { body: { kind: "json", json: { error: { fields } } as Json, bytes: 1 } });
  const issued = known({}, ["o 1", "7", "large"]);
  expect(attributeAction(call, complaint({ quantity: "must be at least 3" }), issued)).toBe("simulation");
  expect(attributeAction(call, complaint({ productId: "is unknown" }), issued)).toBe("target");
  expect(attributeAction(call, complaint({ productId: "is unknown" }), known())).toBe("simulation");
  expect(attributeAction(call, complaint({ colour: "is missing" }), issued)).toBe("target");
});

test("409 of a call that carries nothing: against what the target had accepted, or asked for too early", () => {
  const checkout: ToolCall = { target: "shop", method: "POST", path: "/orders" };
  const answer = result(409, { operation: "POST /orders" });
  expect(attributeAction(checkout, answer, known({ prepared: true }))).toBe("target");
  expect(attributeAction(checkout, answer, known())).toBe("simulation");
  const accepted = new AcceptedWrites();
  expect(accepted.isPrepared("shop POST /orders")).toBe(false);
  accepted.note("shop POST /cart/items");
  expect(accepted.isPrepared("shop POST /orders")).toBe(true);
  accepted.note("shop POST /orders");
  expect(accepted.isPrepared("shop POST /orders")).toBe(false);
  accepted.lost();
  expect(accepted.isPrepared("shop POST /orders")).toBe(true);
});

const read = { ...call, data: null };
const write: ToolCall = { target: "shop", method: "POST", path: "/orders" };
const order = { key: "shop POST /orders", label: "action POST /orders", refuted: undefined };
const probe = (refuted: string | undefined) => ({
  key: "shop GET /orders/{}",
  label: "probe GET /orders/{order}",
  refuted,
});

test("the first failure that was never recovered decides, an unmet check's own before others", () => {
  const ledger = new FailureLedger();
  ledger.note(1, read, result(503, { operation: "GET /products" }), "target");
  ledger.note(2, read, result(200, { operation: "GET /products" }), undefined);
  ledger.note(3, read, result(404, { operation: "GET /x" }), "simulation");
  ledger.note(4, write, result(500, { operation: "POST /orders" }), "target");
  ledger.note(5, write, result(502, { operation: "POST /orders" }), "target");
  expect(ledger.decide("failed", [order])).toEqual({
    attribution: "target",
    reason: "POST /orders answered 500 in step 4",
    step: 4,
  });
  expect(ledger.decide("failed", []).step).toBe(3);
});

test("a 4xx that follows from an earlier write that failed is that write's fault, a 5xx is its own", () => {
  for (const [status, step] of [
    [401, 1],
    [500, 2],
  ] as const) {
    const ledger = new FailureLedger();
    ledger.note(1, write, result(500, { operation: "POST /login" }), "target");
    ledger.note(2, write, result(status, { operation: "POST /orders" }), "simulation");
    expect(ledger.decide("failed", [order]).step).toBe(step);
  }
});

test("another target's failure of the same operation is another one", () => {
  const ledger = new FailureLedger();
  ledger.note(1, { ...write, target: "bank" }, result(500, { operation: "POST /orders" }), "target");
  ledger.note(2, write, result(201, { operation: "POST /orders" }), undefined);
  expect(ledger.decide("failed", [])).toMatchObject({ step: 1 });
});

test("where nothing failed the goal was not pursued", () => {
  expect(new FailureLedger().decide("step_budget", [probe("GET /orders/1 -> 404"), order])).toEqual({
    attribution: "simulation",
    reason: "nothing failed, but action POST /orders was not reached (step_budget)",
  });
});

test("where every action went well and a probe was refuted, the target did not do what it said", () => {
  const ledger = new FailureLedger();
  ledger.note(3, read, result(404, { operation: "GET /x" }), "simulation");
  expect(ledger.decide("failed", [probe("GET /orders/17 -> 404")])).toEqual({
    attribution: "target",
    reason: "every call went well, but GET /orders/17 -> 404",
  });
  ledger.note(4, write, result(422, { operation: "POST /payments" }), "simulation");
  expect(ledger.decide("failed", [probe("GET /orders/17 -> 200")])).toMatchObject({ step: 4 });
});
