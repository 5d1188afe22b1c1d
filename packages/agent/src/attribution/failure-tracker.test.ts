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

type Noted = readonly [step: number, call: ToolCall, result: ToolResult, finding?: AttributionFinding];
const decided = (noted: readonly Noted[], unmet: Parameters<FailureTracker["decide"]>[1]): string => {
  const tracker = new FailureTracker();
  for (const [step, call, answer, finding] of noted) tracker.note(step, call, answer, finding);
  const { attribution, reason } = tracker.decide("failed", unmet);
  return `${attribution}: ${reason}`;
};
const failing = (step: number, status: number, operation: string, call = write): Noted => [
  step,
  call,
  result(status, { operation }),
  found("simulation"),
];

test.each<[string, Noted[], number]>([
  ["400 after a write that failed", [failing(1, 500, "POST /cart"), failing(2, 400, "POST /orders")], 1],
  ["499 after a write that failed", [failing(1, 500, "POST /cart"), failing(2, 499, "POST /orders")], 1],
  ["429 after a write that failed", [failing(1, 500, "POST /cart"), failing(2, 429, "POST /orders")], 2],
  ["no answer after a write that failed", [failing(1, 500, "POST /cart"), failing(2, 0, "POST /orders")], 2],
  ["409 after a read that failed", [failing(1, 500, "GET /cart", read), failing(2, 409, "POST /orders")], 2],
  ["409 before a write that failed", [failing(1, 409, "POST /orders"), failing(2, 500, "POST /cart")], 1],
])("%s, of the operation that a check needs", (_name, noted, step) => {
  expect(decided(noted, [probe("GET /orders/1 -> 404"), order])).toContain(`in step ${step}`);
});

test.each<[string, Noted[], string]>([
  ["a failure without a finding", [[1, write, result(500)]], "simulation: nothing failed"],
  ["a finding without a failure", [[1, write, result(200), found("target")]], "simulation: nothing failed"],
  [
    "an error of the connection",
    [[1, write, result(0, { error: { code: "timeout", message: "no answer in 5 s" } }), found("target")]],
    "target: GET /orders/{id} timeout: no answer in 5 s in step 1",
  ],
])("%s", (_name, noted, wanted) => {
  expect(decided(noted, [])).toContain(wanted);
});

test("without a check and without a failure the goal itself was not reached", () => {
  expect(decided([], [])).toBe("simulation: nothing failed, but the goal was not reached (failed)");
});

test("fifty failures are kept", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, at) => failing(at + 1, 500, `POST /things${at}s`));
  expect(decided([...many(49), failing(99, 500, "POST /orders")], [order])).toContain("in step 99");
  expect(decided([...many(50), failing(99, 500, "POST /orders")], [order])).toContain("in step 1");
});

test.each<[string, Parameters<FailureTracker["decide"]>[1], string]>([
  [
    "a probe that failed",
    [{ ...probe("x -> 503"), failed: true }],
    "target: every call went well, but x -> 503",
  ],
  [
    "a probe that contradicts nothing",
    [probe("x -> 200: $.total is 90")],
    "unclear: every call went well, but x -> 200: $.total is 90: either the target did not do what it confirmed (target), or the session asked for something else (simulation)",
  ],
  [
    "a probe and an action that was not tried",
    [probe("x -> 404", true), order],
    "simulation: nothing failed, but action POST /orders was not reached (failed)",
  ],
  [
    "a probe and an action that was answered otherwise",
    [probe("x -> 200"), { ...order, differs: "step 2: $.state is missing" }],
    "unclear: nothing failed, but action POST /orders does not hold (step 2: $.state is missing): either the target answers wrongly (target), or the session asked for something else (simulation)",
  ],
  [
    "a probe and one behind a redirect",
    [probe("x -> 404", true), { ...order, refuted: "y -> 302", unfollowed: "it leads elsewhere" }],
    "infrastructure: nothing failed, but action POST /orders does not hold (it leads elsewhere)",
  ],
])("where nothing failed, %s", (_name, unmet, wanted) => {
  expect(decided([], unmet)).toBe(wanted);
});

test("a read that failed counts where a check was not tried, and not where all were answered", () => {
  const noted = [failing(1, 404, "GET /x", read)];
  expect(decided(noted, [probe("x -> 404", true), order])).toContain("in step 1");
  expect(decided(noted, [probe("x -> 404", true), { ...order, differs: "d" }])).toContain("nothing failed");
});

test("a verification read settles its own step, if that is still open", () => {
  const tracker = new FailureTracker();
  tracker.settle(1, found("target"));
  tracker.note(1, write, result(404, { operation: "POST /cart" }), found("unclear"));
  tracker.settle(2, found("target"));
  expect(tracker.decide("failed", []).attribution).toBe("unclear");
});

test.each<[string, Noted, Noted, boolean]>([
  ["a write", [1, write, result(302, { unfollowed: true })], failing(2, 401, "POST /orders"), true],
  ["a read", [1, read, result(302, { unfollowed: true })], failing(2, 401, "POST /orders"), false],
  ["a write that was followed", [1, write, result(302)], failing(2, 401, "POST /orders"), false],
  ["a later write", [3, write, result(302, { unfollowed: true })], failing(2, 401, "POST /orders"), false],
  [
    "a write before a refusal that the target is to blame for",
    [1, write, result(302, { unfollowed: true })],
    [2, write, result(401, { operation: "POST /orders" }), found("target")],
    false,
  ],
])("a redirect of %s that was not followed", (_name, first, second, counts) => {
  const noted = [first, second].sort(([a], [b]) => a - b);
  expect(decided(noted, [order]).endsWith("was not followed: ")).toBe(counts);
});

test("a write that is refused at the redirect itself is no consequence of it", () => {
  const answer = result(401, { operation: "POST /orders", unfollowed: true, warning: "elsewhere" });
  expect(decided([[1, write, answer, found("simulation")]], [order])).toBe(
    "simulation: POST /orders answered 401 in step 1",
  );
});
