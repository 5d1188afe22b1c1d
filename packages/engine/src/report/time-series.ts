import type { Event } from "@ape/core/protocol/events";
import { ATTRIBUTIONS, OUTCOMES } from "@ape/core/protocol/outcome";
import type { ReportLatencySeries, ReportSeries } from "@ape/core/report/report-series";
import { Levels } from "../aggregate/levels.ts";
import { SaturatedSpans } from "./saturated-spans.ts";
import { addMs, type BucketLatency, type BucketSnapshot, rounded, TimeBucket } from "./time-bucket.ts";

/** Most buckets of a run; with one more, neighbours are joined and the width doubles. */
export const MAX_BUCKETS = 600;
const FIRST_WIDTH_MS = 1_000;

/** The time series of a run. Memory is bounded: at most {@link MAX_BUCKETS} buckets, however long the run. */
export class TimeSeries {
  #origin: number | undefined;
  #width = FIRST_WIDTH_MS;
  #buckets: TimeBucket[] = [];
  readonly #levels = new Levels();
  readonly #spans = new SaturatedSpans();

  /** Beginning of the first bucket in epoch milliseconds: the full second of `run_started`, or of the first event. */
  get origin(): number {
    return this.#origin ?? 0;
  }

  get bucketMs(): number {
    return this.#width;
  }

  add(event: Event): void {
    switch (event.type) {
      case "run_started":
        this.#origin ??= gridStart(event.at);
        return;
      case "agents":
        this.setAgents(event.worker, event.active, event.waiting, event.at);
        return;
      case "health":
        this.#spans.add(event);
        this.#at(event.at).raiseHealth(event.eventLoopDelayP99Ms, event.cpu);
        return;
      case "session_started":
        this.#at(event.at).sums.started += 1;
        return;
      case "session_dropped":
        this.#at(event.at).sums.dropped += 1;
        return;
      case "session_interrupted":
        this.#at(event.at).sums.interrupted += 1;
        return;
      case "session_ended": {
        const { ended } = this.#at(event.at).sums;
        ended[event.outcome] = (ended[event.outcome] ?? 0) + 1;
        return;
      }
      case "inference": {
        const bucket = this.#at(event.at);
        bucket.sums.tokensInput += event.inputTokens;
        bucket.sums.tokensOutput += event.outputTokens;
        bucket.sums.costUsd += event.costUsd;
        if (event.firstTokenMs !== undefined) addMs(bucket.firstToken, event.firstTokenMs);
        return;
      }
      case "step":
        this.#step(event);
    }
  }

  /** Sets a worker's level of agents at a moment. */
  setAgents(worker: number, active: number, waiting: number, at: number): void {
    this.#levels.set(worker, active, waiting);
    this.#at(at).agents = { active: this.#levels.active, waiting: this.#levels.waiting };
  }

  #step(event: Extract<Event, { type: "step" }>): void {
    const bucket = this.#at(event.at);
    const { sums } = bucket;
    sums.steps += 1;
    sums.decisionMs += event.decisionMs;
    sums.thinkMs += event.thinkMs;
    sums.queueMs += event.queueMs;
    const { action } = event;
    if (action === undefined) return;
    if (event.betweenMs !== undefined) {
      sums.betweenMs += event.betweenMs;
      sums.betweenCount += 1;
    }
    sums.actions += 1;
    if (action.failed) {
      const attribution = action.attribution ?? "infrastructure";
      sums.failed[attribution] = (sums.failed[attribution] ?? 0) + 1;
    }
    addMs(bucket.latency, action.durationMs);
    for (const { duration } of action.attempts) addMs(bucket.target, duration);
  }

  #at(at: number): TimeBucket {
    this.#origin ??= gridStart(at);
    const offset = Math.max(0, at - this.#origin);
    while (Math.floor(offset / this.#width) >= MAX_BUCKETS) this.#coarsen();
    const index = Math.floor(offset / this.#width);
    for (let next = this.#buckets.length; next <= index; next += 1) this.#buckets.push(new TimeBucket());
    const bucket = this.#buckets[index] as TimeBucket;
    bucket.changed();
    return bucket;
  }

  #coarsen(): void {
    const joined: TimeBucket[] = [];
    for (let i = 0; i < this.#buckets.length; i += 2) {
      const bucket = this.#buckets[i] as TimeBucket;
      const later = this.#buckets[i + 1];
      if (later !== undefined) bucket.append(later);
      joined.push(bucket);
    }
    this.#buckets = joined;
    this.#width *= 2;
  }

  /** The buckets with their moments. */
  snapshots(): [at: number, bucket: BucketSnapshot][] {
    return this.#buckets.flatMap((bucket, index): [number, BucketSnapshot][] =>
      isEmpty(bucket) ? [] : [[this.origin + index * this.#width, bucket.snapshot()]],
    );
  }

  /** Returns the buckets since the last call with their moments, and starts at zero again: for one process of several. */
  take(): [at: number, bucket: BucketSnapshot][] {
    const taken = this.snapshots();
    this.#buckets = [];
    this.#origin = undefined;
    this.#width = FIRST_WIDTH_MS;
    return taken;
  }

  merge(buckets: readonly (readonly [at: number, bucket: BucketSnapshot])[]): void {
    for (const [at, bucket] of buckets) this.#at(at).mergeSnapshot(bucket);
  }

  /** @param from first bucket to return, for increments */
  read(from = 0): ReportSeries {
    const buckets = this.#buckets.slice(from);
    const numbers = (of: (bucket: TimeBucket) => number): number[] => buckets.map(of);
    const level = (of: "active" | "waiting"): number[] => {
      let last = 0;
      return this.#buckets
        .map(({ agents }) => {
          last = agents?.[of] ?? last;
          return last;
        })
        .slice(from);
    };
    const average = (sum: "betweenMs" | "decisionMs" | "thinkMs" | "queueMs"): (number | null)[] =>
      buckets.map(({ sums }) => {
        const count = sum === "betweenMs" ? sums.betweenCount : sums.steps;
        return count === 0 ? null : rounded(sums[sum] / count);
      });
    const latency = (of: "action" | "target"): ReportLatencySeries =>
      columnsOf(buckets.map(({ latencies }) => latencies[of]));
    return {
      startedAt: this.origin,
      bucketMs: this.#width,
      buckets: this.#buckets.length,
      agents: { active: level("active"), waiting: level("waiting") },
      sessions: {
        started: numbers(({ sums }) => sums.started),
        ended: byName(OUTCOMES, this.#buckets, from, ({ sums }) => sums.ended),
        dropped: numbers(({ sums }) => sums.dropped),
        interrupted: numbers(({ sums }) => sums.interrupted),
      },
      actions: {
        count: numbers(({ sums }) => sums.actions),
        failed: byName(ATTRIBUTIONS, this.#buckets, from, ({ sums }) => sums.failed),
        latency: latency("action"),
        target: latency("target"),
      },
      between: {
        total: average("betweenMs"),
        decision: average("decisionMs"),
        think: average("thinkMs"),
        queue: average("queueMs"),
      },
      model: {
        tokensInput: numbers(({ sums }) => sums.tokensInput),
        tokensOutput: numbers(({ sums }) => sums.tokensOutput),
        costUsd: numbers(({ sums }) => Math.round(sums.costUsd * 1e6) / 1e6),
        firstTokenP95: buckets.map(({ latencies }) => latencies.firstTokenP95),
      },
      generator: {
        eventLoopDelayMs: buckets.map(({ eventLoopDelayMs }) => eventLoopDelayMs),
        cpu: buckets.map(({ cpu }) => (cpu === null ? null : rounded(cpu))),
        saturated: this.#spans.read(this.origin),
      },
    };
  }
}

/**
 * The second that a moment lies in. All processes of a run have this grid: buckets of a worker that began at its first
 * event of each second would lie across those of the run.
 */
const gridStart = (at: number): number => Math.floor(at / FIRST_WIDTH_MS) * FIRST_WIDTH_MS;

function isEmpty({ sums, latency, target, firstToken }: TimeBucket): boolean {
  const { ended, failed, ...numbers } = sums;
  return (
    latency.count + target.count + firstToken.count === 0 &&
    Object.keys(ended).length + Object.keys(failed).length === 0 &&
    Object.values(numbers).every((value) => value === 0)
  );
}

function columnsOf(buckets: readonly BucketLatency[]): ReportLatencySeries {
  return {
    p50: buckets.map(({ p50 }) => p50),
    p95: buckets.map(({ p95 }) => p95),
    p99: buckets.map(({ p99 }) => p99),
    heat: buckets.map(({ heat }) => heat),
  };
}

/** A series for each name that occurs in any bucket. */
function byName<K extends string>(
  names: readonly K[],
  buckets: readonly TimeBucket[],
  from: number,
  of: (bucket: TimeBucket) => Partial<Record<K, number>>,
): Partial<Record<K, number[]>> {
  const series: Partial<Record<K, number[]>> = {};
  for (const name of names)
    if (buckets.some((bucket) => of(bucket)[name] !== undefined))
      series[name] = buckets.slice(from).map((bucket) => of(bucket)[name] ?? 0);
  return series;
}
