import type { Progress, RunHandle, RunResult } from "@ape/engine/progress";
import type { Summary } from "@ape/engine/summary";
import { expect, test } from "vitest";
import { conduct } from "./conduct.ts";
import { testIo } from "./testing.ts";
import { colours } from "./text/style.ts";
import { summaryText } from "./text/summary.ts";

const summary: Summary = {
  schema: 1,
  run: {
    id: "r",
    startedAt: "2026-01-01T00:00:00Z",
    durationMs: 20_000,
    seed: 7,
    runtime: "embedded",
    model: { provider: "simulated", name: "simulated", simulated: true },
    agents: 50,
    status: "finished",
    reason: "the planned time has passed",
    exitCode: 99,
  },
  metrics: {
    session_success: {
      type: "rate",
      unit: "1",
      values: { rate: 0.9, passes: 90, fails: 10 },
      thresholds: { "rate>0.95": { ok: false } },
    },
    time_between_actions: { type: "trend", unit: "ms", values: { avg: 700, med: 500, "p(95)": 2100 } },
    decision_duration: { type: "trend", unit: "ms", values: { avg: 80 } },
    action_duration: {
      type: "trend",
      unit: "ms",
      values: { avg: 2, min: 1, med: 2, max: 9, "p(90)": 3, "p(95)": 4, "p(99)": 8 },
    },
    actions: { type: "counter", unit: "1", values: { count: 500, rate: 25 } },
    'action_duration{operation:"POST /orders"}': {
      type: "trend",
      unit: "ms",
      values: { count: 100, med: 2, "p(95)": 4, max: 9 },
    },
    'action_failed{operation:"POST /orders"}': {
      type: "rate",
      unit: "1",
      values: { rate: 0.1, passes: 10, fails: 90 },
    },
  },
  sessions: {
    started: 100,
    ended: 100,
    succeeded: 90,
    interrupted: 0,
    dropped: 0,
    byOutcome: {
      succeeded: 90,
      failed: 10,
      gave_up: 0,
      step_budget: 0,
      time_budget: 0,
      token_budget: 0,
      error: 0,
    },
    byGoal: {},
  },
  attribution: { target: 10, simulation: 0, inference: 0, infrastructure: 0 },
  failures: [
    {
      attribution: "target",
      reason: "POST /orders answered 500 in step 4",
      count: 10,
      trace: "0af7651916cd43dd8448eb211c80319c",
      session: "s0-1",
    },
  ],
  inFlight: [{ session: "s0-9", trace: "t", step: 3, target: "shop", method: "POST", path: "/orders" }],
  health: { saturated: true, eventLoopDelayP99Ms: 80, cpuSeconds: 3, stealPct: 0, rssMaxBytes: 1 },
};

const progress: Progress = {
  run: "r",
  phase: "running",
  elapsedMs: 1000,
  done: 0.5,
  leftMs: 1000,
  agentsActive: 5,
  agentsWaiting: 0,
  agentsWanted: 5,
  sessions: { started: 5, ended: 2, succeeded: 2, dropped: 0 },
  actions: 10,
  actionsPerSecond: 10,
  actionsFailed: 0,
  tokensInput: 1,
  tokensOutput: 1,
  costUsd: 0,
  decisionsInvalid: 0,
  thresholds: [],
  saturated: false,
  workers: [],
};

function fakeRun() {
  const did: string[] = [];
  let finish: (result: RunResult) => void = () => undefined;
  let tell: (progress: Progress) => void = () => undefined;
  const run: RunHandle = {
    id: "r",
    directory: "/d",
    onProgress: (listener) => {
      tell = listener;
    },
    progress: () => progress,
    stop: () => void did.push("stop"),
    kill: () => void did.push("kill"),
    scale: () => undefined,
    finished: new Promise((resolve) => {
      finish = resolve;
    }),
  };
  return {
    run,
    did,
    tell: (one: Progress) => tell(one),
    end: () => finish({ summary, exit: "thresholds", directory: "/d" }),
  };
}

test("the summary's first lines say what counts", () => {
  const text = summaryText(summary, colours({ isTty: false }, {}), "/runs/r");
  const lines = text.trim().split("\n");
  expect(lines[0]).toMatch(/saturated: latencies of that time are APE's, not the target's/);
  expect(lines[1]).toBe("✗ 90.00% successful stateful sessions (90 of 100)");
  expect(text).toContain("simulated model (no real model decided)");
  expect(text).toContain("✗ session_success rate>0.95 (rate 90.00%)");
  expect(text).toContain("10x target POST /orders answered 500 in step 4");
  expect(text).toContain("ape-test trace 0af7651916cd43dd");
  expect(text).toContain("decision 80ms");
  expect(text).toMatch(/POST \/orders\s+100\s+10\s+2\.00ms/);
  expect(text).toContain("s0-9 step 3: shop POST /orders");
  expect(text).not.toContain("\u001b");
  expect(summaryText(summary, colours({ isTty: true }, {}), "/")).toContain("\u001b[");
  expect(summaryText(summary, colours({ isTty: true }, { NO_COLOR: "1" }), "/")).not.toContain("\u001b[");
});

test("the first interrupt stops, the second kills; the exit is the run's", async () => {
  const io = testIo();
  const { run, did, end } = fakeRun();
  const conducted = conduct(run, io, {});
  io.interrupt();
  expect(io.stderr()).toContain("again to cut them off");
  io.interrupt();
  expect(did).toEqual(["stop", "kill"]);
  end();
  expect((await conducted).exit).toBe("thresholds");
  io.interrupt();
  expect(did).toEqual(["stop", "kill"]);
});

test("--json is one object, --json=stream is NDJSON, quiet is silent, elsewhere a plain line", async () => {
  const show = async (how: Parameters<typeof conduct>[2], tty = false) => {
    const io = testIo({ tty });
    const { run, tell, end } = fakeRun();
    const conducted = conduct(run, io, how);
    tell(progress);
    end();
    await conducted;
    return io;
  };
  expect(JSON.parse((await show({ json: "object" })).stdout())).toMatchObject({ schema: 1 });
  const stream = (await show({ json: "stream" }))
    .stdout()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string });
  expect(stream.map(({ type }) => type)).toEqual(["progress", "summary"]);
  const quiet = await show({ quiet: true });
  expect(quiet.stdout() + quiet.stderr()).toBe("");
  expect((await show({})).stderr()).toMatch(/^running 1\.00s, 5\/5 agents/);
  const tty = (await show({}, true)).stderr();
  expect(tty).toContain("█");
  expect(tty).toContain("\u001b[0J");
});

test("GitHub gets an annotation for a crossed threshold", async () => {
  const io = testIo({ env: { GITHUB_ACTIONS: "true" } });
  const { run, end } = fakeRun();
  const conducted = conduct(run, io, { quiet: true });
  end();
  await conducted;
  expect(io.stdout()).toMatch(/^::error .*rate>0\.95/m);
});
