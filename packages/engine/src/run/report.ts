import { join } from "node:path";
import { ApeError, type ExitName, messageOf } from "@ape/core/lib/errors";
import { parseSelector } from "@ape/core/metrics/threshold";
import type { Event, RunEnded } from "@ape/core/protocol/events";
import type { Report } from "@ape/core/report/report";
import type { Summary } from "@ape/core/report/summary";
import { Aggregator } from "../aggregate/aggregator.ts";
import { PathDiversity } from "../aggregate/path-diversity.ts";
import { summarize } from "../aggregate/summarize.ts";
import { junitXml } from "../export/junit.ts";
import { readPartDigests, readSamples } from "../report/part-digest.ts";
import { ReportBuilder } from "../report/report-builder.ts";
import { writeReportFiles } from "../report/report-files.ts";
import type { SampledIds } from "../report/sampled-ids.ts";
import { type ReadReport, readEvents } from "../store/event-reader.ts";
import { eventsDirectory, readManifest, writeSummary, writeWhole } from "../store/run-directory.ts";
import { thresholdContext, thresholdsOf } from "../thresholds/thresholds.ts";

/** The part of the engine's own events. */
const ENGINE_PART = "engine";

/** Result of a run. */
export interface Results {
  summary: Summary;
  exit: ExitName;
  report: Report;
}

/**
 * Computes a run's results from its `run.json` and events, and writes them as {@link writeResults} does.
 * @throws ApeError RUN_NOT_FOUND, RUN_DIRECTORY
 */
export async function rebuild(runDirectory: string): Promise<Results> {
  const results = await computeResults(runDirectory);
  await writeResults(runDirectory, results);
  return results;
}

/**
 * Computes and writes the results of a run that has just ended. If they cannot be written, they are returned with the
 * error.
 * @param pageFolder as of {@link writeResults}
 * @throws ApeError RUN_NOT_FOUND
 */
export async function conclude(
  runDirectory: string,
  pageFolder?: string,
): Promise<Results & { unwritten?: ApeError }> {
  const results = await computeResults(runDirectory);
  try {
    await writeResults(runDirectory, results, pageFolder);
    return results;
  } catch (thrown) {
    const unwritten = thrown instanceof ApeError ? thrown : new ApeError("RUN_DIRECTORY", messageOf(thrown));
    return { ...results, exit: "crashed", unwritten };
  }
}

/**
 * Writes `summary.json`, `junit.xml`, `report.json` and `report.html`.
 * @param pageFolder folder of the built page; without it there is no `report.html`
 * @throws ApeError RUN_DIRECTORY, as on a full disk
 */
export async function writeResults(
  runDirectory: string,
  { summary, report }: Results,
  pageFolder?: string,
): Promise<void> {
  const manifest = await readManifest(runDirectory);
  await writeSummary(runDirectory, summary);
  await writeWhole(join(runDirectory, "junit.xml"), junitXml(summary, manifest));
  await writeReportFiles(runDirectory, { summary, report, manifest }, pageFolder);
}

/**
 * Computes a run's results and writes nothing. A run whose engine died counts as crashed, from its first event to its
 * last.
 * @throws ApeError RUN_NOT_FOUND
 */
export async function computeResults(runDirectory: string): Promise<Results> {
  const manifest = await readManifest(runDirectory);
  const thresholds = thresholdsOf(manifest.thresholds, thresholdContext(manifest));
  const aggregator = new Aggregator(Object.keys(thresholds).map(parseSelector));
  const realism = new PathDiversity();
  const builder = new ReportBuilder(manifest.seed);
  let first: number | undefined;
  let started: number | undefined;
  const notices = new Set<string>();
  let last = 0;
  let ended: RunEnded | undefined;
  const events = eventsDirectory(runDirectory);
  // The origin of the time axis is known before anything is added to it.
  await readEvents(events, (event) => event.type === "run_started" && builder.add(event), {
    segments: ({ part }) => part === ENGINE_PART,
    onlyRunEventsOf: new Set([ENGINE_PART]),
  });
  const digested = new Set<string>();
  const sampled: SampledIds[] = [];
  let withoutSteps = 0;
  for await (const [part, digest] of readPartDigests(events)) {
    digested.add(part);
    first = Math.min(first ?? digest.first, digest.first);
    last = Math.max(last, digest.last);
    aggregator.merge(digest.aggregate);
    aggregator.mergeEnd(digest.end);
    realism.merge(digest.paths);
    builder.merge({ ...digest.report, sample: { kept: [], seen: 0 } });
    sampled.push(digest.sessions);
    withoutSteps += (digest.succeeded ?? 0) - (digest.kept ?? 0);
  }
  const visit = (event: Event): void => {
    first = Math.min(first ?? event.at, event.at);
    last = Math.max(last, event.at);
    if (event.type === "log" && event.notice === true) notices.add(event.message);
    if (event.type === "run_started") started = event.at;
    else if (event.type === "run_ended") ended = event;
    aggregator.add(event);
    realism.add(event);
    builder.add(event);
  };
  const damage = damageOf(await readEvents(events, visit, { onlyRunEventsOf: digested }));
  for (const sample of await readSamples(events, sampled)) builder.mergeSample(sample);
  const from = started ?? first ?? last;
  const end: Pick<RunEnded, "at" | "status" | "reason" | "error"> = ended ?? {
    at: last,
    status: "crashed",
    reason: "the engine ended without a word; the results are those of the events it left",
  };
  // A crashed run has no event of its end: its last moment is marked.
  if (ended === undefined) builder.add({ type: "run_ended", ...end });
  const results = summarize({ aggregator, realism, notices, withoutSteps }, manifest, {
    status: end.status,
    reason: end.reason,
    ...(end.error === undefined ? {} : { error: end.error }),
    durationMs: Math.max(0, end.at - from),
    ...(damage === undefined ? {} : { damage }),
  });
  return { ...results, report: builder.read(manifest.id) };
}

/** What the figures of a run lack, in words; undefined if nothing. A torn last line, as after `kill -9`, lacks nothing. */
function damageOf({ bad, damaged, compacted }: ReadReport): string | undefined {
  const lost: string[] = [];
  if (bad > 0) lost.push(`events of ${[...damaged].join(", ")} are damaged or missing`);
  if (compacted > 0) lost.push("a digest of steps that were not kept (`events.keep`) is missing or damaged");
  return lost.length === 0 ? undefined : `${lost.join(", ")}: figures lack them, so there is no verdict`;
}
