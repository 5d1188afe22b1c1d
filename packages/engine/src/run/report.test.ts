import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Event } from "@ape/core/protocol/events";
import { OUTCOMES } from "@ape/core/protocol/outcome";
import { afterEach, beforeEach, expect, test } from "vitest";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { sampleManifest } from "../../test/sample-run.ts";
import { openEventLog } from "../store/event-log.ts";
import type { Manifest } from "../store/manifest.ts";
import { createRunDirectory, readSummary, writeManifest } from "../store/run-directory.ts";
import { rebuild } from "./report.ts";

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

test("rebuilding twice gives the same", async () => {
  const directory = await makeRun(sampleManifest(), { engine, "agents-0": agents });
  const first = await rebuild(directory);
  expect(await rebuild(directory)).toEqual(first);
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
  const { summary, exit } = await rebuild(directory);
  expect(exit).toBe("crashed");
  expect(summary.run.status).toBe("crashed");
  expect(summary.run.durationMs).toBe(Math.round((agents[cut] as Event).at - begin));
  expect(summary.inFlight).toHaveLength(1);
  expect(summary.inFlight[0]?.trace).toMatch(/^0+\d+$/);
  expect(summary.sessions.started).toBe(summary.sessions.ended + summary.sessions.interrupted);
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
