import { countsUpTo, Histogram, type HistogramSnapshot } from "@ape/core/metrics/histogram";
import type { Attribution, Outcome } from "@ape/core/protocol/outcome";
import { LATENCY_BOUNDS_MS } from "@ape/core/report/latency-bounds";

/** Latency histograms count whole microseconds. */
const MICROSECONDS = 1_000;
const BOUNDS_US = LATENCY_BOUNDS_MS.map((bound) => bound * MICROSECONDS);

/** The sums of one time bucket, as JSON. */
export interface BucketSums {
  started: number;
  dropped: number;
  interrupted: number;
  ended: Partial<Record<Outcome, number>>;
  actions: number;
  failed: Partial<Record<Attribution, number>>;
  betweenMs: number;
  betweenCount: number;
  decisionMs: number;
  thinkMs: number;
  queueMs: number;
  steps: number;
  tokensInput: number;
  tokensOutput: number;
  costUsd: number;
}

/** A time bucket as JSON, for sending between processes. */
export interface BucketSnapshot {
  sums: BucketSums;
  latency: HistogramSnapshot;
  target: HistogramSnapshot;
  firstToken: HistogramSnapshot;
}

/** Percentiles and distribution of one latency in one bucket. */
export interface BucketLatency {
  p50: number | null;
  p95: number | null;
  p99: number | null;
  /** Pairs of an index of `LATENCY_BOUNDS_MS` and a count. */
  heat: number[];
}

interface BucketLatencies {
  action: BucketLatency;
  target: BucketLatency;
  firstTokenP95: number | null;
}

/** Everything that happened in one stretch of a run's time. Bounded: sums and three histograms. */
export class TimeBucket {
  sums = noSums();
  readonly latency = new Histogram();
  readonly target = new Histogram();
  readonly firstToken = new Histogram();
  /** Level at the end of the bucket; undefined if nothing changed in it. */
  agents: { active: number; waiting: number } | undefined;
  eventLoopDelayMs: number | null = null;
  cpu: number | null = null;
  /** The percentiles, kept until the bucket changes. */
  #latencies: BucketLatencies | undefined;

  /** Marks cached percentiles as outdated: call it after each change. */
  changed(): void {
    this.#latencies = undefined;
  }

  get latencies(): BucketLatencies {
    this.#latencies ??= {
      action: latencyOf(this.latency),
      target: latencyOf(this.target),
      firstTokenP95: percentileMs(this.firstToken, 95),
    };
    return this.#latencies;
  }

  snapshot(): BucketSnapshot {
    return {
      sums: { ...this.sums, ended: { ...this.sums.ended }, failed: { ...this.sums.failed } },
      latency: this.latency.snapshot(),
      target: this.target.snapshot(),
      firstToken: this.firstToken.snapshot(),
    };
  }

  mergeSnapshot({ sums, latency, target, firstToken }: BucketSnapshot): void {
    addSums(this.sums, sums);
    this.latency.mergeSnapshot(latency);
    this.target.mergeSnapshot(target);
    this.firstToken.mergeSnapshot(firstToken);
    this.changed();
  }

  /** Adds a bucket that directly follows this one. */
  append(later: TimeBucket): void {
    this.mergeSnapshot(later.snapshot());
    this.agents = later.agents ?? this.agents;
    this.raiseHealth(later.eventLoopDelayMs, later.cpu);
  }

  raiseHealth(delayMs: number | null, cpu: number | null): void {
    if (delayMs !== null) this.eventLoopDelayMs = Math.max(this.eventLoopDelayMs ?? 0, delayMs);
    if (cpu !== null) this.cpu = Math.max(this.cpu ?? 0, cpu);
  }
}

/** Adds a duration in milliseconds to a latency histogram. */
export function addMs(histogram: Histogram, ms: number): void {
  histogram.add(ms * MICROSECONDS);
}

function percentileMs(histogram: Histogram, q: number): number | null {
  return histogram.count === 0 ? null : rounded(histogram.percentile(q) / MICROSECONDS);
}

function latencyOf(histogram: Histogram): BucketLatency {
  const heat: number[] = [];
  const snapshot = histogram.snapshot();
  let before = 0;
  for (const [index, upTo] of [...countsUpTo(snapshot, BOUNDS_US), snapshot.count].entries()) {
    if (upTo > before) heat.push(index, upTo - before);
    before = upTo;
  }
  return {
    p50: percentileMs(histogram, 50),
    p95: percentileMs(histogram, 95),
    p99: percentileMs(histogram, 99),
    heat,
  };
}

/** Two decimals below 100, whole numbers above: what a chart can show. */
export function rounded(value: number): number {
  return value < 100 ? Math.round(value * 100) / 100 : Math.round(value);
}

function noSums(): BucketSums {
  return {
    started: 0,
    dropped: 0,
    interrupted: 0,
    ended: {},
    actions: 0,
    failed: {},
    betweenMs: 0,
    betweenCount: 0,
    decisionMs: 0,
    thinkMs: 0,
    queueMs: 0,
    steps: 0,
    tokensInput: 0,
    tokensOutput: 0,
    costUsd: 0,
  };
}

function addSums(to: BucketSums, from: BucketSums): void {
  for (const key of Object.keys(to) as (keyof BucketSums)[]) {
    if (key === "ended") addCounts(to.ended, from.ended);
    else if (key === "failed") addCounts(to.failed, from.failed);
    else to[key] += from[key];
  }
}

/** Adds counts by name. */
export function addCounts<K extends string>(
  to: Partial<Record<K, number>>,
  from: Partial<Record<K, number>>,
): void {
  for (const [key, count] of Object.entries(from) as [K, number][]) to[key] = (to[key] ?? 0) + count;
}
