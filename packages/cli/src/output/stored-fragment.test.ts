import { writeJson } from "@ape/core/lib/lossless-number";
import type { Event } from "@ape/core/protocol/events";
import { encodeEvent } from "@ape/engine/store/event-encoding";
import fc from "fast-check";
import { expect, test } from "vitest";
import { eventLine } from "./event-line.ts";
import { numberTest, storedFragment } from "./stored-fragment.ts";

const SESSION = { session: "s0-17", step: 4 };
const TIMING = { total: 119.6, queue: 0.5, dns: 1.25, connect: 0.4, tls: 2, firstByte: 80.1, body: 3 };
const STEP = {
  type: "step",
  ...SESSION,
  source: "model",
  tool: "http_post",
  args: { path: "/orders", data: { email: "mia.ödl@shop.example", quantity: 12, gift: true } },
  decisionMs: 59.7,
  thinkMs: 1_000.5,
  queueMs: 0,
} as const;

/** One of every kind, with every field that a line or its JSON shows. */
const EVENTS: Event[] = [
  { type: "agents", at: 1_795_906_597_574.14, worker: 3, active: 41, waiting: 2 },
  {
    type: "session_started",
    at: 10,
    session: "s0-17",
    trace: "e0bf0c0e24fecc4f69382b3a5f63012e",
    agent: "a0-12",
    goal: "buy a kettle",
    persona: "hurried",
    row: 42,
    startDelayMs: 1.5,
    waitedMs: 2.5,
  },
  { type: "session_dropped", at: 11 },
  { type: "action_sent", at: 12, ...SESSION, target: "shop", method: "POST", path: "/orders/ord_1x0ofz" },
  { ...STEP, at: 13 },
  {
    ...STEP,
    at: 13,
    inference: "i0-2",
    betweenMs: 4.5,
    repairs: ["path"],
    gained: ["accessToken"],
    action: {
      target: "shop",
      operation: "POST /orders",
      method: "POST",
      path: "/orders",
      status: 503,
      durationMs: 119.6,
      timing: TIMING,
      attempts: [{ status: 503, duration: 9.5, backoff: 1_000 }],
      failed: true,
      error: { code: "timeout", message: "no answer within 30 s" },
      attribution: "target",
      because: "the answer is a 503",
      request: "{}",
      response: "busy",
    },
  },
  { type: "decision_invalid", at: 14, ...SESSION, reason: "there is no tool buyIt", inference: "i0-3" },
  {
    type: "inference",
    at: 15,
    ...SESSION,
    inference: "i0-2",
    provider: "simulated",
    model: "planner-2",
    streamed: true,
    status: 200,
    attempts: 1,
    queueMs: 0,
    firstTokenMs: 68.6,
    durationMs: 119.519,
    inputTokens: 1_250,
    outputTokens: 24,
    cachedTokens: 512,
    costUsd: 0.00015,
    prompt: "[]",
    answer: "{}",
  },
  {
    type: "inference",
    at: 15,
    ...SESSION,
    inference: "i0-2",
    provider: "x",
    model: "y",
    streamed: false,
    status: 0,
    attempts: 2,
    queueMs: 1,
    durationMs: 30_000.4,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    error: "connection refused",
  },
  {
    type: "verification",
    at: 16,
    ...SESSION,
    target: "shop",
    operation: "GET /orders/{order}",
    status: 200,
    durationMs: 3.4,
    attribution: "target",
    evidence: "GET /orders/7 -> 200",
  },
  {
    type: "session_ended",
    at: 17,
    session: "s0-17",
    goal: "buy a kettle",
    persona: "hurried",
    outcome: "gave_up",
    reason: "it took too long",
    attribution: "unclear",
    decidedBy: 4,
    steps: 7,
    durationMs: 1_835.456,
    checks: [{ label: "action POST /orders", held: true, evidence: "step 4: POST /orders -> 201" }],
  },
  { type: "session_interrupted", at: 18, session: "s0-17", goal: "buy a kettle", steps: 7, durationMs: 900 },
  {
    type: "health",
    at: 19,
    part: "agents-0",
    eventLoopDelayP99Ms: 12.34,
    cpu: 0.456,
    cpuSeconds: 12,
    rssBytes: 98_765_432,
    stealPct: 1,
  },
  { type: "run_started", at: 1, run: "20261128-1", seed: 7 },
  { type: "run_ended", at: 2, status: "aborted", reason: "the limit was reached", error: "MODEL_UNUSABLE" },
  { type: "hook", at: 3, phase: "setup", operation: "POST /reset", status: 200, durationMs: 1.6 },
  {
    type: "hook",
    at: 3,
    phase: "teardown",
    operation: "POST /reset",
    status: 0,
    durationMs: 1,
    error: "reset",
  },
  {
    type: "log",
    at: 4,
    level: "warn",
    part: "agents-1",
    message: "worker\t1 \u0001died",
    notice: true,
    mark: "stop",
  },
  { type: "check", at: 5, session: "s0-1", check: 0, step: 3, evidence: "GET /größe -> 200" },
  {
    type: "probe",
    at: 5,
    session: "s0-1",
    check: 1,
    operation: "GET /x",
    status: 200,
    durationMs: 9,
    held: true,
    evidence: "a\u0001bcd",
  },
];

test("whatever part of a shown or stored event is searched for, its stored line has the fragment", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...EVENTS),
      fc.boolean(),
      fc.nat(),
      fc.integer({ min: 1, max: 30 }),
      (event, shown, from, length) => {
        const text = shown ? eventLine(event) : writeJson(event);
        const start = from % text.length;
        const fragment = storedFragment(text.slice(start, start + length));
        if (fragment !== undefined) expect(encodeEvent(event)).toContain(fragment);
      },
    ),
    { numRuns: 20_000 },
  );
});

test.each([
  ["ord_1x0ofz3024o5l9", "ord_1x0ofz3024o5l9"],
  ["POST /orders", "orders"],
  ["s0-17", "s0-17"],
  ["409", undefined],
  ["-> 503 in", undefined],
  ['"status":503', undefined],
  ["agents-0: 5 active", undefined],
  ["1e-7", undefined],
])("%j is looked for by %j", (text, fragment) => {
  expect(storedFragment(text)).toBe(fragment);
});

test("whatever number is searched for, the stored line of every event that shows it passes the test", () => {
  const duration = fc.oneof(
    fc.double({ min: 0, max: 20_000, noNaN: true }),
    fc.integer({ min: 0, max: 200_000 }).map((value) => value / 10),
    fc.constantFrom(99.5, 999.5, 1_409.5, 14_099.7, 408.4, 408.6, 9_999.99),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...EVENTS),
      duration,
      fc.double({ min: 1.7e12, max: 1.9e12, noNaN: true }),
      fc.nat(150),
      fc.nat(),
      fc.integer({ min: 3, max: 12 }),
      (given, durationMs, at, check, from, length) => {
        const event = { ...given, at } as Event;
        if (event.type === "inference") event.durationMs = durationMs;
        if (event.type === "step" && event.action !== undefined)
          (event as { action: object }).action = { ...event.action, durationMs };
        if (event.type === "check") event.check = check;
        const line = encodeEvent(event);
        for (const text of [eventLine(event), writeJson(event)]) {
          const start = from % text.length;
          const part = text.slice(start, start + length);
          expect(numberTest(part)?.(line) ?? true, part).toBe(true);
          for (const [digits] of text.matchAll(/\d{3,}/g))
            expect(numberTest(digits)?.(line), digits).toBe(true);
        }
      },
    ),
    { numRuns: 5_000 },
  );
});

test("most lines without a number do not pass the test for it", () => {
  const lines = EVENTS.filter(({ type }) =>
    ["action_sent", "session_started", "session_ended"].includes(type),
  ).map(encodeEvent);
  expect(lines).toHaveLength(3);
  expect(lines.filter((line) => numberTest("-> 777 in")?.(line) === true)).toEqual([]);
  expect(numberTest("step 12")).toBeUndefined();
});
