import type { Event } from "@ape/core/protocol/events";
import type { Summary } from "@ape/core/report/summary";
import { type AggregateSnapshot, Aggregator } from "../aggregate/aggregator.ts";
import { PathDiversity, type PathDiversitySnapshot } from "../aggregate/path-diversity.ts";
import { readDigest } from "../store/part-digest-file.ts";
import { segmentsOf } from "../store/segment-files.ts";
import { ReportBuilder, type ReportSnapshot } from "./report-builder.ts";
import { readReportSessions, type SampledIds, SessionIdSample } from "./sampled-ids.ts";

/** What results need of the sessions of one process, as JSON. Events of the run are read again: they are few. */
interface PartDigest {
  version: 1;
  aggregate: AggregateSnapshot;
  end: Pick<Summary, "inFlight" | "example">;
  paths: PathDiversitySnapshot;
  report: ReportSnapshot;
  sessions: SampledIds;
  /** Moments of the first and the last event, in epoch milliseconds. */
  first: number;
  last: number;
}

/**
 * Computes the digest of one process while it records its events, so that results need not read them again. Bounded,
 * however long the run.
 */
export class PartDigestBuilder {
  readonly #figures = new Aggregator([], false);
  readonly #paths = new PathDiversity();
  readonly #report: ReportBuilder;
  readonly #sessions: SessionIdSample;
  #first = Number.POSITIVE_INFINITY;
  #last = 0;

  /** @param seed of the run and the process: the same seed draws the same sessions */
  constructor(seed: number) {
    this.#report = new ReportBuilder(seed, false);
    this.#sessions = new SessionIdSample(seed);
  }

  add(event: Event): void {
    if (event.at < this.#first) this.#first = event.at;
    if (event.at > this.#last) this.#last = event.at;
    if (event.type === "agents" || event.type === "health" || event.type === "log") return;
    this.#paths.add(event);
    this.#report.add(event);
    this.#sessions.add(event);
  }

  /** Adds each snapshot of the process's aggregator, which starts at zero after each. */
  addFigures(snapshot: AggregateSnapshot): void {
    this.#figures.merge({ ...snapshot, levels: [], health: [] });
  }

  /**
   * The digest, after the last snapshot.
   * @param aggregator the process's own
   */
  read(aggregator: Aggregator): PartDigest {
    const { inFlight, example } = aggregator;
    return {
      version: 1,
      aggregate: this.#figures.takeSnapshot(),
      end: { inFlight, ...(example === undefined ? {} : { example }) },
      paths: this.#paths.snapshot(),
      report: this.#report.takeAll(this.#last),
      sessions: this.#sessions.read(),
      first: this.#first,
      last: this.#last,
    };
  }
}

/** A part's share of a report, with the sampled sessions, whose events are read. */
export async function reportSnapshots(
  eventsDirectory: string,
  digests: readonly PartDigest[],
): Promise<ReportSnapshot[]> {
  const ids = new Set(digests.flatMap(({ sessions }) => sessions.kept.map(([, session]) => session)));
  const known = await readReportSessions(eventsDirectory, ids);
  return digests.map(({ report, sessions }) => ({
    ...report,
    sample: {
      seen: sessions.seen,
      kept: sessions.kept.flatMap(([kind, id]) => {
        const session = known.get(id);
        return session === undefined ? [] : [{ kind, session }];
      }),
    },
  }));
}

/** The digests of a run, by part; parts whose events have to be read are left out. */
export async function readPartDigests(eventsDirectory: string): Promise<Map<string, PartDigest>> {
  const digests = new Map<string, PartDigest>();
  for (const [part, segments] of await segmentsOf(eventsDirectory)) {
    const digest = (await readDigest(eventsDirectory, part, segments)) as PartDigest | undefined;
    if (digest?.version === 1) digests.set(part, digest);
  }
  return digests;
}
