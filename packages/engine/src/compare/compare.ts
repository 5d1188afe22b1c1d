import { METRICS } from "@ape/core/metrics/metrics";
import type { ChangeVerdict, ComparedFigure, Comparison, RelativeChange } from "@ape/core/report/comparison";
import { readPartDigests } from "../report/part-digest.ts";
import { readEvents } from "../store/event-reader.ts";
import type { Manifest } from "../store/manifest.ts";
import { eventsDirectory, readManifest } from "../store/run-directory.ts";
import { quantileChanges, shareChange } from "./bootstrap.ts";
import { RunSamples, type Sample, type Share, TRENDS } from "./samples.ts";

/** Fewer values than this on either side are inconclusive. */
const FEWEST = 20;

export interface Tolerances {
  /** Tolerated relative change of a duration: 0.1 is a tenth. */
  tolerance: number;
  /** Tolerated change of a share: 0.01 is one percentage point. */
  rateTolerance: number;
}

/** Those of a comparison that says nothing else. */
export const DEFAULT_TOLERANCES: Tolerances = { tolerance: 0.1, rateTolerance: 0.01 };

/**
 * Compares a run with an earlier one, from their digests and events. A figure is worse if the whole confidence interval of its
 * change is beyond the tolerance.
 * @throws ApeError RUN_NOT_FOUND
 */
export async function compareRuns(
  directoryA: string,
  directoryB: string,
  tolerances: Tolerances,
): Promise<Comparison> {
  const [a, b] = [await readRun(directoryA), await readRun(directoryB)];
  return compareSamples(a, b, tolerances);
}

interface ReadRun {
  manifest: Manifest;
  samples: RunSamples;
  /** Segments of events that cannot be read. */
  damaged?: ReadonlySet<string>;
}

async function readRun(directory: string): Promise<ReadRun> {
  const manifest = await readManifest(directory);
  const samples = new RunSamples();
  const events = eventsDirectory(directory);
  const digested = new Set<string>();
  for await (const [part, digest] of readPartDigests(events)) {
    // Digests of earlier versions have no samples.
    if (digest.samples === undefined) continue;
    samples.merge(digest.samples);
    digested.add(part);
  }
  const { damaged } = await readEvents(events, (event) => samples.add(event), { onlyRunEventsOf: digested });
  return { manifest, samples, damaged };
}

/** As {@link compareRuns}, for runs that were already read. */
export function compareSamples(a: ReadRun, b: ReadRun, tolerances: Tolerances): Comparison {
  const { tolerance, rateTolerance } = tolerances;
  const figures: ComparedFigure[] = [
    share("session_success", a.samples.sessionSuccess, b.samples.sessionSuccess, -rateTolerance),
    share("action_failed", a.samples.actionFailed, b.samples.actionFailed, rateTolerance),
  ];
  for (const metric of TRENDS)
    figures.push(...trend(metric, undefined, a.samples.trends[metric], b.samples.trends[metric], tolerance));
  for (const [operation, sample] of [...a.samples.operations].sort(([x], [y]) => (x < y ? -1 : 1))) {
    const other = b.samples.operations.get(operation);
    if (other !== undefined) figures.push(...trend("action_duration", operation, sample, other, tolerance));
  }
  return {
    schema: 1,
    a: a.manifest.id,
    b: b.manifest.id,
    tolerance,
    rateTolerance,
    figures,
    regressions: figures.filter(({ verdict }) => verdict === "worse").length,
    differences: [...differencesOf(a.manifest, b.manifest), ...[a, b].flatMap(damageOf)],
  };
}

/** @param limit the tolerated change; negative if less is worse */
function share(metric: keyof typeof METRICS, a: Share, b: Share, limit: number): ComparedFigure {
  const base = { metric, statistic: "rate", unit: "1" } as const;
  if (a.total < FEWEST || b.total < FEWEST) return { ...base, ...nothing, verdict: "too_few" };
  const change = shareChange(a, b);
  const turned = limit < 0 ? { low: -change.high, high: -change.low } : change;
  return { ...base, ...change, verdict: verdictOf(turned, Math.abs(limit)) };
}

function trend(
  metric: keyof typeof METRICS,
  operation: string | undefined,
  a: Sample,
  b: Sample,
  tolerance: number,
): ComparedFigure[] {
  if (a.count === 0 && b.count === 0) return [];
  const base = { metric, ...(operation === undefined ? {} : { operation }), unit: METRICS[metric].unit };
  if (a.count < FEWEST || b.count < FEWEST)
    return [{ ...base, statistic: "med", ...nothing, verdict: "too_few" }];
  const [median, p95] = quantileChanges(a.sorted, b.sorted, [0.5, 0.95]) as [RelativeChange, RelativeChange];
  return [
    { ...base, statistic: "med", ...median, verdict: verdictOf(median, tolerance) },
    { ...base, statistic: "p(95)", ...p95, verdict: verdictOf(p95, tolerance) },
  ];
}

const nothing: RelativeChange = { a: 0, b: 0, change: 0, low: 0, high: 0 };

/** The verdict from the bounds of a change for the worse. */
function verdictOf({ low, high }: Pick<RelativeChange, "low" | "high">, limit: number): ChangeVerdict {
  if (low > limit) return "worse";
  if (high < -limit) return "better";
  return low >= -limit && high <= limit ? "same" : "uncertain";
}

function damageOf({ manifest, damaged = new Set() }: ReadRun): string[] {
  return damaged.size === 0
    ? []
    : [`events of ${manifest.id}: ${[...damaged].join(", ")} cannot be read and are not compared`];
}

function differencesOf(a: Manifest, b: Manifest): string[] {
  const words = (manifest: Manifest): Record<string, string> => ({
    model: `${manifest.model.name} of ${manifest.model.provider}`,
    agents: String(manifest.agents),
    workers: String(manifest.workers),
    runtime: manifest.runtime,
    "think time": manifest.behaviour.thinkTime,
    personas: manifest.behaviour.personas.map(({ name }) => name).join(", ") || "none",
    goals: manifest.goals.map(({ name }) => name).join(", "),
    APE: manifest.versions.ape,
    Node: manifest.versions.node,
  });
  const [before, after] = [words(a), words(b)];
  return Object.keys(before)
    .filter((key) => before[key] !== after[key])
    .map((key) => `${key}: ${before[key]} -> ${after[key]}`);
}
