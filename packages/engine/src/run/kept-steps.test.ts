import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Event } from "@ape/core/protocol/events";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { sampleManifest } from "../../test/sample-run.ts";
import { Aggregator } from "../aggregate/aggregator.ts";
import { compareRuns, DEFAULT_TOLERANCES } from "../compare/compare.ts";
import type { Project } from "../project/project.ts";
import { PartDigestBuilder } from "../report/part-digest.ts";
import { isStepEvent } from "../store/event-encoding.ts";
import { openEventLog } from "../store/event-log.ts";
import { readEvents } from "../store/event-reader.ts";
import { createRunDirectory, eventsDirectory, writeManifest } from "../store/run-directory.ts";
import { StepRetention } from "../store/step-retention.ts";
import { withStepsFor } from "./kept-steps.ts";
import { computeResults, type Results } from "./report.ts";

let project = "";
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "ape-kept-"));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

const begin = (plausibleEvents(1)[0] as Event).at - 10;
const SEED = 7;

interface Interruption {
  /** Called after each event with its number; every eighth one is committed. */
  each?: (number: number, folder: string) => void;
  /** Events after which the process is gone; without it the log is closed. */
  until?: number;
}

/** The events of one process whose agents run their sessions at the same time. */
function interleaved(sessions: number, agents = 6): Event[] {
  return Array.from({ length: agents }, (_, worker) =>
    plausibleEvents(Math.ceil(sessions / agents), { seed: worker + 1, worker }),
  )
    .flat()
    .sort((a, b) => a.at - b.at);
}

let runs = 0;
/** Writes a worker's events as a worker does, with small segments. */
async function write(events: readonly Event[], keep: number, more: Interruption = {}): Promise<string> {
  runs += 1;
  const manifest = sampleManifest({ keep, id: `20261123-065224-${String(runs).padStart(4, "0")}` });
  const directory = await createRunDirectory(project, manifest.id);
  await writeManifest(directory, manifest);
  const folder = eventsDirectory(directory);
  const engine = await openEventLog(folder, "engine", { onFailure: fail });
  engine.record({ type: "run_started", at: begin, run: "r", seed: SEED });
  if (more.until === undefined)
    engine.record({ type: "run_ended", at: begin + 60_000, status: "finished", reason: "done" });
  await engine.close();
  const retention = new StepRetention(SEED, keep);
  const aggregator = new Aggregator([], false);
  const digest = new PartDigestBuilder(SEED, retention);
  const read = (): object => {
    digest.addFigures(aggregator.takeSnapshot());
    return digest.read(aggregator);
  };
  const log = await openEventLog(folder, "agents-0", {
    onFailure: fail,
    segmentBytes: 20_000,
    compaction: { retention, checkpoint: read },
  });
  for (const [number, event] of events.entries()) {
    if (number === more.until) break;
    aggregator.add(event);
    digest.add(event);
    if (number % 8 === 0) log.commit(event);
    else log.record(event);
    if (number % 50 === 0) await setImmediate();
    more.each?.(number, directory);
  }
  if (more.until === undefined) await log.close(read());
  else await log.flush();
  return directory;
}

const fail = (error: Error): never => {
  throw error;
};

/** Everything of the results that counts sessions, without the run's name and what states the loss. */
const figures = ({ summary, report }: Results): unknown => ({
  summary: { ...summary, run: { ...summary.run, id: "" }, events: undefined },
  report: { ...report, run: "" },
});

/** As {@link figures}, without what is drawn anew when a digest is continued: samples, and parts of sparklines. */
function unsampled(results: Results): unknown {
  const { report } = results;
  return {
    ...(figures(results) as object),
    report: {
      ...report,
      run: "",
      sessions: [],
      failures: report.failures.map(({ attribution, reason, count }) => ({ attribution, reason, count })),
      operations: report.operations.map((operation) => ({ ...operation, spark: [] })),
    },
  };
}

async function stepsOf(directory: string): Promise<Map<string, number>> {
  const steps = new Map<string, number>();
  await readEvents(eventsDirectory(directory), (event) => {
    if (!("session" in event)) return;
    steps.set(event.session, (steps.get(event.session) ?? 0) + (isStepEvent(event) ? 1 : 0));
  });
  return steps;
}

test("a run that keeps a tenth of the steps has the figures, the report and the sampled sessions of one that keeps all", async () => {
  const events = interleaved(600);
  const whole = await write(events, 1);
  const tenth = await write(events, 0.1);
  const results = await computeResults(tenth);
  expect(figures(results)).toEqual(figures(await computeResults(whole)));
  expect(results.report.sessions.every(({ steps, stepCount }) => stepCount === 0 || steps.length > 0)).toBe(
    true,
  );
  const { successful = 0, withSteps = 0 } = results.summary.events ?? {};
  expect(results.summary.events?.keep).toBe(0.1);
  expect(successful).toBe(results.summary.sessions.succeeded);
  // A tenth, and the sessions of the report's sample.
  expect(withSteps).toBeGreaterThan(successful * 0.1);
  expect(withSteps).toBeLessThan(successful * 0.1 + 300);
  expect((await computeResults(whole)).summary.events).toBeUndefined();
});

test("summaries of all sessions stay, and all steps of those that did not succeed", async () => {
  const events = interleaved(600);
  const directory = await write(events, 0);
  const steps = await stepsOf(directory);
  const whole = await stepsOf(await write(events, 1));
  expect([...steps.keys()].sort()).toEqual([...whole.keys()].sort());
  const unsuccessful = events.filter(
    (event) => event.type === "session_ended" && event.outcome !== "succeeded",
  );
  expect(unsuccessful.length).toBeGreaterThan(50);
  for (const event of unsuccessful)
    if ("session" in event) expect(steps.get(event.session)).toBe(whole.get(event.session));
  const empty = [...steps].filter(([session, count]) => count === 0 && (whole.get(session) ?? 0) > 0);
  const { successful = 0, withSteps = 0 } = (await computeResults(directory)).summary.events ?? {};
  expect(empty.length).toBe(successful - withSteps);
  // A session has all of its steps, or none.
  for (const [session, count] of steps) expect([0, whole.get(session)]).toContain(count);
});

test("the same seed keeps the same sessions", async () => {
  const events = interleaved(200);
  expect(await stepsOf(await write(events, 0.3))).toEqual(await stepsOf(await write(events, 0.3)));
});

test("a process that is killed at any moment leaves the figures of everything that it had written", async () => {
  const events = interleaved(300);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: events.length - 1 }), async (until) => {
      const killed = await write(events, 0.05, { until });
      const whole = await write(events.slice(0, until), 1, { until });
      expect(unsampled(await computeResults(killed))).toEqual(unsampled(await computeResults(whole)));
    }),
    { numRuns: 6 },
  );
}, 60_000);

/** Copies a folder in which files may be replaced meanwhile, as of one moment. */
function copyWhole(from: string, to: string): void {
  for (;;) {
    try {
      cpSync(from, to, { recursive: true });
      return;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== "ENOENT") throw thrown;
      rmSync(to, { recursive: true, force: true });
    }
  }
}

test("whatever is on the disk at any moment has the figures of all events before", async () => {
  const events = interleaved(400);
  const copies: [number: number, directory: string][] = [];
  await write(events, 0.05, {
    each: (number, directory) => {
      if (number === 0 || number % 304 !== 0) return;
      const copy = join(project, `copy-${number}`);
      copyWhole(directory, copy);
      copies.push([number + 1, copy]);
    },
  });
  expect(copies.length).toBeGreaterThan(3);
  const compacted = copies.filter(([, copy]) =>
    readdirSync(eventsDirectory(copy)).some((name) => name === "agents-0.digest"),
  );
  expect(compacted.length).toBeGreaterThan(1);
  for (const [count, copy] of copies) {
    const { summary } = await computeResults(copy);
    const steps = events
      .slice(0, count)
      .filter((event) => event.type === "step" && event.action !== undefined);
    expect(summary.metrics.actions?.values.count).toBe(steps.length);
    const ended = events.slice(0, count).filter(({ type }) => type === "session_ended");
    expect(summary.sessions.ended).toBe(ended.length);
  }
});

test("a missing digest is stated: steps that were not kept cannot be counted", async () => {
  const directory = await write(interleaved(300), 0);
  rmSync(join(eventsDirectory(directory), "agents-0.digest"));
  const { summary } = await computeResults(directory);
  expect(summary.run).toMatchObject({
    status: "inconclusive",
    reason: expect.stringContaining("a digest of steps"),
  });
});

test("a digest that cannot be written drops nothing", async () => {
  const events = interleaved(200);
  const directory = await write(events, 0, {
    each: (number, run) => {
      if (number === 0) mkdirSync(join(eventsDirectory(run), "agents-0.digest.tmp"));
    },
  });
  let count = 0;
  await readEvents(eventsDirectory(directory), () => {
    count += 1;
  });
  expect(count).toBe(events.length + 2);
});

test("a comparison of runs is the same, whatever they keep", async () => {
  const [before, after] = [interleaved(300), interleaved(360)];
  const compared = async (keep: number): Promise<unknown> => {
    const runs = [await write(before, keep), await write(after, keep)] as const;
    return { ...(await compareRuns(...runs, DEFAULT_TOLERANCES)), a: "", b: "" };
  };
  const whole = await compared(1);
  expect(await compared(0.1)).toEqual(whole);
  expect(whole).toMatchObject({
    figures: expect.arrayContaining([expect.objectContaining({ operation: "POST /orders" })]),
  });
});

test("files of samples need all steps", () => {
  const project = (keep: number | "auto") => ({ config: { events: { keep } } }) as Project;
  expect(withStepsFor(project("auto"), ["csv=a.csv"]).config.events.keep).toBe(1);
  expect(withStepsFor(project(1), ["json=a"]).config.events.keep).toBe(1);
  expect(withStepsFor(project(0.5), ["otlp=http://x", "otlp-traces=http://x"]).config.events.keep).toBe(0.5);
  expect(withStepsFor(project("auto"), []).config.events.keep).toBe("auto");
  for (const out of ["csv=a.csv", "json=a"])
    expect(() => withStepsFor(project(0.5), [out])).toThrow("events.keep is 0.5");
});
