import type { Event } from "@ape/core/protocol/events";
import { REPAIRS } from "@ape/core/protocol/repair";
import type { GoalProof } from "@ape/core/report/summary";
import { expect, test } from "vitest";
import { sampleManifest } from "../../test/sample-run.ts";
import { sessionEnded, sessionStarted, stepEnded } from "../../test/session-events.ts";
import type { Manifest } from "../store/manifest.ts";
import { Aggregator } from "./aggregator.ts";
import { PathDiversity } from "./path-diversity.ts";
import { summarize } from "./summarize.ts";

const END = { status: "finished", reason: "done", durationMs: 10_000.4 } as const;

function summaryOf(
  events: readonly Event[],
  manifest: Partial<Manifest> = {},
  more: { notices?: ReadonlySet<string>; withoutSteps?: number } = {},
) {
  const aggregator = new Aggregator([]);
  const realism = new PathDiversity();
  for (const event of events) {
    aggregator.add(event);
    realism.add(event);
  }
  return summarize({ aggregator, realism, ...more }, sampleManifest(manifest), END);
}
const session = (id: string, outcome: "succeeded" | "failed" = "succeeded"): Event[] => [
  sessionStarted(id),
  stepEnded(id, { operation: "POST /b", durationMs: 0.123_456_78 }),
  stepEnded(id, { operation: "GET /a", failed: true, status: 500 }),
  sessionEnded(id, "buy", outcome),
];

test("some metrics are there without a value, others only with one", () => {
  const { summary } = summaryOf([]);
  expect(Object.keys(summary.metrics).sort()).toEqual(
    [
      "session_success",
      "session_duration",
      "session_steps",
      "action_duration",
      "target_duration",
      "time_between_actions",
      "decision_duration",
      "time_to_first_token",
      "actions",
      "action_failed",
      "tokens_input",
      "tokens_output",
      "cost_usd",
      "agents_active",
    ].sort(),
  );
  expect(summary.metrics.actions).toEqual({ type: "counter", unit: "1", values: { count: 0, rate: 0 } });
  expect(summary.metrics.action_failed?.values).toEqual({ passes: 0, fails: 0 });
  expect(summary.metrics.action_duration?.values).toEqual({ count: 0 });
  expect(summary.metrics.agents_active?.values).toEqual({});
  expect(summary).not.toHaveProperty("example");
  expect(summary).not.toHaveProperty("proof");
  expect(summary).not.toHaveProperty("notices");
  expect(summary).not.toHaveProperty("events");
});

test("metrics of actions are also given by operation, values to six decimals, rates per second", () => {
  const { metrics } = summaryOf([
    ...session("s"),
    { type: "verification", at: 3, session: "s", target: "shop", operation: "GET /a" } as Event,
    stepEnded("s", { operation: "GET /a" }, { repairs: ["type"] as never }),
  ]).summary;
  const own = Object.keys(metrics).filter((name) => name.includes("operation:"));
  expect(own).toEqual(
    ["actions", "action_duration", "action_failed"].flatMap((name) => [
      `${name}{operation:"GET /a"}`,
      `${name}{operation:"POST /b"}`,
    ]),
  );
  expect(metrics['action_failed{operation:"GET /a"}']).toEqual({
    type: "rate",
    unit: "1",
    values: { rate: 0.5, passes: 1, fails: 1 },
  });
  expect(metrics['action_duration{operation:"POST /b"}']?.values.max).toBe(0.123);
  expect(metrics.actions?.values).toEqual({ count: 3, rate: 0.299_988 });
  expect(metrics.verification_reads?.values.count).toBe(1);
  expect(metrics).not.toHaveProperty("circuit_open");
});

test("repairs are given by kind where there were some", () => {
  const kinds = (repairs: string[]) =>
    Object.keys(
      summaryOf([stepEnded("s", { operation: "GET /a" }, { repairs: repairs as never })]).summary.metrics,
    ).filter((name) => name.startsWith("decisions_repaired"));
  expect(kinds([])).toEqual([]);
  const [kind = ""] = Object.keys(REPAIRS);
  expect(kinds([kind])).toEqual(["decisions_repaired", `decisions_repaired{kind:"${kind}"}`]);
});

test("thresholds stand with their metric, the defaults as such", () => {
  const { summary, exit } = summaryOf(session("s", "failed"), {
    thresholds: { 'actions{goal:"buy"}': ["count>1", "count>5"], session_duration: ["avg<1s"] },
  });
  expect(summary.metrics['actions{goal:"buy"}']).toMatchObject({
    values: { count: 2 },
    thresholds: { "count>1": { ok: true }, "count>5": { ok: false } },
  });
  expect(summary.metrics.session_duration?.thresholds).toEqual({ "avg<1s": { ok: true } });
  expect(summary.metrics.session_success?.thresholds).toEqual({ "rate>0.95": { ok: false, default: true } });
  expect([exit, summary.run.exitCode]).toEqual(["thresholds", 99]);
});

test("the run, and what is said of it besides", () => {
  const proof: GoalProof = { parts: [{ text: "a" }], unproven: [] } as never;
  const { summary, exit } = summaryOf(
    [
      ...session("s"),
      ...session("t"),
      { type: "bus_outage", at: 1, durationMs: 5 } as unknown as Event,
      ...session("u").slice(0, 1),
    ],
    {
      goals: [
        { name: "buy", checks: [], proof },
        { name: "look", checks: [], proof: { ...proof, parts: [] } },
        { name: "sell", checks: [] },
      ],
      keep: 0.5,
    },
    { notices: new Set(["b", "a"]), withoutSteps: 1 },
  );
  expect(summary.run).toEqual({
    id: "20261123-065224-a1b2",
    startedAt: "2026-11-23T06:52:24.000Z",
    durationMs: 10_000,
    seed: 7,
    runtime: "embedded",
    model: { provider: "simulated", name: "planner", simulated: true },
    agents: 5,
    status: "inconclusive",
    reason: expect.stringMatching(/^done; the message bus did not answer .*; 1 of 3 sessions were cut off/),
    exitCode: 110,
  });
  expect(exit).toBe("inconclusive");
  expect(summary.sessions).toMatchObject({ started: 3, ended: 2, interrupted: 1, succeeded: 2 });
  expect(summary.proof).toEqual({ buy: proof });
  expect(summary.notices).toEqual(["a", "b"]);
  expect(summary.events).toEqual({ keep: 0.5, successful: 2, withSteps: 1 });
  expect(summary.example?.session).toBe("s");
  expect(summary.realism.byGoal.buy?.sessions).toBe(2);
  expect(summaryOf(session("s"), {}, { withoutSteps: 1 }).summary.events?.keep).toBe("auto");
});

test("of the failures the five most frequent are named", () => {
  const events = Array.from({ length: 6 }, (_, n) =>
    session(`s${n}`, "failed").map((event) =>
      event.type === "session_ended" ? { ...event, reason: "x".repeat(n + 1) } : event,
    ),
  );
  expect(summaryOf(events.flat()).summary.failures).toHaveLength(5);
});
