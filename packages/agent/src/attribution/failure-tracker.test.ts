import type { Attribution } from "@ape/core/protocol/outcome";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { FailureTracker } from "./failure-tracker.ts";
import type { AttributionFinding } from "./finding.ts";

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
const read: ToolCall = { target: "shop", method: "GET", path: "/orders/1" };
const write: ToolCall = { target: "shop", method: "POST", path: "/orders" };
const order = { key: "shop POST /orders", label: "action POST /orders", refuted: undefined };
const probe = (refuted: string | undefined, missing = false) => ({
  key: "shop GET /orders/{}",
  label: "probe GET /orders/{order}",
  refuted,
  missing,
});
const found = (attribution: Attribution): AttributionFinding => ({ attribution, because: "" });

test("the first failure that was never recovered decides, an unmet check's own before others", () => {
  const tracker = new FailureTracker();
  tracker.note(1, read, result(503, { operation: "GET /products" }), found("target"));
  tracker.note(2, read, result(200, { operation: "GET /products" }), undefined);
  tracker.note(3, read, result(404, { operation: "GET /x" }), found("simulation"));
  tracker.note(4, write, result(500, { operation: "POST /orders" }), found("target"));
  tracker.note(5, write, result(502, { operation: "POST /orders" }), found("target"));
  expect(tracker.decide("failed", [order])).toEqual({
    attribution: "target",
    reason: "POST /orders answered 500 in step 4",
    step: 4,
  });
  expect(tracker.decide("failed", []).step).toBe(3);
});

test("a 4xx that follows from an earlier write that failed is that write's fault, a 5xx is its own", () => {
  for (const [status, step] of [
    [401, 1],
    [500, 2],
  ] as const) {
    const tracker = new FailureTracker();
    tracker.note(1, write, result(500, { operation: "POST /login" }), found("target"));
    tracker.note(2, write, result(status, { operation: "POST /orders" }), found("simulation"));
    expect(tracker.decide("failed", [order]).step).toBe(step);
  }
});

test("a success that shows nothing of what became of the form recovers no failure, and any other does", () => {
  for (const [more, step] of [
    [{ unproven: "nothing shows it" }, 1],
    [{}, undefined],
  ] as const) {
    const tracker = new FailureTracker();
    tracker.note(1, write, result(500, { operation: "POST /orders" }), found("target"));
    tracker.note(2, write, result(200, { operation: "POST /orders", ...more }), undefined);
    expect(tracker.decide("failed", []).step).toBe(step);
  }
});

test("another target's failure of the same operation is another one", () => {
  const tracker = new FailureTracker();
  tracker.note(1, { ...write, target: "bank" }, result(500, { operation: "POST /orders" }), found("target"));
  tracker.note(2, write, result(201, { operation: "POST /orders" }), undefined);
  expect(tracker.decide("failed", [])).toMatchObject({ step: 1 });
});

test("where nothing failed the goal was not pursued", () => {
  expect(new FailureTracker().decide("step_budget", [probe("GET /orders/1 -> 404"), order])).toEqual({
    attribution: "simulation",
    reason: "nothing failed, but action POST /orders was not reached (step_budget)",
  });
});

test("where every action went well, a probe that misses what was issued is the target's fault", () => {
  const tracker = new FailureTracker();
  tracker.note(3, read, result(404, { operation: "GET /x" }), found("simulation"));
  expect(tracker.decide("failed", [probe("GET /orders/17 -> 404", true)])).toEqual({
    attribution: "target",
    reason: "every call went well, but GET /orders/17 -> 404",
  });
  tracker.note(4, write, result(422, { operation: "POST /payments" }), found("simulation"));
  expect(tracker.decide("failed", [probe("GET /orders/17 -> 200")])).toMatchObject({ step: 4 });
});

test("a probe whose values differ from what the check wants is unclear: the session may have asked for them", () => {
  const { attribution, reason } = new FailureTracker().decide("failed", [
    probe("GET /orders/17 -> 200: $.total is 90"),
  ]);
  expect(attribution).toBe("unclear");
  expect(reason).toMatch(/\(target\).*\(simulation\)/);
});

test("a verification read replaces what was found, and the reason stays with the failure", () => {
  const tracker = new FailureTracker();
  tracker.note(2, write, result(404, { operation: "POST /orders" }), found("unclear"));
  tracker.settle(2, { attribution: "target", because: "it exists" });
  expect(tracker.decide("failed", [order])).toEqual({
    attribution: "target",
    reason: "POST /orders answered 404 in step 2; it exists",
    step: 2,
  });
});

test("an action that went well and was answered otherwise than expected has two readings", () => {
  const differs = { ...order, differs: "step 2: $.state is missing" };
  const tracker = new FailureTracker();
  expect(tracker.decide("failed", [differs])).toMatchObject({
    attribution: "unclear",
    reason: expect.stringMatching(/POST \/orders does not hold .*missing.*\(target\).*\(simulation\)/),
  });
  tracker.note(1, read, result(404), found("simulation"));
  expect(tracker.decide("failed", [differs]).attribution).toBe("unclear");
  tracker.note(2, write, result(409, { operation: "POST /cart" }), found("simulation"));
  expect(tracker.decide("failed", [differs])).toMatchObject({ attribution: "simulation", step: 2 });
  expect(new FailureTracker().decide("failed", [order]).attribution).toBe("simulation");
});

test.each([
  ["an action", { differs: "step 2: answered 302, wanted 2xx: the redirect leads to another site" }],
  ["a probe", { refuted: "GET /orders/17 -> 302: the redirect leads to another site" }],
])("%s that ends at a redirect that is not followed is not the target's fault, and says why", (_, more) => {
  const unfollowed = Object.values(more)[0] ?? "";
  const found = new FailureTracker().decide("failed", [{ ...order, ...more, unfollowed }]);
  expect(found.attribution).toBe("infrastructure");
  expect(found.reason).toContain("the redirect leads to another site");
});

test("a refused credential behind a redirect that was not followed is a consequence of it; an error of the target is none", () => {
  const why = "the redirect leads to another site and was not followed";
  for (const [status, attribution, wanted] of [
    [401, "simulation", "infrastructure"],
    [403, "unclear", "infrastructure"],
    [409, "simulation", "simulation"],
    [500, "target", "target"],
  ] as const) {
    const tracker = new FailureTracker();
    const login = result(302, { operation: "POST /login", warning: why, unfollowed: true });
    tracker.note(1, write, login, undefined);
    tracker.note(2, write, result(status, { operation: "POST /orders" }), found(attribution));
    const cause = tracker.decide("failed", [order]);
    expect([status, cause.attribution]).toEqual([status, wanted]);
    expect(cause.reason.includes(why)).toBe(wanted === "infrastructure");
  }
});

test("a target that shows the old state of what it had confirmed is the cause, not one that shows another state", () => {
  const check = {
    key: "k",
    label: "probe GET /stays/{id}",
    refuted: "GET /stays/r1 -> 200: $.confirmed is false",
  };
  const decide = (more: object) => new FailureTracker().decide("failed", [{ ...check, ...more }]);
  expect(decide({ contradicted: true })).toEqual({
    attribution: "target",
    reason:
      "every call went well, but GET /stays/r1 -> 200: $.confirmed is false, although it had confirmed the change",
  });
  expect(decide({}).attribution).toBe("unclear");
});
