import type { ToolCall } from "@ape/core/protocol/tool-call";
import { expect, test } from "vitest";
import { jsonResult } from "../../test/json-result.ts";
import {
  type Answer,
  api,
  fakeClock,
  finishTool,
  goal,
  login,
  order,
  play,
  shop,
  type Tool,
} from "../../test/session.ts";
import { VerificationBudget } from "../attribution/verification-budget.ts";

test("a goal is reached: secrets filled in, token and cookie kept, probe asked with the session's credentials", async () => {
  const { report, ended, calls, prompts, events, committed, steps } = await play(
    [login, order, finishTool],
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
  const { prompts } = await play([login, order, ["http_get", { path: "/x" }], finishTool], (call) =>
    call.path === "/x" ? { status: 200, json: [] } : shop(call),
  );
  for (const word of ["GET /orders", "paid", "probe", "check"]) expect(prompts.join()).not.toContain(word);
});

test("the model's word counts for nothing: finishing without an order is a failure of the simulation", async () => {
  const { ended } = await play([finishTool], shop);
  expect(ended).toMatchObject({
    outcome: "failed",
    attribution: "simulation",
    reason: expect.stringContaining("action POST /orders"),
  });
});

test("a probe that does not hold fails the session with its evidence", async () => {
  const { ended, events } = await play([login, order, finishTool], (call) =>
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
  const { ended } = await play([login, order, finishTool], (call) => {
    if (call.method !== "GET") return shop(call);
    asked += 1;
    return asked < 3 ? { status: 404 } : shop(call);
  });
  expect(ended?.outcome).toBe("succeeded");
  expect(asked).toBe(3);
});

test("401 drops the token, a new login goes on", async () => {
  let expired = false;
  const { ended, calls } = await play([login, order, login, order, finishTool], (call, n) => {
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

test.each([
  ["that should still hold by the target's own word", { expires_in: 1800 }, "target"],
  ["of which nothing was stated", {}, "unclear"],
])(
  "three logins whose credentials, %s, are refused at once end the session",
  async (_, stated, attribution) => {
    const { ended } = await play(
      [login, order, login, order, login, order, login, order],
      (call) =>
        call.path === "/login"
          ? { status: 200, json: { accessToken: "tok-abcdef-123456", ...stated } }
          : { status: 401 },
      { apis: [{ ...api, documented: false }] },
    );
    expect(ended).toMatchObject({ outcome: "gave_up", attribution });
  },
);

test("a 429 within the Retry-After of an earlier good answer is not the target's fault", async () => {
  for (const [headers, attribution] of [
    [{ "retry-after": "60" }, "simulation"],
    [{}, "target"],
  ] as const) {
    let orders = 0;
    const { steps } = await play([login, order, order, finishTool], (call) => {
      if (!call.path.startsWith("/orders") || call.method !== "POST") return shop(call);
      orders += 1;
      return orders === 1 ? { ...shop(call), headers } : { status: 429 };
    });
    expect(steps[2]?.action).toMatchObject({ status: 429, attribution });
  }
});

test.each([
  [503, { "retry-after": "2" }, 2000],
  [429, {}, 500],
])("%i: the session waits by itself before its next action, and says so", async (status, headers, waited) => {
  const { clock, prompts, steps, ended } = await play([login, order, order, finishTool], (call, n) =>
    n === 2 ? { status, headers } : shop(call),
  );
  expect(clock.slept).toContain(waited);
  expect(prompts[2]).toContain(`waited ${waited} ms`);
  expect(steps[2]).toMatchObject({ thinkMs: waited });
  expect(steps[1]?.action).toMatchObject({ failed: true, attribution: "target" });
  expect(ended?.outcome).toBe("succeeded");
});

test("404, 409 and 422 are explained to the model with the body", async () => {
  const { prompts, steps } = await play([login, order, finishTool], (call, n) =>
    n === 2 ? { status: 422, json: { fields: { address: "is missing" } } } : shop(call),
  );
  expect(prompts[2]).toContain("-> 422");
  expect(prompts[2]).toContain("is missing");
  expect(steps[1]?.action?.response).toContain("is missing");
});

test.each<[string, string, Tool | string]>([
  ["prose", "inference", "I would log in now."],
  ["half a JSON", "inference", ["http_get", '{"path": "/pro']],
  ["an unknown tool", "inference", ["teleport", {}]],
  ["nothing at all", "inference", ""],
  ["an unknown placeholder", "simulation", ["http_get", { path: "/o/{{nobody}}" }]],
])(
  "a model that answers %s is asked again twice, then the session ends, attributed to %s",
  async (_, attribution, wrong) => {
    const { ended, prompts, events, calls } = await play([wrong], shop);
    expect(prompts).toHaveLength(3);
    expect(prompts[1]).toContain("# Problem");
    expect(events.filter(({ type }) => type === "decision_invalid")).toHaveLength(3);
    expect(ended).toMatchObject({ outcome: "error", attribution });
    expect(calls).toEqual([]);
  },
);

test("a model that mends its answer goes on", async () => {
  expect((await play(["prose", login, order, "prose", finishTool], shop)).ended?.outcome).toBe("succeeded");
});

test("a failed model is inference's fault, a throwing part of APE's own the infrastructure's", async () => {
  const failing = await play([finishTool], shop, {
    policy: {
      decide: async () => ({
        error: { code: "limit", status: 429, message: "too many" },
        tokens: 0,
        queueMs: 0,
      }),
    },
  });
  expect(failing.ended).toMatchObject({ outcome: "error", attribution: "inference" });
  const throwing = await play([finishTool], shop, {
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

test("a session whose time passes while the model has not answered yet is the inference's failure", async () => {
  const { ended, calls } = await play([], shop, {
    goal: goal({ budget: { time: "50ms" } }),
    clock: { now: () => performance.now(), epoch: () => Date.now(), sleep: async () => undefined },
    policy: {
      decide: (_view, { signal }) =>
        new Promise((resolve) =>
          signal.addEventListener("abort", () => resolve({ problem: "cut off", tokens: 0, queueMs: 0 })),
        ),
    },
  });
  expect(ended).toMatchObject({
    outcome: "time_budget",
    attribution: "inference",
    reason: "50 ms have passed",
  });
  expect(calls).toEqual([]);
});

test("the same call failing five times is given up", async () => {
  const { ended, calls } = await play([order], () => ({ status: 500 }));
  expect(calls).toHaveLength(5);
  expect(ended).toMatchObject({
    outcome: "gave_up",
    attribution: "target",
    reason: "POST /orders failed 5 times in a row: POST /orders answered 500 in step 1",
  });
});

test("a probe that asks anew after a login is answered before the session may log out", async () => {
  const logout: Tool = ["http_post", { path: "/logout" }];
  let probes = 0;
  let out = false;
  const { ended } = await play(
    [login, order, ["http_get", { path: "/cart" }], login, logout, finishTool],
    (call) => {
      if (call.path === "/login" || call.path === "/orders") return shop(call);
      if (call.path === "/logout") {
        out = true;
        return { status: 204 };
      }
      if (call.path === "/cart" || out) return { status: 401 };
      probes += 1;
      return { status: [401, 429][probes - 1] ?? 200, json: { state: "paid", total: 12 } };
    },
  );
  expect(probes).toBe(3);
  expect(ended?.outcome).toBe("succeeded");
});

test("a refusal of credentials that was cut in the middle is asked again, and holds nobody for ever", async () => {
  let probes = 0;
  const { ended } = await play([login, order, finishTool], (call) => {
    if (call.method !== "GET") return shop(call);
    probes += 1;
    return probes === 1
      ? {
          status: 401,
          error: { code: "reset", message: "the connection was cut in the middle of the answer" },
        }
      : shop(call);
  });
  expect(probes).toBe(2);
  expect(ended?.outcome).toBe("succeeded");
});

test("a probe that is not served in time is asked three times, whatever its deadline", async () => {
  let probes = 0;
  const slow = goal({
    success: [
      { action: { operation: "POST /orders", status: 201, capture: { order: "$.id" } } },
      { probe: { operation: "GET /orders/{order}", deadline: "1ms" } },
    ],
  });
  const { ended } = await play(
    [login, order, finishTool],
    (call) => {
      if (call.method !== "GET") return shop(call);
      probes += 1;
      return probes < 3 ? { status: 429 } : shop(call);
    },
    { goal: slow },
  );
  expect([probes, ended?.outcome]).toEqual([3, "succeeded"]);
});

test("a persona leaves when it has met too many errors, and its name stands in the session's events", async () => {
  const persona = {
    name: "impatient",
    weight: 1,
    prompt: "You are in a hurry.",
    thinkTimeFactor: 1,
    patience: { errors: 2 },
  };
  const look: Tool = ["http_get", { path: "/orders" }];
  const { ended, calls, events, prompts } = await play([look, order], () => ({ status: 503 }), { persona });
  expect(calls).toHaveLength(2);
  expect(ended).toMatchObject({ outcome: "gave_up", persona: "impatient", attribution: "target" });
  expect(ended?.reason).toMatch(/^lost patience after 2 failed actions: POST \/orders answered 503/);
  expect(events[0]).toMatchObject({ type: "session_started", persona: "impatient" });
  expect(prompts[0]).toContain("# Who you are\nYou are in a hurry.");
});

test("a persona that waits too long leaves; the target is to blame where it took the time", async () => {
  const persona = { name: "me", weight: 1, prompt: "x", thinkTimeFactor: 1, patience: { time: 10_000 } };
  let time = 0;
  const clock = {
    now: () => time,
    epoch: () => time,
    sleep: async (ms: number) => {
      time += ms;
    },
  };
  const { ended } = await play(
    [login],
    () => {
      time += 4_000;
      return { status: 200 };
    },
    { persona, clock },
  );
  expect(ended).toMatchObject({ outcome: "gave_up", attribution: "target", steps: 3 });
});

test("the end of the run cuts a session off: it has no outcome", async () => {
  const end = new AbortController();
  const { report, events, ended } = await play(
    [login, order, finishTool],
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

test("an answer that is nested too deep fails its step, and no session ends by it", async () => {
  const json = JSON.parse(`${"[".repeat(60_000)}${"]".repeat(60_000)}`) as [];
  const deep = (status: number) =>
    play([login, order, finishTool], (call, n) => (n === 2 ? { status, json, bytes: 120_000 } : shop(call)));
  const [good, refused] = await Promise.all([deep(201), deep(409)]);
  expect(good.ended).toMatchObject({ outcome: "failed", attribution: "infrastructure" });
  expect(good.ended?.reason).toContain("nested deeper than 1,000 levels");
  expect(refused.ended?.outcome).toBe("failed");
  expect(refused.ended?.reason).toContain("409");
});

test("two sessions at once share nothing", async () => {
  const [one, two] = await Promise.all([
    play([login, order, finishTool], shop),
    play([order, finishTool], shop),
  ]);
  expect(one.ended?.outcome).toBe("succeeded");
  expect(two.calls[0]?.headers?.authorization).toBeUndefined();
  expect(two.calls[0]?.headers?.cookie).toBeUndefined();
});

test("the same seed and the same answers give the same steps", async () => {
  const run = async () =>
    (await play([login, order, finishTool], shop, { thinkTime: { exponential: { mean: 100 } } })).steps.map(
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
      finishTool,
    ],
    shop,
  );
  expect(steps[0]?.gained).toEqual(["wish"]);
  expect(clock.slept).toEqual([30]);
  expect(calls[0]?.path).toBe("/w/w-9");
});

const leave: Tool = ["http_post", { path: "/logout" }];

test("a probe that is not served holds the session's next call, which may end its credentials", async () => {
  let refused = 0;
  const { ended, calls } = await play([login, order, leave, finishTool], (call) => {
    if (call.method !== "GET") return call.path === "/logout" ? { status: 204 } : shop(call);
    refused += 1;
    return refused < 3 ? { status: 503 } : shop(call);
  });
  expect(ended?.outcome).toBe("succeeded");
  expect(calls.map(({ method, path }) => `${method} ${path}`).slice(1)).toEqual([
    "POST /orders",
    "GET /orders/o-1",
    "GET /orders/o-1",
    "GET /orders/o-1",
    "POST /logout",
  ]);
});

test("a logout waits for a probe that the target has not fulfilled yet, until its deadline at most", async () => {
  const late = (after: number) => {
    let reads = 0;
    const answer = (call: ToolCall): Answer => {
      if (call.method !== "GET") return call.path === "/logout" ? { status: 204 } : shop(call);
      reads += 1;
      return { status: 200, json: { state: reads < after ? "pending" : "paid", total: 12 } };
    };
    return play([login, order, leave, finishTool], answer, { apis: [{ ...api, documented: false }] });
  };
  const soon = await late(3);
  expect(soon.ended?.outcome).toBe("succeeded");
  expect(soon.calls.map(({ path }) => path).slice(2)).toEqual([
    "/orders/o-1",
    "/orders/o-1",
    "/orders/o-1",
    "/logout",
  ]);
  const never = await late(1_000);
  expect(never.ended?.outcome).toBe("failed");
  expect(never.calls.filter(({ path }) => path === "/logout")).toHaveLength(1);
});

test("a probe whose credentials were refused asks again when the session has new ones", async () => {
  let valid = true;
  const { ended, calls } = await play([login, order, order, login, leave, finishTool], (call, n) => {
    if (n === 3) valid = false;
    if (call.path === "/login") valid = true;
    if (call.path === "/logout") return { status: 204 };
    return valid ? shop(call) : { status: 401 };
  });
  expect(ended?.outcome).toBe("succeeded");
  expect(calls.map(({ path }) => path).slice(2)).toEqual([
    "/orders/o-1",
    "/orders",
    "/login",
    "/orders/o-1",
    "/logout",
  ]);
});

test("the time between actions is the sum of its parts, invalid decisions included", async () => {
  const clock = fakeClock();
  const script: (Tool | string)[] = [login, "prose", "prose", ["wait", { ms: 30 }], order, finishTool];
  let asked = 0;
  const { steps } = await play(script, shop, {
    clock,
    thinkTime: { constant: 20 },
    policy: {
      decide: async () => {
        const next = script[asked] as Tool | string;
        asked += 1;
        await clock.sleep(100);
        const base = { tokens: 1, queueMs: 40 };
        if (typeof next === "string") return { ...base, problem: "no tool call" };
        const [tool, args] = next as [string, { path: string; ms: number }];
        if (tool === "wait") return { ...base, decision: { kind: "wait", tool, args, ms: args.ms } };
        if (tool === "finish") return { ...base, decision: { kind: "finish", tool, args, reason: "" } };
        return {
          ...base,
          decision: { kind: "action", tool, args, target: "shop", method: "POST", path: args.path },
        };
      },
    },
  });
  expect(steps.map(({ decisionMs, thinkMs, queueMs }) => [decisionMs, thinkMs, queueMs])).toEqual([
    [60, 20, 40],
    [180, 30, 120],
    [60, 20, 40],
    [60, 0, 40],
  ]);
  expect(steps[2]?.betweenMs).toBe(180 + 30 + 120 + 60 + 20 + 40);
});

test("time in which a call waits for the store of events is queue time, and no part of the action's", async () => {
  const clock = fakeClock();
  const held = [0, 13_000];
  let called = 0;
  const { steps } = await play([login, order, finishTool], shop, {
    clock,
    tools: {
      call: async (call) => {
        const heldMs = held[called] ?? 0;
        called += 1;
        await clock.sleep(heldMs + 50);
        const { status, json = {} } = shop(call);
        return jsonResult(json, { status, heldMs });
      },
    },
  });
  expect(
    steps.slice(0, 2).map(({ action, queueMs, betweenMs }) => [action?.durationMs, queueMs, betweenMs]),
  ).toEqual([
    [50, 0, undefined],
    [50, 13_000, 13_000],
  ]);
});

test("a session whose time passes because calls wait for the store of events is the infrastructure's failure", async () => {
  const clock = fakeClock();
  const { ended } = await play([["http_get", { path: "/things" }]], shop, {
    clock,
    goal: goal({ budget: { time: "60s" } }),
    tools: {
      call: async () => {
        await clock.sleep(20_000);
        return jsonResult([], { heldMs: 19_000 });
      },
    },
  });
  expect(ended).toMatchObject({ outcome: "time_budget", attribution: "infrastructure" });
});

test("a call that the end of the run cuts off stays an intent: no step, no failure, no outcome", async () => {
  const end = new AbortController();
  const { report, events, steps } = await play(
    [login, order, finishTool],
    (call, n) => {
      if (n !== 2) return shop(call);
      end.abort();
      return { status: 0, error: { code: "cancelled", message: "the run ended first" } };
    },
    { signal: end.signal },
  );
  expect(steps).toHaveLength(1);
  expect(events.filter(({ type }) => type === "action_sent")).toHaveLength(2);
  expect(events.at(-1)).toMatchObject({ type: "session_interrupted", steps: 1 });
  expect(report).toMatchObject({ outcome: undefined, steps: 1 });
});

test("an end of the run while the session thinks leaves no trace of the action", async () => {
  const end = new AbortController();
  const clock = fakeClock();
  const { calls, events } = await play([login, finishTool], shop, {
    signal: end.signal,
    thinkTime: { constant: 500 },
    clock: { ...clock, sleep: async () => end.abort() },
  });
  expect(calls).toEqual([]);
  expect(events.map(({ type }) => type)).toEqual(["session_started", "session_interrupted"]);
  expect(events.at(-1)).toMatchObject({ steps: 0 });
});

test("what a target asks to wait is cut by the time budget, and nothing is sent after it", async () => {
  const { clock, calls, ended } = await play(
    [login, order, order, finishTool],
    (call, n) => (n === 2 ? { status: 503, headers: { "retry-after": "86400" } } : shop(call)),
    { goal: goal({ budget: { time: "10s" } }) },
  );
  expect(clock.slept).toEqual([10_000]);
  expect(calls).toHaveLength(2);
  expect(ended).toMatchObject({ outcome: "time_budget", attribution: "target", durationMs: 10_000 });
});

test("a call that took the whole time budget is the target's fault, one that was just sent is not", async () => {
  for (const [ms, attribution, ofAction] of [
    [9_000, "target", "target"],
    [10, "simulation", "unclear"],
  ] as const) {
    const clock = fakeClock();
    const { ended, steps } = await play([["http_get", { path: "/slow" }]], () => ({ status: 200 }), {
      clock,
      goal: goal({ budget: { time: "10s" } }),
      thinkTime: { constant: 10_000 - ms },
      tools: {
        call: async (call) => {
          await clock.sleep(ms);
          return {
            status: 0,
            headers: {},
            body: { kind: "empty" },
            timing: { total: ms, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 0, body: 0 },
            attempts: [],
            operation: `GET ${call.path}`,
            error: { code: "cancelled", message: "the session ended first" },
          };
        },
      },
    });
    expect(ended).toMatchObject({ outcome: "time_budget", attribution });
    expect(steps[0]?.action).toMatchObject({ failed: true, attribution: ofAction });
  }
});

test("a secret that a target repeats reaches neither a prompt nor an event, wherever it stands", async () => {
  const token = "tok-abcdef-123456";
  const { prompts, events } = await play(
    [
      login,
      ["http_get", { path: "/me" }],
      ["http_get", { path: `/x?key=${token}`, headers: { a: token } }],
      finishTool,
    ],
    (call, n): Answer => {
      if (call.path === "/login") return shop(call);
      if (n === 2)
        return {
          status: 401,
          json: { error: `token ${token} has expired`, deep: { er: { yet: ["hunter22", { hunter22: 1 }] } } },
          headers: { location: `/login?pw=hunter22` },
        };
      return {
        status: 500,
        json: { next: `/a?t=${token}`, pad: "x".repeat(1_960), cut: `${token}${token}` },
      };
    },
  );
  for (const secret of ["hunter22", "tok-abcdef"]) {
    expect(prompts.join()).not.toContain(secret);
    expect(JSON.stringify(events)).not.toContain(secret);
  }
  expect(prompts.at(-1)).toContain("token {{accessToken}} has expired");
});

test("a secret that is an ordinary word leaves the words of calls and prompts alone", async () => {
  const { steps, prompts } = await play([login, finishTool], shop, {
    row: { index: 0, values: { email: "a@b.c", password: "password" }, secret: ["password"] },
  });
  expect(steps[0]?.args).toEqual({ path: "/login", data: { email: "a@b.c", password: "{{password}}" } });
  expect(prompts[1]).toContain('POST /login {"email":"a@b.c","password":"{{password}}"}');
});

test("a failed action keeps its request and response, bounded", async () => {
  const long: Tool = ["http_post", { path: "/orders", data: { note: "n".repeat(5_000) } }];
  const { steps } = await play([login, long, finishTool], (call, n) =>
    n === 2 ? { status: 422, json: { message: "m".repeat(5_000) } } : shop(call),
  );
  const { request, response } = steps[1]?.action ?? {};
  expect(request).toMatch(/^POST \/orders \{"note":"n+/);
  for (const text of [request, response]) {
    expect(text?.length).toBeGreaterThan(1_500);
    expect(text?.length).toBeLessThanOrEqual(2_000);
  }
  expect(JSON.stringify(steps[1]?.args).length).toBeLessThan(4_100);
});

const me: Tool = ["http_get", { path: "/me" }];

test("a 401 is the target's fault where the same read is answered right after, the simulation's after signing out", async () => {
  let reads = 0;
  const { steps, events } = await play(
    [login, me, login, leave, me, finishTool],
    (call) => {
      if (call.path === "/me") {
        reads += 1;
        return { status: reads === 2 ? 200 : 401 };
      }
      return call.path === "/logout" ? { status: 204 } : shop(call);
    },
    { apis: [{ ...api, documented: false }], verification: new VerificationBudget() },
  );
  expect(events.filter(({ type }) => type === "verification")).toMatchObject([
    { step: 2, operation: "GET /me", status: 200, attribution: "target" },
  ]);
  expect(steps.map(({ action }) => action?.attribution)).toEqual([
    undefined,
    "target",
    undefined,
    undefined,
    "simulation",
    undefined,
  ]);
});

test("logins by cookie that lead nowhere are given up too", async () => {
  const cookies = { ...api, documented: false, auth: [{ type: "cookie", name: "sid" } as const] };
  const { ended, calls } = await play(
    [login, me, login, me, login, me, login, me],
    (call): Answer =>
      call.path === "/login"
        ? { status: 204, headers: { "set-cookie": ["sid=1; Path=/"] } }
        : { status: 401 },
    { apis: [cookies] },
  );
  expect(ended).toMatchObject({ outcome: "gave_up", attribution: "unclear" });
  expect(calls).toHaveLength(6);
});

test("the credential of a login is found and shown where no name tells of it", async () => {
  const { calls, prompts } = await play([login, me, finishTool], (call) =>
    call.path === "/login"
      ? { status: 200, json: { wob: "zZ9kQ1xW7vB3nM5pL2", mup: "hello" } }
      : { status: 200, json: [] },
  );
  expect(calls[1]?.headers?.authorization).toBe("Bearer zZ9kQ1xW7vB3nM5pL2");
  expect(prompts.join()).not.toContain("zZ9kQ1xW7vB3nM5pL2");
  expect(prompts[1]).toContain("{{wob}}");
});

test("a recorder or a tool that throws ends the session as the infrastructure's fault, it never rejects", async () => {
  const throwing = await play([login], shop, {
    tools: { call: () => Promise.reject(new Error("no gateway")) },
  });
  expect(throwing.ended).toMatchObject({
    outcome: "error",
    attribution: "infrastructure",
    reason: "no gateway",
  });
  const full = (): never => {
    throw new Error("disk full");
  };
  const { report } = await play([login], shop, { recorder: { record: full, commit: full } });
  expect(report).toMatchObject({ outcome: "error", steps: 0 });
});

test("a session of a thousand steps asks with prompts no longer than one of thirty", async () => {
  const answer = (_: ToolCall, n: number): Answer => ({
    status: 200,
    json: {
      id: `x-${n}`,
      [`field${n}Id`]: n,
      list: Array.from({ length: 50 }, (_, m) => ({ id: `${n}-${m}` })),
    },
    headers: { "set-cookie": [`c${n}=${n}; Path=/`] },
  });
  const { prompts } = await play([["http_get", { path: "/things" }]], answer, {
    goal: goal({ budget: { steps: 1_000, tokens: 1_000_000_000 } }),
  });
  expect(prompts).toHaveLength(1_000);
  expect(prompts.at(-1)?.length).toBeLessThan((prompts[30]?.length ?? 0) * 1.2);
});

test("with several targets each keeps its own credentials", async () => {
  const bank = { ...api, target: "bank" };
  const at = (name: string, [tool, args]: Tool): Tool => [
    tool,
    { ...(args as object), api_name: name } as never,
  ];
  const { calls } = await play([at("shop", login), at("bank", me), at("shop", me), finishTool], shop, {
    apis: [api, bank],
    origins: { shop: "http://127.0.0.1:1", bank: "http://bank.test:2" },
  });
  expect(calls.map(({ headers }) => [headers?.authorization, headers?.cookie])).toEqual([
    [undefined, undefined],
    [undefined, undefined],
    ["Bearer tok-abcdef-123456", "sid=c00kie"],
  ]);
});

test("the record of a failed step has a reason only where the answer leaves it open", async () => {
  const recorded = async (status: number) =>
    (await play([order, finishTool], () => ({ status }))).steps[0]?.action;
  expect(await recorded(500)).toMatchObject({ attribution: "target", failed: true });
  expect(await recorded(500)).not.toHaveProperty("because");
  expect(await recorded(429)).toMatchObject({
    because: "the target answered 429 and had announced no limit",
  });
});
