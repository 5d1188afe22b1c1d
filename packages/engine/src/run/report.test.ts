import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Event } from "@ape/core/protocol/events";
import { OUTCOMES } from "@ape/core/protocol/outcome";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { sampleManifest } from "../../test/sample-run.ts";
import { Aggregator } from "../aggregate/aggregator.ts";
import { PartDigestBuilder } from "../report/part-digest.ts";
import { openEventLog } from "../store/event-log.ts";
import type { Manifest } from "../store/manifest.ts";
import { createRunDirectory, readSummary, writeManifest } from "../store/run-directory.ts";
import { computeResults, type Results, rebuild } from "./report.ts";

let project = "";
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "ape-report-"));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

async function makeRun(manifest: Manifest, parts: Record<string, readonly Event[]>): Promise<string> {
  const directory = await createRunDirectory(project, manifest.id);
  await writeManifest(directory, manifest);
  for (const [part, events] of Object.entries(parts)) {
    const log = await openEventLog(join(directory, "events"), part, {
      onFailure: (error) => {
        throw error;
      },
    });
    for (const event of events) log.record(event);
    await log.close();
  }
  return directory;
}

/** As {@link makeRun}, with digests, as workers that end make them. */
async function makeDigestedRun(
  manifest: Manifest,
  parts: Record<string, readonly Event[]>,
  segmentBytes?: number,
): Promise<string> {
  const directory = await createRunDirectory(project, manifest.id);
  await writeManifest(directory, manifest);
  for (const [part, events] of Object.entries(parts)) {
    const log = await openEventLog(join(directory, "events"), part, {
      onFailure: (error) => {
        throw error;
      },
      ...(segmentBytes === undefined ? {} : { segmentBytes }),
    });
    const aggregator = new Aggregator([]);
    const digest = new PartDigestBuilder(1);
    for (const [index, event] of events.entries()) {
      log.record(event);
      aggregator.add(event);
      digest.add(event);
      if (index % 100 === 0) digest.addFigures(aggregator.takeSnapshot());
    }
    digest.addFigures(aggregator.takeSnapshot());
    await log.close(part === "engine" ? undefined : digest.read(aggregator));
  }
  return directory;
}

const agents = plausibleEvents(200);
const begin = (agents[0] as Event).at - 10;
const engine: Event[] = [
  { type: "run_started", at: begin, run: "r", seed: 7 },
  { type: "run_ended", at: begin + 60_000, status: "finished", reason: "the planned time has passed" },
];

test("a run is rebuilt from its manifest and events", async () => {
  const manifest = sampleManifest({
    thresholds: {
      session_success: ["rate>0.1"],
      'action_duration{operation:"POST /orders"}': ["p(95)<1ms", "count>0"],
    },
  });
  const directory = await makeRun(manifest, { engine, "agents-0": agents });
  const { summary, exit } = await rebuild(directory);
  expect(exit).toBe("thresholds");
  expect(summary.run).toMatchObject({ status: "finished", durationMs: 60_000, exitCode: 99, seed: 7 });
  expect(await readSummary(directory)).toEqual(summary);
  expect(readFileSync(join(directory, "junit.xml"), "utf8")).toContain("p(95)&lt;1ms was crossed");

  const { sessions, attribution, metrics } = summary;
  expect(sessions.started).toBe(200);
  expect(sessions.started).toBe(sessions.ended + sessions.interrupted);
  expect(OUTCOMES.reduce((sum, outcome) => sum + sessions.byOutcome[outcome], 0)).toBe(sessions.ended);
  expect(Object.values(attribution).reduce((sum, count) => sum + count, 0)).toBe(
    sessions.ended - sessions.succeeded,
  );
  expect(metrics.session_success?.values).toMatchObject({
    passes: sessions.succeeded,
    fails: sessions.ended - sessions.succeeded,
  });
  expect(metrics.session_success?.thresholds).toEqual({ "rate>0.1": { ok: true } });
  expect(metrics['action_duration{operation:"POST /orders"}']?.thresholds).toEqual({
    "p(95)<1ms": { ok: false },
    "count>0": { ok: true },
  });
  const counts = Object.entries(metrics).filter(([name]) => name.startsWith("actions{"));
  expect(counts).toHaveLength(4);
  expect(counts.reduce((sum, [, { values }]) => sum + (values.count ?? 0), 0)).toBe(
    metrics.actions?.values.count,
  );
  expect(metrics.actions?.values.rate).toBeCloseTo((metrics.actions?.values.count ?? 0) / 60, 4);
  expect(Object.keys(metrics.action_duration?.values ?? {})).toEqual([
    "avg",
    "min",
    "med",
    "max",
    "p(90)",
    "p(95)",
    "p(99)",
    "count",
  ]);
});

test("what the checks of a goal prove is taken from the run's description", async () => {
  const proof = { parts: ["check out"], unproven: ["check out"] };
  const [goal, ...others] = sampleManifest().goals;
  if (goal === undefined) throw new Error("the sample has a goal");
  const look = { name: "look", checks: [], proof: { parts: [], unproven: [] } };
  const goals = [{ ...goal, proof }, ...others, look];
  const directory = await makeRun(sampleManifest({ goals }), { engine, "agents-0": agents });
  expect((await rebuild(directory)).summary.proof).toEqual({ [goal.name]: proof });
});

test("rebuilding twice gives the same", async () => {
  const directory = await makeRun(sampleManifest(), { engine, "agents-0": agents });
  const first = await rebuild(directory);
  expect(await rebuild(directory)).toEqual(first);
});

describe("with digests of its workers", () => {
  const thresholds = {
    session_success: ["rate>0.1"],
    'action_duration{operation:"POST /orders"}': ["p(95)<1ms", "count>0"],
  };
  const parts = (seed: number) => ({
    engine: [
      ...engine.slice(0, 1),
      {
        type: "log",
        at: begin + 5_000,
        level: "warn",
        part: "engine",
        message: "slow",
        notice: true,
      } as const,
      { type: "session_dropped", at: begin + 6_000 } as const,
      ...engine.slice(1),
    ],
    "agents-0": plausibleEvents(150, { seed }),
    "agents-1": plausibleEvents(120, { seed: seed + 1, worker: 1 }).slice(0, -30),
  });

  /** Without what is a sample, or any one of several. */
  const comparable = ({ summary, report }: Results) => ({
    summary: {
      ...summary,
      example: undefined,
      failures: summary.failures.map(({ attribution, count }) => ({ attribution, count })).sort(byKey),
      realism: {
        ...summary.realism,
        byGoal: Object.fromEntries(
          Object.entries(summary.realism.byGoal).map(([name, goal]) => [
            name,
            { ...goal, modalPath: undefined },
          ]),
        ),
      },
    },
    report: {
      ...report,
      sessions: undefined,
      failures: report.failures.map(({ attribution, count }) => ({ attribution, count })).sort(byKey),
      paths: report.paths.map((group) => [group.goal, group.sessions]).sort(),
      // A worker counts its parts of a sparkline from its own first action.
      operations: report.operations
        .map(({ spark, ...rest }) => ({ ...rest, inTime: spark.reduce((sum, actions) => sum + actions, 0) }))
        .sort(byKey),
    },
  });
  /** Share of actions in the first half of a run's time. */
  const firstHalf = (spark: readonly number[]): number =>
    spark.slice(0, spark.length / 2).reduce((sum, actions) => sum + actions, 0) /
    spark.reduce((sum, actions) => sum + actions, 0);
  const byKey = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

  test.each([1, 2, 3])("the results are those of all events (seed %i)", async (seed) => {
    const directory = await makeDigestedRun(sampleManifest({ thresholds }), parts(seed), 60_000);
    const names = readdirSync(join(directory, "events"));
    expect(names).toContain("agents-0.digest");
    const digested = await computeResults(directory);
    for (const name of names.filter((one) => one.endsWith(".digest")))
      rmSync(join(directory, "events", name));
    const whole = await computeResults(directory);
    expect(comparable(digested)).toEqual(comparable(whole));
    expect(digested.exit).toBe(whole.exit);
    for (const { name, spark } of digested.report.operations)
      expect(firstHalf(spark)).toBeCloseTo(
        firstHalf(whole.report.operations.find((one) => one.name === name)?.spark ?? []),
        0.5,
      );
    expect(digested.report.sessions.length).toBe(whole.report.sessions.length);
    expect(digested.summary.example?.session).toMatch(/^s\d-\d+$/);
  });

  test("a worker without one, as after kill -9, has its events read; a digest of other segments is not used", async () => {
    const all = parts(4);
    const directory = await makeDigestedRun(sampleManifest({ thresholds }), all, 60_000);
    const folder = join(directory, "events");
    const whole = comparable(await computeResults(directory));
    rmSync(join(folder, "agents-1.digest"));
    expect(comparable(await computeResults(directory))).toEqual(whole);
    writeFileSync(
      join(folder, "agents-0.0099.jsonl"),
      `${JSON.stringify({ type: "session_dropped", at: begin + 9_000 })}\n`,
    );
    const more = await computeResults(directory);
    expect(more.summary.sessions.dropped).toBe(whole.summary.sessions.dropped + 1);
    expect(more.summary.metrics.actions).toEqual(whole.summary.metrics.actions);
  });

  test("events that a full disk refused leave no digest", async () => {
    const folder = join(project, "events");
    const log = await openEventLog(folder, "agents-0", { onFailure: () => undefined });
    log.record(agents[0] as Event);
    await log.close();
    log.record(agents[1] as Event);
    const refused = await openEventLog(folder, "agents-1", {
      onFailure: () => undefined,
      write: () => {
        throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      },
    });
    refused.record(agents[0] as Event);
    await refused.close({ version: 1 });
    expect(readdirSync(folder).filter((name) => name.endsWith(".digest"))).toEqual([]);
  });
});

test("a run whose processes were killed is summed up as crashed, with what was in flight", async () => {
  const cut = agents.findIndex(
    (event) => event.type === "action_sent" && Number(event.session.slice(3)) > 100,
  );
  const directory = await makeRun(sampleManifest(), {
    engine: engine.slice(0, 1),
    "agents-0": agents.slice(0, cut + 1),
  });
  appendFileSync(join(directory, "events", "agents-0.0001.jsonl"), '{"type":"step","at":18');
  const { summary, exit, report } = await rebuild(directory);
  expect(exit).toBe("crashed");
  expect(summary.run.status).toBe("crashed");
  expect(report.marks).toEqual([
    { at: expect.any(Number), kind: "fault", text: expect.stringMatching(/^crashed: the engine ended/) },
  ]);
  expect(summary.run.durationMs).toBe(Math.round((agents[cut] as Event).at - begin));
  expect(summary.inFlight).toHaveLength(1);
  expect(summary.inFlight[0]?.trace).toMatch(/^0+\d+$/);
  expect(summary.sessions.started).toBe(summary.sessions.ended + summary.sessions.interrupted);
});

describe("damaged events", () => {
  const good: Manifest["thresholds"] = { session_success: ["rate>0.1"] };
  const run = (): Promise<string> =>
    makeRun(sampleManifest({ thresholds: good }), { engine, "agents-0": agents, "agents-1": agents });

  test.each([
    [
      "a changed byte",
      (file: string): void => {
        const bytes = readFileSync(file);
        bytes[1_000] = (bytes[1_000] as number) ^ 1;
        writeFileSync(file, bytes);
      },
    ],
    ["a cut file", (file: string): void => truncateSync(file, 2_000)],
    ["a missing first segment", (file: string): void => renameSync(file, file.replace("0000", "0001"))],
  ])("%s leaves no verdict, and is named", async (_, damage) => {
    const directory = await run();
    expect((await computeResults(directory)).exit).toBe("ok");
    damage(join(directory, "events", "agents-0.0000.seg"));
    const { summary, exit } = await computeResults(directory);
    expect(exit).toBe("inconclusive");
    expect(summary.run).toMatchObject({
      status: "inconclusive",
      reason: expect.stringContaining("agents-0.0000"),
    });
  });

  test("lines that are events with other values are no defect, and leave no verdict", async () => {
    const directory = await run();
    const lines = [
      '["step",1,"s0-1",1,"model",7,{},0,0,0,null,null,null,null,[1,2,3,4,5,6,7,8,9,10,11,12,13,[],true]]',
    ];
    lines.push('["session_ended",1,"s0-1","buy","failed",null,1,1,[],null,null,null]');
    appendFileSync(join(directory, "events", "agents-0.0001.jsonl"), `${lines.join("\n")}\n`);
    expect((await computeResults(directory)).exit).toBe("inconclusive");
  });

  test("a way to end that is none counts as a crash", async () => {
    const [started, ended] = engine as [Event, Event];
    const directory = await makeRun(sampleManifest({ thresholds: good }), {
      engine: [started, { ...ended, status: "finiqhed" } as never],
      "agents-0": agents,
    });
    expect((await computeResults(directory)).exit).toBe("crashed");
  });
});

test("a run without events has every metric that is promised, and no verdict", async () => {
  const manifest = sampleManifest({
    model: { provider: "cerebras", name: "gpt-oss-120b", simulated: false },
  });
  const directory = await makeRun(manifest, { engine });
  const { summary, exit } = await rebuild(directory);
  expect(summary.run.status).toBe("inconclusive");
  expect(exit).toBe("thresholds");
  // Nobody asked for this threshold, and nothing was measured.
  expect(summary.metrics.time_to_first_token?.thresholds).toBeUndefined();
  for (const name of ["session_success", "session_steps", "agents_active", "cost_usd", "action_failed"])
    expect(summary.metrics).toHaveProperty(name);
  expect(summary.metrics.decisions_invalid).toBeUndefined();
  expect(Object.keys(summary.metrics).filter((name) => name.startsWith("decisions_repaired"))).toEqual([]);
});

test("a directory that is no run is RUN_NOT_FOUND", async () => {
  await expect(rebuild(project)).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
});
