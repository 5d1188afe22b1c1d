import type { Event, SessionEnded } from "@ape/core/protocol/events";
import type { Summary } from "@ape/core/report/summary";
import { type AggregateSnapshot, Aggregator } from "../aggregate/aggregator.ts";
import { PathDiversity, type PathDiversitySnapshot } from "../aggregate/path-diversity.ts";
import { RunSamples, type RunSamplesSnapshot } from "../compare/samples.ts";
import { readEvents } from "../store/event-reader.ts";
import { digestedParts, readDigest } from "../store/part-digest-file.ts";
import { segmentsOf } from "../store/segment-files.ts";
import type { StepRetention } from "../store/step-retention.ts";
import { ReportBuilder, type ReportSnapshot } from "./report-builder.ts";
import { readReportSessions, type SampledIds, SessionIdSample } from "./sampled-ids.ts";

/** What results need of the sessions of one process, as JSON. Events of the run are read again: they are few. */
export interface PartDigest {
  version: 1;
  aggregate: AggregateSnapshot;
  end: Pick<Summary, "inFlight" | "example">;
  paths: PathDiversitySnapshot;
  report: ReportSnapshot;
  sessions: SampledIds;
  /** Moments of the first and the last event, in epoch milliseconds. */
  first: number;
  last: number;
  /** Ids of sessions that have not ended; absent in digests of earlier versions, as what follows. */
  open?: string[];
  /** Successful sessions, and those of them whose steps are kept. */
  succeeded?: number;
  kept?: number;
  /** What a comparison with another run needs. */
  samples?: RunSamplesSnapshot;
}

/**
 * Computes the digest of one process while it records its events, so that results need not read them again, and decides
 * which sessions keep their steps. Bounded, however long the run.
 */
export class PartDigestBuilder {
  readonly #figures = new Aggregator([], false);
  readonly #paths = new PathDiversity();
  readonly #report: ReportBuilder;
  readonly #sessions: SessionIdSample;
  #samples = new RunSamples();
  readonly #retention: StepRetention | undefined;
  readonly #open = new Set<string>();
  #succeeded = 0;
  #kept = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = 0;

  /**
   * @param seed of the run and the process: the same seed draws the same sessions
   * @param retention is informed of each session; without it all steps are kept
   */
  constructor(seed: number, retention?: StepRetention) {
    this.#report = new ReportBuilder(seed, false);
    this.#sessions = new SessionIdSample(seed);
    this.#retention = retention;
  }

  add(event: Event): void {
    if (event.at < this.#first) this.#first = event.at;
    if (event.at > this.#last) this.#last = event.at;
    if (event.type === "agents" || event.type === "health" || event.type === "log") return;
    this.#paths.add(event);
    this.#report.add(event);
    this.#samples.add(event);
    const isSampled = this.#sessions.add(event);
    if (event.type === "session_started") {
      this.#open.add(event.session);
      this.#retention?.begin(event.session);
    } else if (event.type === "session_ended") this.#end(event, isSampled);
    else if (event.type === "session_interrupted") {
      this.#open.delete(event.session);
      this.#retention?.end(event.session, true);
    }
  }

  #end({ session, outcome }: SessionEnded, isSampled: boolean): void {
    this.#open.delete(session);
    const isSuccess = outcome === "succeeded";
    // The first one that succeeded is the example of the summary.
    const isKept = this.#retention?.end(session, !isSuccess || isSampled || this.#succeeded === 0) ?? true;
    if (!isSuccess) return;
    this.#succeeded += 1;
    if (isKept) this.#kept += 1;
  }

  /** Adds each snapshot of the process's aggregator, which starts at zero after each. */
  addFigures(snapshot: AggregateSnapshot): void {
    this.#figures.merge({ ...snapshot, levels: [], health: [] });
  }

  /**
   * Continues from the digest of the same process at an earlier moment. The events of the sessions that were open then
   * must have been added, and nothing else; what they have counted is in the digest.
   */
  restore(digest: PartDigest): void {
    this.#report.take(0);
    this.#report.merge({ ...digest.report, sample: { kept: [], seen: 0 } });
    this.#figures.merge(digest.aggregate);
    this.#paths.restore(digest.paths);
    this.#sessions.restore(digest.sessions);
    this.#samples = new RunSamples();
    if (digest.samples !== undefined) this.#samples.merge(digest.samples);
    this.#succeeded = digest.succeeded ?? 0;
    this.#kept = digest.kept ?? 0;
    this.#first = Math.min(this.#first, digest.first);
    this.#last = Math.max(this.#last, digest.last);
  }

  /**
   * The digest of everything until now, after a snapshot of the same moment was added.
   * @param aggregator the process's own
   */
  read({ inFlight, example }: Pick<Aggregator, "inFlight" | "example">): PartDigest {
    const aggregate = this.#figures.takeSnapshot();
    this.#figures.merge(aggregate);
    return {
      version: 1,
      aggregate,
      end: { inFlight, ...(example === undefined ? {} : { example }) },
      paths: this.#paths.snapshot(),
      report: this.#report.readAll(this.#last),
      sessions: this.#sessions.read(),
      first: this.#first,
      last: this.#last,
      open: [...this.#open],
      succeeded: this.#succeeded,
      kept: this.#kept,
      samples: this.#samples.snapshot(),
    };
  }
}

/** The sampled sessions of several parts, whose events are read. */
export async function readSamples(
  eventsDirectory: string,
  parts: readonly SampledIds[],
): Promise<ReportSnapshot["sample"][]> {
  const ids = new Set(parts.flatMap(({ kept }) => kept.map(([, session]) => session)));
  const known = await readReportSessions(eventsDirectory, ids);
  return parts.map(({ seen, kept }) => ({
    seen,
    kept: kept.flatMap(([kind, id]) => {
      const session = known.get(id);
      return session === undefined ? [] : [{ kind, session }];
    }),
  }));
}

/**
 * The digests of a run by part, one at a time, since there may be a thousand; parts whose events have to be read are left
 * out. A digest that ends before the part's events do, as after a crash, is continued with the events that follow.
 */
export async function* readPartDigests(
  eventsDirectory: string,
): AsyncGenerator<[part: string, digest: PartDigest]> {
  const parts = await segmentsOf(eventsDirectory);
  for (const part of await digestedParts(eventsDirectory)) if (!parts.has(part)) parts.set(part, []);
  for (const [part, segments] of parts) {
    const stored = await readDigest(eventsDirectory, part, segments);
    const digest = stored?.digest as PartDigest | undefined;
    if (stored === undefined || digest?.version !== 1) continue;
    if (segments.every(({ number }) => number <= stored.last)) yield [part, digest];
    else if (digest.open !== undefined)
      yield [part, await continued(eventsDirectory, part, digest, stored.last)];
  }
}

/**
 * A digest with figures that its process has reported after it, and before it died.
 * @param at epoch milliseconds, for a process without a digest
 */
export function extendDigest(
  digest: PartDigest | undefined,
  figures: readonly AggregateSnapshot[],
  at: number,
): PartDigest {
  const base = digest ?? {
    ...new PartDigestBuilder(0).read({ inFlight: [], example: undefined }),
    first: at,
    last: at,
  };
  const aggregator = new Aggregator([], false);
  for (const snapshot of [base.aggregate, ...figures])
    aggregator.merge({ ...snapshot, levels: [], health: [] });
  return { ...base, aggregate: aggregator.takeSnapshot() };
}

/** A digest of all events of a part, from one of its segments up to a number. */
async function continued(
  eventsDirectory: string,
  part: string,
  digest: PartDigest,
  last: number,
): Promise<PartDigest> {
  const aggregator = new Aggregator([], false);
  const builder = new PartDigestBuilder(0);
  const add = (event: Event): void => {
    aggregator.add(event);
    builder.add(event);
  };
  const open = new Set(digest.open);
  await readEvents(eventsDirectory, add, {
    sessions: open,
    segments: (segment) => segment.part === part && segment.number <= last,
  });
  aggregator.takeSnapshot();
  builder.restore(digest);
  await readEvents(eventsDirectory, add, {
    segments: (segment) => segment.part === part && segment.number > last,
  });
  builder.addFigures(aggregator.takeSnapshot());
  const cutOff = digest.end.inFlight.filter(({ session }) => !open.has(session));
  const example = digest.end.example ?? aggregator.example;
  return builder.read({
    inFlight: [...cutOff, ...aggregator.inFlight],
    ...(example === undefined ? { example: undefined } : { example }),
  });
}
