import type { RunProgress } from "@ape/core/report/progress";
import type { Summary } from "@ape/core/report/summary";
import type { Announcement, Io, Terminal, TextStream } from "../src/io.ts";

/** A world in memory: what is written can be read, interrupts are sent by hand, waiting takes no time. */
export interface TestIo extends Io {
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly announced: readonly Announcement[];
  /** Exit codes that the process was left with at once. */
  readonly left: readonly number[];
  interrupt(signal?: NodeJS.Signals): void;
}

/** An Io for tests. `onSleep` happens in each wait, before it ends. */
export function testIo(
  options: {
    env?: Record<string, string>;
    cwd?: string;
    tty?: boolean;
    columns?: number;
    rows?: number;
    terminal?: Terminal;
    onSleep?: (ms: number) => void | Promise<void>;
  } = {},
): TestIo {
  const written = { out: "", err: "" };
  const stream = (name: "out" | "err"): TextStream => ({
    write: (text) => {
      written[name] += text;
    },
    isTty: options.tty ?? false,
    columns: options.columns ?? 80,
    rows: options.rows ?? 24,
    closed: false,
  });
  const listeners = new Set<(signal: NodeJS.Signals) => void>();
  const announced: Announcement[] = [];
  const left: number[] = [];
  return {
    env: options.env ?? {},
    cwd: options.cwd ?? "/",
    out: stream("out"),
    err: stream("err"),
    terminal: options.terminal,
    onInterrupt(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    sleep: async (ms) => {
      await options.onSleep?.(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
    announce: (run) => void announced.push(run),
    leave: (exitCode) => void left.push(exitCode),
    stdout: () => written.out,
    stderr: () => written.err,
    announced,
    left,
    interrupt: (signal = "SIGINT") => {
      for (const listener of [...listeners]) listener(signal);
    },
  };
}

/** The results of a run that crossed a threshold. */
export const crossedSummary: Summary = {
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
    byPersona: {},
  },
  realism: {
    thinkTime: "constant, 300ms",
    personas: [],
    byGoal: {
      buy: {
        sessions: 100,
        distinctPathsPer100: 7,
        pathEntropyBits: 1.25,
        modalShare: 0.8,
        modalPath: ["POST /login", "GET /products", "POST /orders"],
        lengths: { "3": 80, "5": 20 },
        transitions: {
          "(begin)": { "POST /login": 100 },
          "POST /login": { "GET /products": 100 },
          "GET /products": { "GET /products": 40, "POST /orders": 100 },
          "POST /orders": { "(end)": 100 },
        },
        values: { productId: { sessions: 100, distinctPer100: 34, mostUsed: "p7", mostUsedShare: 0.12 } },
      },
    },
  },
  cognition: { thresholdMs: 1000, firstTokenP95Ms: 70, slowDecisionShare: 0.02 },
  attribution: { target: 10, simulation: 0, inference: 0, infrastructure: 0, unclear: 0 },
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

/** A run in the middle. */
export const sampleProgress: RunProgress = {
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
