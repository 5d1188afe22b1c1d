import { goalSchema } from "@ape/core/config/goal";
import type { Json } from "@ape/core/lib/json";
import type { Event } from "@ape/core/protocol/events";
import type { ToolCall, ToolResult, TransportErrorCode } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { jsonResult } from "../../test/json-result.ts";
import { fakeClock } from "../../test/session.ts";
import { type CompiledAction, type CompiledProbe, compileChecks } from "./check.ts";
import { initialState } from "./check-state.ts";
import { ProbeRunner } from "./probe-runner.ts";

interface Answer {
  status?: number;
  json?: Json;
  text?: string;
  error?: TransportErrorCode;
}

const resultOf = ({ status = 200, json, text, error }: Answer): ToolResult =>
  jsonResult(json ?? null, {
    status,
    operation: "GET /orders/{order}",
    ...(json !== undefined
      ? {}
      : {
          body:
            text === undefined ? { kind: "empty" } : { kind: "text", text, bytes: text.length, cut: false },
        }),
    ...(error === undefined ? {} : { error: { code: error, message: error } }),
  });

const ORDER = {
  action: { operation: "POST /orders", capture: { order: "$.id" } },
};
const PAID = {
  probe: { operation: "GET /orders/{order}", expect: { body: { "$.state": "paid" } }, deadline: "1s" },
};

/** A runner of probes whose target answers with what `answer` returns for the call and its number, counted from 1. */
function rig(success: object[], answer: (call: ToolCall, n: number) => Answer | Promise<Answer>) {
  const checks = compileChecks(goalSchema.parse({ name: "g", prompt: "p", success }), "shop");
  const states = checks.map(({ kind }) => initialState(kind));
  const calls: ToolCall[] = [];
  const events: Event[] = [];
  const ended = new AbortController();
  const clock = fakeClock();
  const attached: ToolCall[] = [];
  const runner = new ProbeRunner(
    {
      checks,
      session: "s",
      tools: {
        call: async (call) => {
          calls.push(call);
          return resultOf(await answer(call, calls.length));
        },
      },
      recorder: { record: (event) => void events.push(event), commit: () => undefined },
      clock,
      signal: ended.signal,
      attach: (call) => void attached.push(call),
      mask: (text) => text.replaceAll("hunter2", "[masked]"),
      read: () => undefined,
    },
    states,
  );
  const made = (json: Json, step = 1): void =>
    runner.observe(step, checks[0] as CompiledAction, resultOf({ status: 201, json }));
  return { runner, checks, states, calls, events, ended, clock, attached, made };
}

test("a probe begins when its captures exist, with the session's credentials and an encoded path", async () => {
  const { runner, states, calls, attached, made, events } = rig([ORDER, PAID], () => ({
    json: { state: "paid" },
  }));
  made({ total: 3 });
  expect([runner.asked(), states[1]?.evidence]).toEqual([
    undefined,
    "was not asked: in step 1 POST /orders answered $.id as missing",
  ]);
  made({ id: "a/b ü" }, 2);
  await runner.asked();
  await runner.close();
  expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /orders/a%2Fb%20%C3%BC"]);
  expect(attached).toEqual(calls);
  expect(states[1]).toMatchObject({ held: true, round: 1 });
  expect(events.map(({ type }) => type)).toEqual(["probe", "check"]);
});

test("a parameter of an action's path is filled in where no check captures it, decoded from what was called", async () => {
  const like = { action: { operation: "POST /posts/{postId}/likes", capture: { likeId: "$.id" } } };
  const liked = { probe: { operation: "GET /posts/{postId}/likes/{likeId}", deadline: "1s" } };
  const { runner, checks, states, calls } = rig([like, liked], () => ({ json: {} }));
  const action = checks[0] as CompiledAction;
  expect(action.pathNames).toEqual(["postId"]);
  runner.observe(1, action, resultOf({ status: 201, json: { id: 5 } }), "POST /posts/a%2Fb/likes");
  await runner.close();
  expect(calls.map(({ path }) => path)).toEqual(["/posts/a%2Fb/likes/5"]);
  expect(states[1]?.held).toBe(true);
  // A captured value is what the check says that it is, and what no probe needs is not taken.
  const captured = { action: { operation: "POST /posts", capture: { postId: "$.id" } } };
  const compiled = rig([captured, like, liked], () => ({})).checks;
  expect(compiled.map((check) => "pathNames" in check && check.pathNames)).toEqual([[], [], false]);
});

test("an alternative that holds ends the repetition of the others", async () => {
  const gone = { probe: { operation: "GET /orders/{order}", expect: { status: 404 }, deadline: "1h" } };
  const { runner, states, calls, made } = rig([ORDER, { anyOf: [gone, PAID] }], () => ({
    json: { state: "paid" },
  }));
  made({ id: "1" });
  await runner.close();
  expect(states.map(({ held }) => held)).toEqual([false, false, true]);
  expect(calls.length).toBeLessThan(5);
});

test("an answer that is no JSON, and a captured value of a wrong kind, are named as the reason", () => {
  const { runner, checks, states, made } = rig([ORDER, PAID], () => ({}));
  runner.observe(3, checks[0] as CompiledAction, resultOf({ text: "created" }));
  expect(states[1]).toMatchObject({
    differs: true,
    evidence: "was not asked: in step 3 POST /orders answered text, not JSON",
  });
  for (const id of ["", null, true, [], {}]) {
    made({ id });
    expect([states[1]?.round, states[1]?.evidence]).toEqual([0, expect.stringContaining("answered $.id as")]);
  }
});

test("a new capture makes the older probe's answer count no more", async () => {
  const release: (() => void)[] = [];
  const { runner, states, calls, made } = rig([ORDER, PAID], async ({ path }) => {
    await new Promise<void>((resolve) => void release.push(resolve));
    return { json: { state: path === "/orders/1" ? "paid" : "open" } };
  });
  made({ id: "1" });
  made({ id: "2" }, 2);
  expect(calls.map(({ path }) => path)).toEqual(["/orders/1", "/orders/2"]);
  release[0]?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect(states[1]).toMatchObject({
    held: false,
    round: 2,
    evidence: expect.not.stringContaining("/orders/1"),
  });
  for (const one of release) one();
  // The second is refuted at every repetition.
  const closed = runner.close();
  const pump = setInterval(() => release.at(-1)?.(), 1);
  await closed;
  clearInterval(pump);
  expect(states[1]).toMatchObject({ held: false, refuted: true, place: "shop /orders/2" });
});

test("a probe is repeated with growing pauses until its deadline", async () => {
  const { runner, states, calls, clock, made } = rig([ORDER, PAID], () => ({ json: { state: "open" } }));
  made({ id: "1" });
  await runner.close();
  expect(clock.slept).toEqual([200, 400]);
  expect(calls.length).toBe(3);
  expect(states[1]).toMatchObject({ held: false, refuted: true, failed: false, missing: false });
  expect(states[1]?.evidence).toContain("GET /orders/1 -> 200: $.state");
});

test("refused service is asked three times whatever the deadline, and holds the session's next call", async () => {
  const short = { probe: { ...PAID.probe, deadline: "1ms" } };
  const { runner, states, calls, made } = rig([ORDER, short], (_, n) =>
    n < 3 ? { status: n === 1 ? 429 : 503 } : { json: { state: "paid" } },
  );
  made({ id: "1" });
  let isServed = false;
  const asked = runner.asked()?.then(() => {
    isServed = true;
  });
  expect(isServed).toBe(false);
  await asked;
  expect([calls.length, states[1]?.held]).toEqual([3, true]);
  const {
    runner: other,
    calls: tried,
    states: last,
    made: order,
  } = rig([ORDER, short], () => ({ status: 500 }));
  order({ id: "1" });
  await other.close();
  expect([tried.length, last[1]?.failed, last[1]?.refuted]).toEqual([3, true, true]);
});

test("the state of a check shows whether the answer was not found, failed, refused, or never sent", async () => {
  const facts = async (answer: Answer, order: Json = { id: "1" }) => {
    const { runner, states, made } = rig([ORDER, PAID], () => answer);
    made(order);
    await runner.close();
    const { missing, failed, refuted, differs } = states[1] as NonNullable<(typeof states)[1]>;
    return { missing, failed, refuted, differs };
  };
  const none = { missing: false, failed: false, refuted: false, differs: false };
  expect(await facts({ status: 404 })).toEqual({ ...none, missing: true, refuted: true });
  expect(await facts({ status: 410 })).toEqual({ ...none, missing: true, refuted: true });
  expect(await facts({ status: 204 })).toEqual({ ...none, missing: true, refuted: true });
  expect(await facts({ json: null })).toEqual({ ...none, missing: true, refuted: true });
  expect(await facts({ json: {} })).toEqual({ ...none, refuted: true });
  expect(await facts({ status: 302 })).toEqual({ ...none, refuted: true });
  // What is not ready yet may rightly be found later.
  expect(await facts({ status: 404 }, { id: "1", status: "pending" })).toEqual({ ...none, refuted: true });
  expect(await facts({ status: 500 })).toEqual({ ...none, failed: true, refuted: true });
  expect(await facts({ status: 403 })).toEqual(none);
  expect(await facts({ status: 0, error: "refused" })).toEqual({ ...none, failed: true, refuted: true });
  for (const error of ["gateway", "denied", "unknown_target", "cancelled", "circuit_open"] as const)
    expect(await facts({ status: 0, error })).toMatchObject({ refuted: false, differs: false });
  expect(await facts({ status: 0, error: "invalid_call" })).toMatchObject({ refuted: false, differs: true });
  expect(await facts({ status: 200, error: "failure" })).toMatchObject({ refuted: true, failed: false });
});

test.each<[Json, boolean]>([
  [{ data: { loan: null } }, true],
  [{ data: { loan: { state: "lost" } } }, false],
  [{ data: { loan: null, me: { id: 1 } } }, false],
  [{ data: null }, false],
  [{}, false],
])("a lookup of GraphQL that answers %j has not found what was made: %s", async (json, missing) => {
  const { runner, states, made } = rig(
    [
      { action: { operation: "mutation createLoan", capture: { order: "$.id" } } },
      {
        probe: {
          operation: "query loan",
          document: "query ($id: ID!) { loan(id: $id) { state } }",
          arguments: { id: "{order}" },
          expect: { body: { "$.data.loan.state": "open" } },
          deadline: "1s",
        },
      },
    ],
    () => ({ json }),
  );
  made({ id: "7" });
  await runner.close();
  expect(states[1]?.missing).toBe(missing);
});

test("a probe whose credentials are refused waits for new ones, and for none after the session's end", async () => {
  const { runner, states, calls, made } = rig([ORDER, PAID], (_, n) =>
    n === 1 ? { status: 401 } : { json: { state: "paid" } },
  );
  made({ id: "1" });
  await runner.settled();
  expect([calls.length, states[1]?.held, runner.settled()]).toEqual([1, false, undefined]);
  runner.credentialsChanged();
  await new Promise((resolve) => setImmediate(resolve));
  await runner.settled();
  expect([calls.length, states[1]?.held]).toEqual([2, true]);
  const refused = rig([ORDER, PAID], () => ({ status: 401 }));
  refused.made({ id: "1" });
  await refused.runner.close();
  expect(refused.states[1]).toMatchObject({ held: false, refuted: false });
  expect(refused.calls.length).toBeLessThanOrEqual(2);
});

test("a probe with credentials of its own gets none of the session, and a refusal of them is an answer", async () => {
  const own = { probe: { ...PAID.probe, as: { headers: { authorization: "Bearer hunter2" } } } };
  const { runner, states, calls, attached, made } = rig([ORDER, own], () => ({ status: 401 }));
  made({ id: "1" });
  await runner.close();
  expect([attached, calls[0]?.headers]).toEqual([[], { authorization: "Bearer hunter2" }]);
  expect([calls.length, states[1]?.held]).toEqual([3, false]);
});

test("a probe without captures begins after each action until it holds; a final one only at the end, once", async () => {
  const list = { probe: { operation: "GET /orders", expect: { status: 200 }, deadline: "1ms" } };
  const last = { probe: { operation: "GET /stock", expect: { status: 200 }, final: true, deadline: "1ms" } };
  const { runner, checks, calls, made } = rig([ORDER, list, last], ({ path }) => ({
    status: path === "/orders" ? 404 : 200,
  }));
  made({ id: "1" });
  await runner.asked();
  made({ id: "2" }, 2);
  await runner.close();
  const paths = (): string[] => calls.map(({ path }) => path);
  expect(new Set(paths())).toEqual(new Set(["/orders"]));
  await runner.makeFinal(1, checks[1] as CompiledProbe, 3);
  expect(paths()).not.toContain("/stock");
  await runner.makeFinal(2, checks[2] as CompiledProbe, 3);
  expect(paths().filter((path) => path === "/stock")).toEqual(["/stock"]);
});

test("a probe that was never made for want of captures is not made at the end either", async () => {
  const { runner, checks, calls, states } = rig([ORDER, PAID], () => ({}));
  await runner.makeFinal(1, checks[1] as CompiledProbe, 4);
  expect([calls, states[1]?.evidence]).toEqual([[], "was not asked: its captures never came to be"]);
});

test("captured values are filled into query and expectation; braces of other names stay", async () => {
  const filled = {
    probe: {
      operation: "GET /orders",
      query: { id: "{order}", note: "{other}" },
      expect: { body: { "$.id": "{order}" } },
    },
  };
  const { runner, states, calls, made } = rig([ORDER, filled], () => ({ json: { id: "7" } }));
  made({ id: 7 });
  await runner.close();
  expect(calls[0]?.query).toEqual({ id: "7", note: "{other}" });
  expect(states[1]?.held).toBe(true);
});

test("evidence hides secrets, and a transport that throws is evidence, not a crash", async () => {
  const { runner, states, made } = rig([ORDER, PAID], () => Promise.reject(new Error("hunter2 broke")));
  made({ id: "1" });
  await runner.asked();
  await runner.close();
  expect(states[1]).toMatchObject({ held: false, evidence: "could not be asked: [masked] broke" });
});

test("the end of the run ends a probe: nothing is repeated and a cut-off answer is no evidence", async () => {
  const { runner, states, calls, ended, events, made } = rig([ORDER, PAID], () => {
    ended.abort();
    return { status: 0, error: "cancelled" };
  });
  made({ id: "1" });
  await runner.close();
  expect([calls.length, events, states[1]?.held]).toEqual([1, [], false]);
});

test("an empty parameter of an action's path is no value for a probe", () => {
  const like = { action: { operation: "POST /posts/{postId}/likes" } };
  const read = { probe: { operation: "GET /posts/{postId}" } };
  const { runner, checks, calls } = rig([like, read], () => ({ json: {} }));
  runner.observe(1, checks[0] as CompiledAction, resultOf({ status: 201 }), "POST /posts//likes");
  expect(calls).toEqual([]);
  runner.observe(2, checks[0] as CompiledAction, resultOf({ status: 201 }), "POST /posts/7/likes");
  expect(calls.map(({ path }) => path)).toEqual(["/posts/7"]);
});

test("only an answer that values were captured from says that something is not ready", async () => {
  const { runner, checks, states, made } = rig(
    [ORDER, { action: { operation: "POST /jobs" } }, PAID],
    () => ({
      status: 404,
    }),
  );
  runner.observe(1, checks[1] as CompiledAction, resultOf({ status: 202, json: { status: "pending" } }));
  made({ id: "1" });
  await runner.close();
  expect(states[2]?.missing).toBe(true);
});

test("the end waits for the probes that are still under way after another has ended", async () => {
  let answer: (given: Answer) => void = () => undefined;
  const other = { probe: { operation: "GET /carts/{order}" } };
  const { runner, states, made } = rig([ORDER, PAID, other], ({ path }) =>
    path.startsWith("/carts")
      ? new Promise<Answer>((resolve) => {
          answer = resolve;
        })
      : { json: { state: "paid" } },
  );
  made({ id: "1" });
  while (states[1]?.held === false) await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  const closed = runner.close();
  answer({ json: {} });
  await closed;
  expect(states[2]?.held).toBe(true);
});
