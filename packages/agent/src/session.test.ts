import type { ApiDescription } from "@ape/core/api";
import type { ModelAnswer, ModelCall } from "@ape/core/chat";
import type { Clock } from "@ape/core/clock";
import { type GoalConfig, goal as goalSchema } from "@ape/core/config/goal";
import type { Event, Recorder, SessionEnded, StepEnded } from "@ape/core/events";
import type { Json } from "@ape/core/json";
import { randomFrom } from "@ape/core/random";
import type { ToolCall, ToolResult } from "@ape/core/tool-call";
import { expect, test } from "vitest";
import { createModelPolicy } from "./model-policy.ts";
import { runSession, type SessionOptions } from "./session.ts";

/** A clock whose sleeps pass at once and are added up. */
function fakeClock(): Clock & { slept: number[] } {
  let time = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => time,
    epoch: () => 1_000_000 + time,
    sleep: async (ms) => {
      slept.push(ms);
      time += ms;
    },
  };
}

type Tool = [name: string, args: Json];
type Answer = { status: number; json?: Json; headers?: ToolResult["headers"]; error?: ToolResult["error"] };

const api: ApiDescription = {
  target: "shop",
  title: "Shop",
  documented: true,
  auth: [{ type: "bearer" }],
  operations: [],
};
const goal = (more: Partial<Parameters<typeof goalSchema.parse>[0] & object> = {}): GoalConfig =>
  goalSchema.parse({
    name: "buy",
    prompt: "Buy a thing",
    success: [
      { action: { operation: "POST /orders", status: 201, capture: { order: "$.id" } } },
      {
        probe: {
          operation: "GET /orders/{order}",
          expect: { body: { "$.state": "paid", "$.total": { lt: 50 } } },
          deadline: "1s",
        },
      },
    ],
    ...more,
  });

/** Runs one session against a script of model answers and a function that answers calls. */
async function play(
  script: (Tool | string)[],
  answer: (call: ToolCall, n: number) => Answer,
  more: Partial<SessionOptions> = {},
) {
  const events: Event[] = [];
  const committed: Event[] = [];
  const prompts: string[] = [];
  const calls: ToolCall[] = [];
  const clock = fakeClock();
  const recorder: Recorder = {
    record: (event) => void events.push(event),
    commit: (event) => {
      events.push(event);
      committed.push(event);
    },
  };
  let asked = 0;
  const complete = async ({ request }: ModelCall): Promise<ModelAnswer> => {
    prompts.push(request.messages.map(({ content }) => content).join("\n"));
    const next = script[Math.min(asked, script.length - 1)] as Tool | string;
    asked += 1;
    const base = { inference: `i${asked}`, inputTokens: 100, outputTokens: 10, queueMs: 0 };
    if (typeof next === "string") return { ...base, content: next, toolCalls: [] };
    return {
      ...base,
      content: "",
      toolCalls: [
        { name: next[0], arguments: typeof next[1] === "string" ? next[1] : JSON.stringify(next[1]) },
      ],
    };
  };
  const apis = [api];
  const report = await runSession({
    session: "s0-0",
    agent: "a0-0",
    trace: "0af7651916cd43dd8448eb211c80319c",
    goal: goal(),
    row: { index: 0, values: { email: "a@b.c", password: "hunter22" }, secret: ["password"] },
    apis,
    origins: { shop: "http://127.0.0.1:1" },
    policy: createModelPolicy({
      model: { complete },
      modelName: "m",
      maxCompletionTokens: 100,
      temperature: 0,
      apis,
    }),
    tools: {
      call: async (call) => {
        calls.push(call);
        const { status, json, headers = {}, error } = answer(call, calls.length);
        return {
          status,
          headers,
          body: json === undefined ? { kind: "empty" } : { kind: "json", json, bytes: 1 },
          timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
          attempts: [{ status, duration: 1, backoff: 0 }],
          operation: `${call.method} ${call.path.replace(/\/o-\d+$/, "/{order}")}`,
          ...(error === undefined ? {} : { error }),
        };
      },
    },
    recorder,
    clock,
    random: randomFrom(1),
    thinkTime: "none",
    secrets: [],
    signal: new AbortController().signal,
    ...more,
  });
  const ended = events.find((event): event is SessionEnded => event.type === "session_ended");
  const steps = events.filter((event): event is StepEnded => event.type === "step");
  return { report, events, committed, prompts, calls, clock, ended, steps };
}

const login: Tool = ["http_post", { path: "/login", data: { email: "a@b.c", password: "{{password}}" } }];
const order: Tool = ["http_post", { path: "/orders" }];
const finish: Tool = ["finish", { reason: "done" }];
const shop = (call: ToolCall): Answer => {
  if (call.path === "/login")
    return {
      status: 200,
      json: { accessToken: "tok-abcdef-123456" },
      headers: { "set-cookie": ["sid=c00kie; Path=/"] },
    };
  if (call.headers?.authorization !== "Bearer tok-abcdef-123456") return { status: 401 };
  if (call.method === "GET") return { status: 200, json: { id: "o-1", state: "paid", total: 12 } };
  return { status: 201, json: { id: "o-1" } };
};

test("a goal is reached: secrets filled in, token and cookie kept, probe asked with the session's credentials", async () => {
  const { report, ended, calls, prompts, events, committed, steps } = await play(
    [login, order, finish],
    shop,
  );
  expect(report).toMatchObject({ outcome: "succeeded", steps: 3 });
  expect(ended?.checks.map(({ held }) => held)).toEqual([true, true]);
  expect(calls[0]?.data).toEqual({ email: "a@b.c", password: "hunter22" });
  expect(calls[1]?.headers).toMatchObject({
    authorization: "Bearer tok-abcdef-123456",
    cookie: "sid=c00kie",
  });
  expect(calls[2]).toMatchObject({ method: "GET", path: "/orders/o-1" });
  expect(calls[2]?.headers?.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-/);
  expect(committed.map(({ type }) => type)).toEqual(["action_sent", "action_sent"]);
  expect(events.findIndex(({ type }) => type === "action_sent")).toBeLessThan(
    events.findIndex(({ type }) => type === "step"),
  );
  expect(steps.map(({ betweenMs }) => betweenMs !== undefined)).toEqual([false, true, false]);
  for (const secret of ["hunter22", "tok-abcdef", "c00kie"]) {
    expect(JSON.stringify(events)).not.toContain(secret);
    expect(prompts.join()).not.toContain(secret);
  }
});

test("checks, probes and their results never enter a prompt", async () => {
  const { prompts } = await play([login, order, ["http_get", { path: "/x" }], finish], (call) =>
    call.path === "/x" ? { status: 200, json: [] } : shop(call),
  );
  for (const word of ["GET /orders", "paid", "probe", "check"]) expect(prompts.join()).not.toContain(word);
});

test("the model's word counts for nothing: finishing without an order is a failure of the simulation", async () => {
  const { ended } = await play([finish], shop);
  expect(ended).toMatchObject({
    outcome: "failed",
    attribution: "simulation",
    reason: expect.stringContaining("action POST /orders"),
  });
});

test("a probe that does not hold fails the session with its evidence", async () => {
  const { ended, events } = await play([login, order, finish], (call) =>
    call.method === "GET" ? { status: 200, json: { state: "pending", total: 12 } } : shop(call),
  );
  expect(ended?.outcome).toBe("failed");
  expect(ended?.checks[1]).toMatchObject({
    held: false,
    evidence: 'GET /orders/o-1 -> 200: $.state is "pending", wanted "paid"',
  });
  expect(events.filter(({ type }) => type === "probe").length).toBeGreaterThan(2);
});

test("a probe is repeated until it holds", async () => {
  let asked = 0;
  const { ended } = await play([login, order, finish], (call) => {
    if (call.method !== "GET") return shop(call);
    asked += 1;
    return asked < 3 ? { status: 404 } : shop(call);
  });
  expect(ended?.outcome).toBe("succeeded");
  expect(asked).toBe(3);
});

test("401 drops the token, a new login goes on", async () => {
  let expired = false;
  const { ended, calls } = await play([login, order, login, order, finish], (call, n) => {
    if (n === 2) {
      expired = true;
      return { status: 401 };
    }
    return shop(call);
  });
  expect(expired).toBe(true);
  expect(calls[2]?.headers?.authorization).toBeUndefined();
  expect(ended?.outcome).toBe("succeeded");
});

test("logins that lead nowhere are given up, by the target's fault", async () => {
  const { ended } = await play([login, order, login, order, login, order, login, order], (call) =>
    call.path === "/login" ? shop(call) : { status: 401 },
  );
  expect(ended).toMatchObject({ outcome: "gave_up", attribution: "target" });
});

test.each([
  [503, { "retry-after": "2" }, 2000],
  [429, {}, 500],
])("%i: the session waits by itself before its next action, and says so", async (status, headers, waited) => {
  const { clock, prompts, steps, ended } = await play([login, order, order, finish], (call, n) =>
    n === 2 ? { status, headers } : shop(call),
  );
  expect(clock.slept).toContain(waited);
  expect(prompts[2]).toContain(`waited ${waited} ms`);
  expect(steps[2]).toMatchObject({ thinkMs: waited });
  expect(steps[1]?.action).toMatchObject({ failed: true, attribution: "target" });
  expect(ended?.outcome).toBe("succeeded");
});

test("404, 409 and 422 are explained to the model with the body", async () => {
  const { prompts, steps } = await play([login, order, finish], (call, n) =>
    n === 2 ? { status: 422, json: { fields: { address: "is missing" } } } : shop(call),
  );
  expect(prompts[2]).toContain("-> 422");
  expect(prompts[2]).toContain("is missing");
  expect(steps[1]?.action?.response).toContain("is missing");
});

test.each<[string, Tool | string]>([
  ["prose", "I would log in now."],
  ["half a JSON", ["http_get", '{"path": "/pro']],
  ["an unknown tool", ["teleport", {}]],
  ["nothing at all", ""],
  ["an unknown placeholder", ["http_get", { path: "/o/{{nobody}}" }]],
])(
  "a model that answers %s is asked again twice, then the session ends as the simulation's fault",
  async (_, wrong) => {
    const { ended, prompts, events, calls } = await play([wrong], shop);
    expect(prompts).toHaveLength(3);
    expect(prompts[1]).toContain("# Problem");
    expect(events.filter(({ type }) => type === "decision_invalid")).toHaveLength(3);
    expect(ended).toMatchObject({ outcome: "error", attribution: "simulation" });
    expect(calls).toEqual([]);
  },
);

test("a model that mends its answer goes on", async () => {
  expect((await play(["prose", login, order, "prose", finish], shop)).ended?.outcome).toBe("succeeded");
});

test("a failed model is inference's fault, a throwing part of APE's own the infrastructure's", async () => {
  const failing = await play([finish], shop, {
    policy: {
      decide: async () => ({
        error: { code: "limit", status: 429, message: "too many" },
        tokens: 0,
        queueMs: 0,
      }),
    },
  });
  expect(failing.ended).toMatchObject({ outcome: "error", attribution: "inference" });
  const throwing = await play([finish], shop, {
    policy: { decide: () => Promise.reject(new Error("boom")) },
  });
  expect(throwing.ended).toMatchObject({ outcome: "error", attribution: "infrastructure", reason: "boom" });
});

test("budgets end a session: steps, tokens, time", async () => {
  const read: Tool = ["http_get", { path: "/things" }];
  const bounded = (budget: object) =>
    play([read], () => ({ status: 200, json: [] }), { goal: goal({ budget }) });
  expect((await bounded({ steps: 4 })).ended).toMatchObject({ outcome: "step_budget", steps: 4 });
  expect((await bounded({ tokens: 250 })).ended).toMatchObject({ outcome: "token_budget", steps: 3 });
  const slow = await play([["wait", { ms: 60_000 }]], shop, {
    goal: goal({ budget: { time: "50ms" } }),
    clock: {
      now: () => performance.now(),
      epoch: () => Date.now(),
      sleep: (_ms, signal) => new Promise((resolve) => signal?.addEventListener("abort", () => resolve())),
    },
  });
  expect(slow.ended?.outcome).toBe("time_budget");
});

test("the same call failing five times is given up", async () => {
  const { ended, calls } = await play([order], () => ({ status: 500 }));
  expect(calls).toHaveLength(5);
  expect(ended).toMatchObject({
    outcome: "gave_up",
    attribution: "target",
    reason: "POST /orders answered 500 in step 1",
  });
});

test("the end of the run cuts a session off: it has no outcome", async () => {
  const end = new AbortController();
  const { report, events, ended } = await play(
    [login, order, finish],
    (call, n) => {
      if (n === 2) end.abort();
      return shop(call);
    },
    { signal: end.signal },
  );
  expect(report.outcome).toBeUndefined();
  expect(ended).toBeUndefined();
  expect(events.at(-1)).toMatchObject({ type: "session_interrupted", steps: 2 });
});

test("two sessions at once share nothing", async () => {
  const [one, two] = await Promise.all([play([login, order, finish], shop), play([order, finish], shop)]);
  expect(one.ended?.outcome).toBe("succeeded");
  expect(two.calls[0]?.headers?.authorization).toBeUndefined();
  expect(two.calls[0]?.headers?.cookie).toBeUndefined();
});

test("the same seed and the same answers give the same steps", async () => {
  const run = async () =>
    (await play([login, order, finish], shop, { thinkTime: { exponential: { mean: 100 } } })).steps.map(
      ({ tool, args, thinkMs }) => ({ tool, args, thinkMs }),
    );
  expect(await run()).toEqual(await run());
});

test("values remembered and waits asked for", async () => {
  const { steps, calls, clock } = await play(
    [
      ["state_update", { set: { wish: "w-9" } }],
      ["wait", { ms: 30 }],
      ["http_get", { path: "/w/{{wish}}" }],
      finish,
    ],
    shop,
  );
  expect(steps[0]?.gained).toEqual(["wish"]);
  expect(clock.slept).toEqual([30]);
  expect(calls[0]?.path).toBe("/w/w-9");
});
