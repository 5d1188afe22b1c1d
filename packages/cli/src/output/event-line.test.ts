import type { Event } from "@ape/core/protocol/events";
import { expect, test } from "vitest";
import { eventLine, servicesOf } from "./event-line.ts";
import { colours } from "./style.ts";
import { timelineEntry } from "./timeline.ts";

const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const of = (event: object): Event => ({ at: AT, ...event }) as Event;
const session = { session: "s0-1" };
const action = { operation: "POST /orders", status: 201, durationMs: 12.4, failed: false };
const step = {
  ...session,
  type: "step",
  step: 2,
  tool: "http_post",
  args: { a: 1 },
  decisionMs: 5,
  thinkMs: 1_500,
};
const inference = {
  ...session,
  type: "inference",
  step: 1,
  model: "m",
  durationMs: 99.6,
  inputTokens: 10,
  outputTokens: 2,
  attempts: 1,
};

/** An event, its services, its line in a log, and its lines in a timeline that began a second before. */
test.each<[object, string[], string, string[]]>([
  [{ type: "run_started", run: "r1", seed: 7 }, ["engine"], "engine    run r1 begins, seed 7", []],
  [
    { type: "run_ended", status: "completed", reason: "done" },
    ["engine"],
    "engine    run completed: done",
    [],
  ],
  [
    { type: "agents", worker: 1, active: 3, waiting: 2 },
    ["agents"],
    "agents    agents-1: 3 active, 2 waiting",
    [],
  ],
  [
    { ...session, type: "session_started", agent: "a0-1", goal: "buy", trace: "t1" },
    ["agents"],
    "agents    s0-1 a0-1 takes goal buy, trace t1",
    ["s0-1 of a0-1: goal buy", "trace t1"],
  ],
  [
    { ...session, type: "session_started", agent: "a0-1", goal: "buy", trace: "t1", row: 4 },
    ["agents"],
    "agents    s0-1 a0-1 takes goal buy, row 4, trace t1",
    ["s0-1 of a0-1: goal buy, row 4", "trace t1"],
  ],
  [{ type: "session_dropped" }, ["engine"], "engine    an arrival found no free agent", []],
  [
    { ...session, type: "action_sent", step: 2, target: "shop", method: "GET", path: "/a" },
    ["gateway"],
    "gateway   s0-1 step 2 sends shop GET /a",
    [],
  ],
  [
    step,
    ["agents"],
    'agents    s0-1 step 2 http_post {"a":1}',
    ['step 2: http_post {"a":1} decided in 5.00ms, thought 1.50s'],
  ],
  [
    { ...step, action, gained: ["id", "total"] },
    ["agents", "gateway"],
    "agents    s0-1 step 2 POST /orders -> 201 in 12 ms",
    [
      "step 2: POST /orders  201 in 12ms  decided in 5.00ms, thought 1.50s",
      '  http_post {"a":1}',
      "  learned id, total",
    ],
  ],
  [
    {
      ...step,
      action: {
        ...action,
        failed: true,
        status: 500,
        attribution: "target",
        because: "it says so",
        response: "x".repeat(301),
      },
    },
    ["agents", "gateway"],
    "agents    s0-1 step 2 POST /orders -> 500 in 12 ms (target)",
    [
      "step 2: POST /orders  500 in 12ms  decided in 5.00ms, thought 1.50s",
      '  http_post {"a":1}',
      `  answered ${"x".repeat(300)}`,
      "  fault of: target, it says so",
    ],
  ],
  [
    {
      ...step,
      action: {
        ...action,
        failed: true,
        status: 0,
        error: { code: "timeout", message: "too late" },
        attribution: "unclear",
        response: "",
      },
    },
    ["agents", "gateway"],
    "agents    s0-1 step 2 POST /orders -> timeout in 12 ms (unclear)",
    [
      "step 2: POST /orders  timeout in 12ms  decided in 5.00ms, thought 1.50s",
      '  http_post {"a":1}',
      "  too late",
      "  cause unclear",
    ],
  ],
  [
    { ...session, type: "decision_invalid", step: 3, reason: "no tool" },
    ["agents"],
    "agents    s0-1 step 3 invalid decision: no tool",
    ["step 3: invalid decision: no tool"],
  ],
  [
    inference,
    ["inference"],
    "inference s0-1 step 1 m 10 in, 2 out in 100 ms",
    ["model m: 10 tokens in, 2 out, 100ms"],
  ],
  [
    { ...inference, error: "timeout", attempts: 2 },
    ["inference"],
    "inference s0-1 step 1 m timeout in 100 ms",
    ["model m: timeout, 100ms, 2 attempts"],
  ],
  [
    { ...session, type: "probe", evidence: "GET /a -> 200", held: true, durationMs: 3 },
    ["gateway"],
    "gateway   s0-1 probe GET /a -> 200",
    ["✓ probe GET /a -> 200, 3.00ms"],
  ],
  [
    { ...session, type: "probe", evidence: "GET /a -> 404", held: false, durationMs: 3 },
    ["gateway"],
    "gateway   s0-1 probe GET /a -> 404",
    ["- probe GET /a -> 404, 3.00ms"],
  ],
  [
    {
      ...session,
      type: "verification",
      step: 2,
      evidence: "GET /a -> 200",
      attribution: "target",
      durationMs: 3,
    },
    ["gateway"],
    "gateway   s0-1 verification of step 2 GET /a -> 200 (target)",
    ["- verification of step 2: GET /a -> 200, 3.00ms (target)"],
  ],
  [
    { ...session, type: "check", check: 0, evidence: "step 1" },
    ["agents"],
    "agents    s0-1 check 1 holds: step 1",
    ["✓ check 1 holds: step 1"],
  ],
  [
    {
      ...session,
      type: "session_ended",
      outcome: "failed",
      steps: 4,
      reason: "lost",
      durationMs: 2_000,
      attribution: "target",
      checks: [
        { held: true, label: "one", evidence: "seen" },
        { held: false, label: "two", evidence: "not seen" },
      ],
    },
    ["agents"],
    "agents    s0-1 failed after 4 steps: lost",
    ["failed after 4 steps, 2.00s: lost (target)", "  ✓ one: seen", "  ✗ two: not seen"],
  ],
  [
    {
      ...session,
      type: "session_ended",
      outcome: "success",
      steps: 4,
      reason: "done",
      durationMs: 2_000,
      checks: [],
    },
    ["agents"],
    "agents    s0-1 success after 4 steps: done",
    ["success after 4 steps, 2.00s: done"],
  ],
  [
    { ...session, type: "session_interrupted", steps: 4 },
    ["agents"],
    "agents    s0-1 interrupted after 4 steps",
    ["cut off by the end of the run after 4 steps"],
  ],
  [
    { type: "health", part: "agents-0", eventLoopDelayP99Ms: 12, cpu: 0.456, rssBytes: 3 * 1_048_576 },
    ["agents"],
    "agents    agents-0: event loop p99 12 ms, CPU 46%, 3 MiB",
    [],
  ],
  [
    { type: "health", part: "engine", eventLoopDelayP99Ms: 12, cpu: 0, rssBytes: 0 },
    ["engine"],
    "engine    engine: event loop p99 12 ms, CPU 0%, 0 MiB",
    [],
  ],
  [
    { type: "bus_outage", durationMs: 1_500.4 },
    ["engine"],
    "engine    the message bus did not answer for 1500 ms",
    [],
  ],
  [
    { type: "hook", phase: "setup", operation: "POST /reset", status: 204 },
    ["gateway"],
    "gateway   setup POST /reset -> 204",
    [],
  ],
  [
    { type: "hook", phase: "setup", operation: "POST /reset", status: 0, error: "refused" },
    ["gateway"],
    "gateway   setup POST /reset -> refused",
    [],
  ],
  [{ type: "log", part: "agents-0", level: "warn", message: "slow" }, ["agents"], "agents    warn slow", []],
  [{ type: "log", part: "engine", level: "error", message: "full" }, ["engine"], "engine    error full", []],
])("%j is told to its services, as a line and in a timeline", (event, services, line, lines) => {
  expect(servicesOf(of(event))).toEqual(services);
  expect(eventLine(of(event))).toBe(`03:04:05.678 ${line}`);
  const shown = timelineEntry(of(event), AT - 1_000, colours({ isTty: false }, {}));
  const expected = lines.map((one, index) => `${index === 0 ? "   +1.000s" : " ".repeat(10)}  ${one}\n`);
  expect(shown).toBe(expected.join(""));
});
