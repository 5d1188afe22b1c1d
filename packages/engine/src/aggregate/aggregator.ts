import type { Labels, MetricName } from "@ape/core/metrics/metrics";
import type { Sink } from "@ape/core/metrics/sink";
import type { MetricSelector } from "@ape/core/metrics/threshold";
import type { Event, SessionEnded } from "@ape/core/protocol/events";
import type { Attribution } from "@ape/core/protocol/outcome";
import type { Remark } from "@ape/core/report/remark-text";
import type { Summary } from "@ape/core/report/summary";
import { Emitter } from "./emitter.ts";
import { type Failure, Failures, Remarks } from "./failures.ts";
import { HealthFigures, type PartHealth } from "./health-figures.ts";
import type { LevelSnapshot } from "./levels.ts";
import { OpenSessions } from "./open-sessions.ts";
import { type AggregatedSeries, type SeriesSnapshot, SeriesTable } from "./series-table.ts";
import { SessionCounts } from "./session-counts.ts";

/** What an aggregator gathered since the last snapshot, as JSON. */
export interface AggregateSnapshot {
  series: SeriesSnapshot;
  sessions: Summary["sessions"];
  attribution: Record<Attribution, number>;
  failures: Failure[];
  /** Absent if there are none, and in snapshots of earlier versions. */
  remarks?: Remark[];
  levels: LevelSnapshot[];
  health: PartHealth[];
}

/**
 * Everything that is computed from events, in one pass. Each worker has one for its own events; the engine merges
 * their snapshots while a run is running, and one over all events makes the summary at the end.
 */
export class Aggregator {
  readonly #table: SeriesTable;
  readonly #emitter: Emitter;
  readonly #counts = new SessionCounts();
  readonly #open = new OpenSessions();
  readonly #failures = new Failures();
  readonly #remarks = new Remarks();
  readonly #health = new HealthFigures();
  #example: Summary["example"];
  #busAwayMs = 0;

  /**
   * @param selectors that will be queried often, and are kept up to date from the start
   * @param queried false where only snapshots are taken, which costs half as much per value
   */
  constructor(selectors: readonly MetricSelector[], queried = true) {
    this.#table = new SeriesTable(selectors, queried);
    this.#emitter = new Emitter(this.#table.open);
  }

  add(event: Event): void {
    switch (event.type) {
      case "session_ended":
        if (event.outcome === "succeeded") this.#addSuccess(event);
        else
          this.#failures.add(
            event.attribution ?? "infrastructure",
            event.reason,
            this.#open.traceOf(event.session),
            event.session,
          );
        break;
      case "health":
        this.#health.add(event);
        return;
      case "bus_outage":
        this.#busAwayMs += event.durationMs;
        return;
    }
    this.#emitter.add(event);
    this.#counts.add(event);
    this.#open.add(event);
  }

  #addSuccess({ goal, session, remark: text }: SessionEnded): void {
    if (text === undefined && this.#example !== undefined) return;
    const trace = this.#open.traceOf(session);
    this.#example ??= { goal, trace, session };
    if (text !== undefined) this.#remarks.count({ goal, text, count: 1, trace, session });
  }

  /**
   * Returns what was gathered since the last call; sums start at 0 again, levels and health continue. Open sessions and
   * their actions in flight stay: only a process that sees the events knows them.
   */
  takeSnapshot(): AggregateSnapshot {
    const remarks = this.#remarks.take();
    return {
      series: this.#table.take(),
      ...this.#counts.take(),
      failures: this.#failures.take(),
      ...(remarks.length === 0 ? {} : { remarks }),
      levels: this.#emitter.levels.take(),
      health: this.#health.snapshot(),
    };
  }

  /** Adds another aggregator's snapshot. Extremes of agents combine each worker's with the last level of the others. */
  merge(snapshot: AggregateSnapshot): void {
    this.#table.merge(snapshot.series);
    this.#counts.merge(snapshot.sessions, snapshot.attribution);
    this.#failures.merge(snapshot.failures);
    this.#remarks.merge(snapshot.remarks ?? []);
    this.#health.merge(snapshot.health);
    const { levels } = this.#emitter;
    for (const [
      worker,
      active,
      leastActive,
      mostActive,
      waiting,
      leastWaiting,
      mostWaiting,
    ] of snapshot.levels) {
      levels.set(worker, leastActive, leastWaiting);
      this.#emitter.emitLevels(levels.active, levels.waiting, 0);
      levels.set(worker, mostActive, mostWaiting);
      this.#emitter.emitLevels(levels.active, levels.waiting, 0);
      levels.set(worker, active, waiting);
      this.#emitter.emitLevels(levels.active, levels.waiting, 0);
    }
  }

  /** Adds what only the process that saw the events of open sessions knows, at its end. */
  mergeEnd({ inFlight, example }: Pick<Summary, "inFlight" | "example">): void {
    this.#open.addCutOff(inFlight);
    this.#example ??= example;
  }

  /** The first session that succeeded, of those whose events were seen. */
  get example(): Summary["example"] {
    return this.#example;
  }

  /**
   * The values of a selector such as `action_duration{operation:"POST /orders"}`; undefined if there are none.
   * @throws ApeError THRESHOLD_INVALID
   */
  sink(selectorText: string): Sink | undefined {
    return this.#table.sink(selectorText);
  }

  /** As {@link sink}, for separate labels. */
  sinkOf(metric: MetricName, labels: Labels): Sink | undefined {
    return this.#table.sinkOf(metric, labels);
  }

  /** Every metric and set of labels that has values. */
  series(): Generator<AggregatedSeries> {
    return this.#table.all();
  }

  /** Every operation that an action was counted for. */
  get operations(): string[] {
    return this.#table.valuesOf("actions", "operation");
  }

  get sessions(): Readonly<Summary["sessions"]> {
    return this.#counts.sessions;
  }

  /** Ended sessions that did not succeed, by attribution. */
  get attribution(): Readonly<Record<Attribution, number>> {
    return this.#counts.attribution;
  }

  get inFlight(): Summary["inFlight"] {
    return this.#open.inFlight;
  }

  get health(): Summary["health"] {
    const busAwayMs = this.#busAwayMs;
    return { ...this.#health.total, ...(busAwayMs === 0 ? {} : { busAwayMs }) };
  }

  /** The most frequent reasons why sessions did not succeed. */
  failures(count: number): Failure[] {
    return this.#failures.top(count);
  }

  /** The most frequent last words of successful sessions about words of their goals that they did not follow. */
  remarks(count: number): Remark[] {
    return this.#remarks.top(count);
  }
}
