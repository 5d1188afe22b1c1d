import type { Event, HealthSampled } from "@ape/core/protocol/events";
import { LATENCY_BOUNDS_MS } from "@ape/core/report/latency-bounds";
import type { Report } from "@ape/core/report/report";
import { type FailureGroup, FailureGroups } from "./failure-groups.ts";
import { Marks } from "./marks.ts";
import { type OperationCounts, OperationTable } from "./operation-table.ts";
import { PathGraph, type PathGroup } from "./path-graph.ts";
import { type KeptSession, SessionSample } from "./session-sample.ts";
import type { BucketSnapshot } from "./time-bucket.ts";
import { TimeSeries } from "./time-series.ts";

/** What one process added to a report since its last snapshot, as JSON. */
export interface ReportSnapshot {
  /** Epoch milliseconds. */
  at: number;
  buckets: [at: number, bucket: BucketSnapshot][];
  operations: [name: string, counts: OperationCounts][];
  failures: FailureGroup[];
  sample: { kept: KeptSession[]; seen: number };
  paths: PathGroup[];
  health: HealthSampled[];
}

/**
 * Computes a report from events in one pass. Memory is bounded by the open sessions and the limits of each part. A
 * worker has one for its own events and sends snapshots; the engine merges them while the run is running.
 */
export class ReportBuilder {
  readonly series = new TimeSeries();
  readonly #operations = new OperationTable();
  readonly #failures = new FailureGroups();
  readonly #sample: SessionSample;
  readonly #samples: boolean;
  readonly #paths = new PathGraph();
  readonly #marks = new Marks();
  #health: HealthSampled[] = [];

  /**
   * @param seed of the run: the same seed draws the same sessions
   * @param samples whether events that are added are drawn from for the sample of sessions
   */
  constructor(seed: number, samples = true) {
    this.#samples = samples;
    this.#sample = new SessionSample(seed);
  }

  add(event: Event): void {
    this.series.add(event);
    this.#operations.add(event);
    if (event.type === "session_ended") this.#failures.add(event);
    else if (event.type === "health") this.#health = [...this.#health.slice(-9), event];
    if (this.#samples) this.#sample.add(event);
    this.#paths.add(event);
    this.#marks.add(event);
  }

  /** Returns what was added since the last call. Open sessions stay. */
  take(at: number): ReportSnapshot {
    const health = this.#health;
    this.#health = [];
    return {
      at,
      buckets: this.series.take(),
      operations: this.#operations.take(),
      failures: this.#failures.take(),
      sample: this.#sample.take(),
      paths: this.#paths.take(),
      health,
    };
  }

  /**
   * Everything of a builder that takes no samples and was never asked with {@link take}: one process of several. The
   * builder keeps it.
   */
  readAll(at: number): ReportSnapshot {
    const operations = this.#operations.takeAll();
    const failures = this.#failures.take();
    const paths = this.#paths.take();
    const nothing = { kept: [], seen: 0 };
    this.merge({ at, buckets: [], operations, failures, sample: nothing, paths, health: [] });
    return { at, buckets: this.series.snapshots(), operations, failures, sample: nothing, paths, health: [] };
  }

  merge(snapshot: ReportSnapshot): void {
    this.series.merge(snapshot.buckets);
    this.#operations.merge(snapshot.operations, snapshot.at);
    this.#failures.merge(snapshot.failures);
    this.#sample.merge(snapshot.sample);
    this.#paths.merge(snapshot.paths);
    for (const sample of snapshot.health) this.series.add(sample);
  }

  /** Adds sampled sessions of a process whose other figures are merged already. */
  mergeSample(sample: ReportSnapshot["sample"]): void {
    this.#sample.merge(sample);
  }

  /** Sessions that were kept since the last call. */
  takeFresh(): Report["sessions"] {
    return this.#sample.take().kept.map(({ session }) => ({
      ...session,
      at: Math.max(0, Math.round(session.at - this.series.origin)),
    }));
  }

  /** The parts of a report that are small enough to be sent once per second. */
  readLists(): Pick<Report, "marks" | "operations" | "failures" | "sampledFrom"> {
    return {
      marks: this.#marks.read(this.series.origin),
      operations: this.#operations.read(),
      failures: this.#failures.read((key) => this.#sample.examplesOf(key)),
      sampledFrom: this.#sample.seen,
    };
  }

  readPaths(): Report["paths"] {
    return this.#paths.read();
  }

  /** @param run the run's id */
  read(run: string): Report {
    return {
      version: 1,
      run,
      latencyBounds: [...LATENCY_BOUNDS_MS],
      series: this.series.read(),
      ...this.readLists(),
      sessions: this.#sample.read(this.series.origin),
      paths: this.readPaths(),
    };
  }
}
