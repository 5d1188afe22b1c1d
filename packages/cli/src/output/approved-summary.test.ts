import { join } from "node:path";
import type { GoalRealism, Summary } from "@ape/core/report/summary";
import { expect, test } from "vitest";
import { crossedSummary as base } from "../../test/test-io.ts";
import type { Style } from "./style.ts";
import { summaryText } from "./summary.ts";

/** Each colour as a word around the text, so that a person can read it. */
const mark =
  (name: string) =>
  (text: string): string =>
    `<${name} ${text}>`;
const MARKED: Style = {
  good: mark("good"),
  bad: mark("bad"),
  warn: mark("warn"),
  dim: mark("dim"),
  bold: mark("bold"),
  tick: "✓",
  cross: "✗",
  full: "█",
  empty: "░",
  cut: "…",
};

const goal = (sessions: number, more: Partial<GoalRealism> = {}): GoalRealism => ({
  sessions,
  distinctPathsPer100: 2,
  pathEntropyBits: 0.5,
  modalShare: 0.99,
  modalPath: ["GET /"],
  lengths: { "2": sessions },
  transitions: {},
  values: {},
  ...more,
});
const well: Partial<Summary> = {
  run: { ...base.run, exitCode: 0 },
  health: { ...base.health, saturated: false },
  inFlight: [],
};
const none = { target: 0, simulation: 0, inference: 0, infrastructure: 0, unclear: 0 };
const reason = (index: number, text: string): Summary["failures"][number] => ({
  attribution: index % 2 === 0 ? "target" : "unclear",
  reason: text,
  count: 10 - index,
  trace: `${index}`.repeat(32),
  session: `s0-${index}`,
});
const times = <One>(count: number, of: (index: number) => One): One[] =>
  Array.from({ length: count }, (_, i) => of(i));

const callsInFlight = (count: number) =>
  times(count, (index) => ({
    session: `s${index}`,
    trace: "t",
    step: index,
    target: "shop",
    method: "GET",
    path: "/a",
  }));
const operations = (count: number): Summary["metrics"] =>
  Object.fromEntries(
    times(count, (index) => [
      `action_duration{operation:${index % 2 === 0 ? `"GET /things/${index}"` : `GET /plain${index}`}}`,
      { type: "trend", unit: "ms", values: { count: index, med: 1, "p(95)": 2, max: 3 } },
    ]),
  );

/** What changes in the summary of a run, and so in what is said of it. */
const VARIATIONS: Readonly<Record<string, Partial<Summary>>> = {
  "as it is": {},
  "it ended well": { ...well, attribution: none, failures: [] },
  "an example of a session, with and without failures": {
    ...well,
    failures: [],
    attribution: none,
    example: { goal: "buy", trace: "0123456789abcdef0123456789abcdef", session: "s0-1" },
  },
  "an example beside a failure": { example: { goal: "buy", trace: "0123456789abcdef", session: "s0-1" } },
  "the message bus was away, a limit held it back": {
    health: { ...base.health, busAwayMs: 12_345, throttledMs: 4_200 },
  },
  "no session ended": {
    sessions: {
      ...base.sessions,
      started: 0,
      ended: 0,
      succeeded: 0,
      byOutcome: { ...base.sessions.byOutcome, succeeded: 0, failed: 0 },
    },
  },
  "half of the sessions": { ...well, sessions: { ...base.sessions, succeeded: 50 } },
  "just over a half": { ...well, sessions: { ...base.sessions, succeeded: 51 } },
  "few arrivals were dropped": { ...well, sessions: { ...base.sessions, dropped: 1 } },
  "one in a hundred was dropped": { ...well, sessions: { ...base.sessions, started: 99, dropped: 1 } },
  "many arrivals were dropped, some sessions were interrupted": {
    ...well,
    sessions: { ...base.sessions, dropped: 40, interrupted: 3 },
  },
  "several goals and personas": {
    sessions: {
      ...base.sessions,
      byGoal: { buy: { started: 9, ended: 8, succeeded: 6 }, look: { started: 1, ended: 0, succeeded: 0 } },
      byPersona: { careful: { started: 9, ended: 8, succeeded: 6, gaveUp: 2 } },
    },
    realism: {
      ...base.realism,
      personas: [{ name: "careful", thinkTime: "constant, 1s", patience: "3 failures" }],
      byGoal: { buy: goal(60), look: goal(60, { modalShare: 0.2, lengths: { "1": 30, "4": 30 } }) },
    },
  },
  "one goal": { sessions: { ...base.sessions, byGoal: { buy: { started: 9, ended: 8, succeeded: 6 } } } },
  "more goals than are shown": {
    sessions: {
      ...base.sessions,
      byGoal: Object.fromEntries(times(40, (index) => [`g${index}`, { started: 1, ended: 1, succeeded: 1 }])),
    },
    realism: {
      ...base.realism,
      byGoal: Object.fromEntries(
        times(40, (index) => [
          `g${index}`,
          goal(5, {
            values: Object.fromEntries(
              times(9, (field) => [
                `f${field}`,
                { sessions: 5, distinctPer100: field, mostUsed: "x", mostUsedShare: 0.5 },
              ]),
            ),
          }),
        ]),
      ),
    },
  },
  "all take one path": { realism: { ...base.realism, byGoal: { buy: goal(100, { modalShare: 1 }) } } },
  "too few to tell": { realism: { ...base.realism, byGoal: { buy: goal(3, { modalShare: 1 }) } } },
  "no path at all": { realism: { ...base.realism, byGoal: {} } },
  "lengths in the middle": {
    realism: {
      ...base.realism,
      byGoal: { buy: goal(4, { lengths: { "1": 1, "2": 1, "9": 2 } }), none: goal(0, { lengths: {} }) },
    },
  },
  "thresholds of each kind": {
    metrics: {
      ...base.metrics,
      session_success: {
        type: "rate",
        unit: "1",
        values: { rate: 0.5 },
        thresholds: { "rate>0.95": { ok: false, default: true }, "rate > 0.4": { ok: true } },
      },
      time_to_first_token: {
        type: "trend",
        unit: "ms",
        values: {},
        thresholds: { "p(95)<900": { ok: false } },
      },
      action_duration: {
        type: "trend",
        unit: "ms",
        values: { avg: 2, "p(99.9)": 7, count: 3 } as Summary["metrics"][string]["values"],
        thresholds: { "p(99.9)<9": { ok: true }, "count>2": { ok: true } },
      },
    },
  },
  "failures of each attribution": {
    attribution: { target: 3, simulation: 2, inference: 1, infrastructure: 4, unclear: 5 },
    failures: times(5, (index) => reason(index, index === 0 ? "word ".repeat(60) : `reason ${index}`)),
  },
  "unclear alone": { attribution: { ...none, unclear: 2 }, failures: [reason(1, "either")] },
  "of an earlier version": {
    attribution: {
      target: 1,
      simulation: 0,
      inference: 0,
      infrastructure: 0,
    } as unknown as Summary["attribution"],
  },
  "a real model failed": {
    run: { ...base.run, model: { provider: "openai", name: "gpt", simulated: false } },
    attribution: { ...none, inference: 2 },
    failures: [],
    metrics: { tokens_input: { type: "counter", unit: "tokens", values: { count: 10 } } },
  },
  "a real model with a price": {
    run: { ...base.run, model: { provider: "openai", name: "gpt", simulated: false } },
    metrics: {
      tokens_input: { type: "counter", unit: "1", values: { count: 1_000 } },
      tokens_output: { type: "counter", unit: "1", values: { count: 20 } },
      cost_usd: { type: "counter", unit: "usd", values: { count: 1.5 } },
      decisions_invalid: { type: "counter", unit: "1", values: { count: 4 } },
      'decisions_repaired{kind:"quotes"}': { type: "counter", unit: "1", values: { count: 2 } },
    },
  } as unknown as Partial<Summary>,
  "no decision was slow, or known to be": {
    cognition: { thresholdMs: 1_000, firstTokenP95Ms: null, slowDecisionShare: null },
    metrics: {
      ...base.metrics,
      time_between_actions: { type: "trend", unit: "ms", values: { avg: 1, med: 2, "p(95)": 3 } },
      think_duration: { type: "trend", unit: "ms", values: { avg: 4 } },
      queue_duration: { type: "trend", unit: "ms", values: { avg: 5 } },
    },
  },
  "just as many operations as are shown": { metrics: { ...base.metrics, ...operations(19) } },
  "more operations than are shown": { metrics: { ...base.metrics, ...operations(60) } },
  "notices and calls in flight": {
    notices: ["the provider refuses seed", "x\u001b[2J"],
    inFlight: callsInFlight(12),
  },
  "ten calls in flight": {
    inFlight: callsInFlight(10),
  },
  "steps of a share of the sessions": { events: { keep: 0.5, successful: 90, withSteps: 45 } },
  "parts that nothing proves": {
    ...well,
    proof: {
      buy: { parts: ["buy it", "pay"], unproven: ["pay"], accepted: ["buy it"] },
      look: { parts: ["look"], unproven: ["look"] },
    },
  },
};

test("what is said of runs of each kind, as it was reviewed", async () => {
  const lines = (more: Partial<Summary>): string[] =>
    summaryText({ ...base, ...more }, MARKED, "/runs/r", "npx ape-test trace -r r").split("\n");
  const whole = lines({});
  const texts = Object.entries(VARIATIONS).map(([name, more]) => {
    const all = lines(more);
    // Beside the first one only what differs.
    const shown = name === "as it is" ? all : all.filter((line) => !whole.includes(line));
    return `# ${name}\n${shown.join("\n")}`;
  });
  await expect(`${texts.join("\n\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/summaries.txt"),
  );
});
