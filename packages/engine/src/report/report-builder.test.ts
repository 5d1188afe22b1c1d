import type { Event } from "@ape/core/protocol/events";
import { reportJsonSchema, reportSchema } from "@ape/core/report/report";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SYNTHETIC_START, type SyntheticRun, syntheticEvents } from "../../test/synthetic-events.ts";
import { HealthFigures } from "../aggregate/health-figures.ts";
import { ReportBuilder } from "./report-builder.ts";
import { MAX_SESSION_BYTES } from "./session-record.ts";
import { MAX_BUCKETS } from "./time-series.ts";

const MIB = 1024 * 1024;
const small: SyntheticRun = {
  sessions: 300,
  steps: 4,
  operations: 6,
  goals: 2,
  personas: 2,
  reasons: 3,
  durationMs: 60_000,
  textChars: 20,
};

function build(events: Iterable<Event>): ReportBuilder {
  const builder = new ReportBuilder(1);
  for (const event of events) builder.add(event);
  return builder;
}

test("a report follows its schema", () => {
  const report = build(syntheticEvents(small)).read("run");
  expect(reportSchema.parse(report)).toEqual(report);
  expect(reportJsonSchema().title).toBe("report.json");
});

test("every action and session is counted once, over all buckets and operations", () => {
  const { series, operations, failures, paths, sampledFrom } = build(syntheticEvents(small)).read("run");
  const sum = (values: readonly number[] = []): number => values.reduce((total, value) => total + value, 0);
  expect(sum(series.actions.count)).toBe(1_200);
  expect(sum(series.sessions.started)).toBe(300);
  expect(sum(series.sessions.ended.succeeded)).toBe(270);
  expect(sum(series.sessions.ended.failed)).toBe(30);
  expect(sum(series.actions.failed.target)).toBe(30);
  expect(sum(operations.map(({ count }) => count))).toBe(1_200);
  for (const { count, latency, spark, statuses } of operations) {
    expect(sum(latency)).toBe(count);
    expect(sum(spark)).toBe(count);
    expect(sum(Object.values(statuses))).toBe(count);
  }
  expect(sum(failures.map(({ count }) => count))).toBe(30);
  expect(sum(paths.map(({ sessions }) => sessions))).toBe(300);
  expect(sampledFrom).toBe(300);
  const heat = series.actions.latency.heat.flatMap((pairs) => pairs.filter((_, index) => index % 2 === 1));
  expect(sum(heat)).toBe(1_200);
});

test("the sample holds examples of every kind of failure, and each group names its own", () => {
  const { failures, sessions } = build(syntheticEvents(small)).read("run");
  const known = new Map(sessions.map((session) => [session.session, session]));
  for (const { sessions: examples, reason, attribution } of failures) {
    expect(examples.length).toBeGreaterThan(0);
    for (const id of examples)
      expect(known.get(id)).toMatchObject({ reason, attribution, outcome: "failed" });
  }
  expect(sessions.some(({ outcome }) => outcome === "succeeded")).toBe(true);
});

test("the same seed draws the same sessions, another one others", () => {
  const draw = (seed: number): string[] => {
    const builder = new ReportBuilder(seed);
    for (const event of syntheticEvents(small)) builder.add(event);
    return builder.read("run").sessions.map(({ session }) => session);
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test("buckets double their width when there are too many, and lose nothing", () => {
  const hour = { ...small, durationMs: 3_600_000, sessions: 2_000 };
  const { series } = build(syntheticEvents(hour)).read("run");
  expect(series.bucketMs).toBe(8_000);
  expect(series.buckets).toBeLessThanOrEqual(MAX_BUCKETS);
  expect(series.actions.count.length).toBe(series.buckets);
  expect(series.actions.count.reduce((a, b) => a + b)).toBe(8_000);
});

test("snapshots of two processes, merged, are the report of all events", () => {
  const events = [...syntheticEvents(small)];
  const whole = build(events).read("run");
  const merged = new ReportBuilder(1);
  merged.add(events[0] as Event);
  const workers = [new ReportBuilder(1), new ReportBuilder(1)];
  // Snapshots are taken at moments of their own.
  let next = SYNTHETIC_START + 370;
  for (const event of events.slice(1)) {
    while (event.at >= next) {
      for (const worker of workers) merged.merge(worker.take(next - 1));
      next += 1_000;
    }
    const number = "session" in event ? Number(event.session.slice(3)) : 0;
    workers[number % 2]?.add(event);
  }
  for (const worker of workers) merged.merge(worker.take(next));
  const report = merged.read("run");
  const counted = ({ name, count, failed, latency, statuses }: (typeof report.operations)[number]) => ({
    name,
    count,
    failed,
    latency,
    statuses,
  });
  const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
  expect(report.operations.map(counted).sort(byName)).toEqual(whole.operations.map(counted).sort(byName));
  expect(report.failures.map(({ reason, count }) => [count, reason]).sort()).toEqual(
    whole.failures.map(({ reason, count }) => [count, reason]).sort(),
  );
  expect(report.sampledFrom).toBe(300);
  // While the run goes as at its end: a worker's seconds are those of the run.
  expect(report.series.startedAt).toBe(whole.series.startedAt);
  expect(report.series.actions).toEqual(whole.series.actions);
  expect(report.series.sessions).toEqual(whole.series.sessions);
  expect(report.series.between).toEqual(whole.series.between);
  expect(report.paths.map(({ sessions }) => sessions)).toEqual(whole.paths.map(({ sessions }) => sessions));
});

test("a report stays below 5 MiB, however many operations, goals, reasons and texts a run has", () => {
  const events = syntheticEvents({
    sessions: 3_000,
    steps: 60,
    operations: 1_000,
    goals: 60,
    personas: 7,
    reasons: 500,
    durationMs: 3_600_000,
    textChars: 2_000,
  });
  const report = build(events).read("run");
  for (const session of report.sessions)
    expect(Buffer.byteLength(JSON.stringify(session))).toBeLessThanOrEqual(MAX_SESSION_BYTES);
  expect(Buffer.byteLength(JSON.stringify(report))).toBeLessThan(5 * MIB);
});

test("a session that is longer than fits keeps its first and last steps and says how many are left out", () => {
  const long = { ...small, sessions: 1, steps: 500 };
  const { sessions } = build(syntheticEvents(long)).read("run");
  const [{ steps, omittedSteps, stepCount }] = sessions as [(typeof sessions)[number]];
  expect(steps[0]?.step).toBe(1);
  expect(steps.at(-1)?.step).toBe(500);
  expect(steps.length + omittedSteps).toBe(500);
  expect(stepCount).toBe(500);
});

test("seconds above the limits of the generator are saturated, and so is what stalled it", () => {
  const builder = new ReportBuilder(1);
  builder.add({ type: "run_started", at: 0, run: "run", seed: 1 });
  for (let second = 1; second <= 30; second += 1)
    builder.add({
      type: "health",
      at: second * 1_000,
      part: "agents-0",
      eventLoopDelayP99Ms: second === 25 ? 1_200 : 1,
      cpu: second > 5 && second <= 12 ? 0.97 : 0.2,
      cpuSeconds: 1,
      rssBytes: 1,
    });
  expect(builder.read("run").series.generator.saturated).toEqual([
    { from: 5_000, to: 12_000 },
    { from: 24_000, to: 25_000 },
  ]);
});

test("a run that its summary calls saturated has saturated times, and no other has", () => {
  const sample = fc.record({
    part: fc.constantFrom("engine", "agents-0", "agents-1"),
    eventLoopDelayP99Ms: fc.constantFrom(1, 60, 250, 1_500),
    cpu: fc.constantFrom(0.1, 0.95),
    stealPct: fc.constantFrom(0, 20),
  });
  const quiet = { part: "agents-0", eventLoopDelayP99Ms: 1, cpu: 0.1, stealPct: 0 };
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 12 }), fc.nat(300), (samples, calm) => {
      const [figures, builder] = [new HealthFigures(), new ReportBuilder(1)];
      builder.add({ type: "run_started", at: 0, run: "run", seed: 1 });
      for (const [index, one] of [...samples, ...Array.from({ length: calm }, () => quiet)].entries()) {
        const event = { type: "health", at: index * 1_000, cpuSeconds: 1, rssBytes: 1, ...one } as const;
        figures.add(event);
        builder.add(event);
      }
      expect(builder.read("run").series.generator.saturated.length > 0).toBe(figures.total.saturated);
    }),
  );
});

test("scaling, stops, limits and faults are marked, notices and plain messages are not", () => {
  const builder = new ReportBuilder(1);
  const log = { type: "log", part: "engine" } as const;
  builder.add({ type: "run_started", at: 1_000, run: "run", seed: 1 });
  builder.add({ ...log, at: 2_000, level: "info", message: "scaled to 9 agents", mark: "scale" });
  builder.add({ ...log, at: 3_000, level: "info", message: "a plain message" });
  builder.add({ ...log, at: 4_000, level: "warn", message: "agents-1 is gone" });
  builder.add({ ...log, at: 5_000, level: "warn", message: "a hint", notice: true });
  builder.add({ type: "run_ended", at: 6_000, status: "finished", reason: "done" });
  expect(builder.read("run").marks).toEqual([
    { at: 1_000, kind: "scale", text: "scaled to 9 agents" },
    { at: 3_000, kind: "fault", text: "agents-1 is gone" },
    { at: 5_000, kind: "end", text: "finished: done" },
  ]);
});
