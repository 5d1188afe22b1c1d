import { METRICS, type MetricName } from "@ape/core/metrics/metrics";
import { parseSelector } from "@ape/core/metrics/threshold";
import type { Event, HealthSampled, StepEnded } from "@ape/core/protocol/events";
import fc from "fast-check";
import { expect, test } from "vitest";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { Aggregator } from "./aggregator.ts";

const SELECTORS = [
  'action_duration{operation:"POST /orders"}',
  'actions{status:"500",target:"shop"}',
  'session_success{goal:"buy"}',
];

function aggregate(events: readonly Event[], selectors: readonly string[] = []): Aggregator {
  const aggregator = new Aggregator(selectors.map(parseSelector));
  for (const event of events) aggregator.add(event);
  return aggregator;
}

/** Everything that an aggregator can say but for the order in which it learnt it. */
function figures(aggregator: Aggregator): unknown {
  const series = [...aggregator.series()]
    .filter(({ sink }) => sink.type !== "gauge")
    .map(({ metric, labels, sink }) => [metric, Object.entries(labels).sort(), rounded(sink.snapshot())]);
  const { health, sessions, attribution } = aggregator;
  const failures = aggregator.failures(50).map(({ attribution: whose, count }) => [whose, count]);
  return {
    series: series.map((row) => JSON.stringify(row)).sort(),
    selected: SELECTORS.map((text) => rounded(aggregator.sink(text)?.snapshot() ?? {})),
    totals: Object.keys(METRICS)
      .filter((metric) => METRICS[metric as MetricName].type !== "gauge")
      .map((metric) => rounded(aggregator.sink(metric)?.snapshot() ?? {})),
    active: aggregator.sink("agents_active")?.statistic("value", 1),
    health: { ...health, cpuSeconds: Math.round(health.cpuSeconds * 1e6) },
    sessions,
    attribution,
    failures: failures.sort(),
  };
}

/** Sums of floating-point numbers differ in their last digits by the order of summing. */
function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === "number" ? Math.round(part * 1e6) / 1e6 : part,
  );
}

test("every metric of the registry gets a value, and nothing else does", () => {
  const aggregator = aggregate(plausibleEvents(60));
  const emitted = new Set(Array.from(aggregator.series(), ({ metric }) => metric));
  for (const metric of Object.keys(METRICS) as MetricName[]) {
    expect(emitted, metric).toContain(metric);
    expect(aggregator.sink(metric), metric).toBeDefined();
  }
  for (const { metric, labels } of aggregator.series())
    for (const label of Object.keys(labels)) expect(METRICS[metric].labels, metric).toContain(label);
});

test("snapshots of several workers merge to what one aggregator over all events says", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ seed: fc.nat(1000), sessions: fc.nat(12) }), { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(60), { maxLength: 8 }),
      (workers, takes) => {
        const merged = new Aggregator(SELECTORS.map(parseSelector));
        const all: Event[] = [];
        for (const [worker, { seed, sessions }] of workers.entries()) {
          const events = plausibleEvents(sessions, { seed, worker });
          all.push(...events);
          const own = new Aggregator([]);
          for (const [index, event] of events.entries()) {
            own.add(event);
            if (takes.includes(index)) merged.merge(JSON.parse(JSON.stringify(own.takeSnapshot())));
          }
          merged.merge(JSON.parse(JSON.stringify(own.takeSnapshot())));
        }
        expect(figures(merged)).toEqual(figures(aggregate(all)));
      },
    ),
    { numRuns: 60 },
  );
});

test("a snapshot holds what is new and nothing else", () => {
  const aggregator = aggregate(plausibleEvents(5));
  expect(Object.keys(aggregator.takeSnapshot().series)).toContain("action_duration");
  expect(aggregator.takeSnapshot()).toMatchObject({
    series: {},
    failures: [],
    levels: [],
    sessions: { started: 0 },
  });
});

test("agents of several workers are summed at each moment", () => {
  const agents = (at: number, worker: number, active: number, waiting = 0): Event => ({
    type: "agents",
    at,
    worker,
    active,
    waiting,
  });
  const sink = aggregate([agents(1, 0, 5), agents(2, 1, 4, 2), agents(3, 0, 1), agents(4, 1, 6)]).sink(
    "agents_active",
  );
  expect(sink?.statistic("value", 1)).toBe(7);
  expect(sink?.statistic("max", 1)).toBe(9);
  expect(sink?.statistic("min", 1)).toBe(5);
});

test("one worker's merged levels keep their extremes", () => {
  const worker = new Aggregator([]);
  const merged = new Aggregator([]);
  for (const levels of [
    [4, 9, 6],
    [6, 2, 3],
  ]) {
    for (const active of levels) worker.add({ type: "agents", at: 1, worker: 0, active, waiting: 0 });
    merged.merge(worker.takeSnapshot());
  }
  const sink = merged.sink("agents_active");
  expect([sink?.statistic("min", 1), sink?.statistic("max", 1), sink?.statistic("value", 1)]).toEqual([
    2, 9, 3,
  ]);
});

const step = (more: Partial<StepEnded> = {}): StepEnded => ({
  type: "step",
  at: 5,
  session: "s0-1",
  step: 1,
  source: "model",
  tool: "http_post",
  args: {},
  decisionMs: 40,
  thinkMs: 3,
  queueMs: 2,
  action: {
    target: "shop",
    operation: "POST /orders",
    method: "POST",
    path: "/orders",
    status: 503,
    durationMs: 100,
    timing: { total: 90, queue: 5, dns: 0, connect: 0, tls: 0, firstByte: 20, body: 1 },
    attempts: [
      { status: 503, duration: 20, backoff: 0 },
      { status: 503, duration: 30, backoff: 25 },
    ],
    failed: true,
  },
  ...more,
});
const started: Event = {
  type: "session_started",
  at: 1,
  session: "s0-1",
  trace: "abc",
  agent: "a0-1",
  goal: "buy",
};
const sent = (number: number): Event => ({
  type: "action_sent",
  at: 2,
  session: "s0-1",
  step: number,
  target: "shop",
  method: "POST",
  path: "/orders",
});

test("an action's time is split into wire, for each attempt, and the gateway's own", () => {
  const aggregator = aggregate([started, step()]);
  expect(aggregator.sink("target_duration")?.statistic("count", 1)).toBe(2);
  expect(aggregator.sink("target_duration")?.statistic("avg", 1)).toBe(25);
  expect(aggregator.sink("gateway_overhead")?.statistic("avg", 1)).toBe(10);
  expect(aggregator.sink("action_duration")?.statistic("avg", 1)).toBe(100);
  expect(aggregator.sink('action_failed{goal:"buy",operation:"POST /orders"}')?.statistic("rate", 1)).toBe(1);
  expect(aggregator.sink('actions{status:"503"}')?.statistic("count", 1)).toBe(1);
  expect(aggregator.sink("time_between_actions")).toBeUndefined();
});

test("a step without an action counts as a decision and as nothing else", () => {
  const { action: _, ...thought } = step({ betweenMs: 7 });
  const aggregator = aggregate([started, thought]);
  expect(aggregator.sink("decision_duration")?.statistic("avg", 1)).toBe(40);
  expect(aggregator.sink("time_between_actions")).toBeUndefined();
  expect(aggregator.sink("actions")?.statistic("count", 1)).toBe(0);
});

test("a counter that could have counted is 0, one with a mistyped name has no data", () => {
  const aggregator = aggregate([started, step()], ['decisions_invalid{goal:"buy"}']);
  expect(aggregator.sink('decisions_invalid{goal:"buy"}')?.statistic("count", 1)).toBe(0);
  expect(aggregator.sink('actions{operation:"POST /orders",status:"500"}')?.statistic("count", 1)).toBe(0);
  expect(aggregator.sink('sessions_ended{outcome:"error"}')?.statistic("count", 1)).toBe(0);
  expect(aggregator.sink('actions{operation:"POST /ordrs"}')).toBeUndefined();
  expect(aggregator.sink('decisions_invalid{goal:"by"}')).toBeUndefined();
  expect(() => aggregator.sink("no_such_metric")).toThrow(/no metric/);
});

test("a selector that is first asked for late has the early values, and the later ones too", () => {
  const aggregator = aggregate([started, step()]);
  const text = "action_duration{ operation : 'POST /orders' }";
  expect(aggregator.sink(text)?.statistic("count", 1)).toBe(1);
  aggregator.add(step({ step: 2 }));
  expect(aggregator.sink(text)?.statistic("count", 1)).toBe(2);
});

test("an action that was sent and never answered is listed until its step comes", () => {
  const aggregator = aggregate([started, sent(1)]);
  expect(aggregator.inFlight).toEqual([
    { session: "s0-1", trace: "abc", step: 1, target: "shop", method: "POST", path: "/orders" },
  ]);
  aggregator.add(step({ step: 1 }));
  expect(aggregator.inFlight).toEqual([]);
  aggregator.add(sent(2));
  aggregator.add({
    type: "session_interrupted",
    at: 9,
    session: "s0-1",
    goal: "buy",
    steps: 1,
    durationMs: 8,
  });
  expect(aggregator.inFlight.map((one) => one.step)).toEqual([2]);
});

test("failed sessions are grouped by reason whatever ids it names, and keep the first one's trace", () => {
  const events: Event[] = [];
  for (let i = 0; i < 9; i += 1)
    events.push(
      { type: "session_started", at: i, session: `s0-${i}`, trace: `t${i}`, agent: "a", goal: "buy" },
      {
        type: "session_ended",
        at: i,
        session: `s0-${i}`,
        goal: "buy",
        outcome: "failed",
        reason: i < 7 ? `POST /orders/ord_${i}17 answered 500` : `POST /orders/ord_${i}17 answered 409`,
        attribution: "target",
        steps: 1,
        durationMs: 1,
        checks: [],
      },
    );
  expect(aggregate(events).failures(3)).toEqual([
    {
      attribution: "target",
      reason: "POST /orders/ord_017 answered 500",
      count: 7,
      trace: "t0",
      session: "s0-0",
    },
    {
      attribution: "target",
      reason: "POST /orders/ord_717 answered 409",
      count: 2,
      trace: "t7",
      session: "s0-7",
    },
  ]);
});

test("no more than 50 reasons are kept, the common one among them", () => {
  const aggregator = new Aggregator([]);
  for (let i = 0; i < 500; i += 1)
    aggregator.add({
      type: "session_ended",
      at: i,
      session: `s${i}`,
      goal: "buy",
      outcome: "error",
      reason:
        i % 2 === 0
          ? "the model is gone"
          : `odd ${"abcdefghij"[i % 10]}${"klmnopqrst"[Math.floor(i / 10) % 10]}${"uvwxyz"[Math.floor(i / 100)]}`,
      steps: 1,
      durationMs: 1,
      checks: [],
    });
  expect(aggregator.failures(1000)).toHaveLength(50);
  expect(aggregator.failures(1)[0]).toMatchObject({ reason: "the model is gone", count: 250 });
  expect(aggregator.attribution.infrastructure).toBe(500);
});

const sample = (more: Partial<HealthSampled>): HealthSampled => ({
  type: "health",
  at: 1,
  part: "agents-0",
  eventLoopDelayP99Ms: 1,
  cpu: 0.2,
  cpuSeconds: 1,
  rssBytes: 100,
  ...more,
});

test("the generator is saturated after five samples in a row over a limit, and not before", () => {
  const busy = sample({ cpu: 0.95 });
  const slow = sample({ eventLoopDelayP99Ms: 51 });
  expect(aggregate([busy, slow, busy, slow]).health.saturated).toBe(false);
  expect(aggregate([busy, slow, sample({}), busy, slow, busy]).health.saturated).toBe(false);
  expect(aggregate([busy, slow, busy, slow, sample({ part: "engine" }), busy]).health.saturated).toBe(true);
  expect(aggregate([sample({ stealPct: 10 })]).health.saturated).toBe(false);
  expect(aggregate([sample({ stealPct: 10.1 })]).health).toMatchObject({ saturated: true, stealPct: 10.1 });
});

test("CPU and memory are summed over processes, delays are the worst", () => {
  const { health } = aggregate([
    sample({ cpuSeconds: 1, rssBytes: 300 }),
    sample({ cpuSeconds: 2, rssBytes: 200, eventLoopDelayP99Ms: 9 }),
    sample({ part: "engine", cpuSeconds: 5, rssBytes: 50 }),
  ]);
  expect(health).toEqual({
    saturated: false,
    eventLoopDelayP99Ms: 9,
    cpuSeconds: 7,
    stealPct: null,
    rssMaxBytes: 350,
  });
});

const ended = (session: string, remark?: string): Event[] => [
  { type: "session_started", at: 1, session, trace: `trace-${session}`, agent: "a", goal: "buy" },
  {
    type: "session_ended",
    at: 2,
    session,
    goal: "buy",
    outcome: "succeeded",
    reason: "every check holds",
    ...(remark === undefined ? {} : { remark }),
    steps: 1,
    durationMs: 1,
    checks: [],
  },
];

test("what successful sessions did not follow is counted, also over snapshots of several workers", () => {
  const [one, other] = [
    aggregate([
      ...ended("a"),
      ...ended("b", 'not understood: "30"'),
      ...ended("c", 'not understood: "at noon"'),
    ]),
    aggregate([...ended("d", 'not understood: "at noon"'), ...ended("e", 'not understood: "at noon"')]),
  ];
  const whole = new Aggregator([]);
  for (const part of [one, other]) whole.merge(JSON.parse(JSON.stringify(part.takeSnapshot())));
  expect(whole.remarks(9)).toEqual([
    { goal: "buy", text: 'not understood: "at noon"', count: 3, trace: "trace-c", session: "c" },
    { goal: "buy", text: 'not understood: "30"', count: 1, trace: "trace-b", session: "b" },
  ]);
  expect(whole.remarks(1)).toHaveLength(1);
  expect(one.takeSnapshot()).not.toHaveProperty("remarks");
});

test("no more than fifty remarks are kept, however many sessions differ in theirs", () => {
  const aggregator = new Aggregator([]);
  for (let n = 0; n < 500; n++)
    for (const event of ended(`s${n}`, `not understood: "${"x".repeat(n % 250)}"`)) aggregator.add(event);
  expect(aggregator.remarks(1_000)).toHaveLength(50);
});

test("of the remarks of many workers no more than fifty are kept", () => {
  const whole = new Aggregator([]);
  for (let worker = 0; worker < 20; worker++) {
    const part = new Aggregator([]);
    for (let n = 0; n < 20; n++)
      for (const event of ended(
        `w${worker}s${n}`,
        `not understood: "${"ab".repeat(worker)}${"x".repeat(n)}"`,
      ))
        part.add(event);
    whole.merge(JSON.parse(JSON.stringify(part.takeSnapshot())));
  }
  const remarks = whole.remarks(1_000);
  expect(remarks.length).toBeLessThanOrEqual(50);
  expect(remarks.length).toBeGreaterThan(20);
  expect(JSON.stringify(whole.takeSnapshot().remarks).length).toBeLessThan(50 * 600);
});
