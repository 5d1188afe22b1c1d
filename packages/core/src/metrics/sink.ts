import { Histogram, type HistogramSnapshot } from "./histogram.ts";
import { METRICS, type MetricDefinition, type MetricName, type MetricType } from "./metrics.ts";

/** Statistics that a threshold or a summary can ask of a metric. */
export type Statistic = "avg" | "min" | "med" | "max" | "count" | "rate" | "value" | `p(${number})`;

/** A sink as plain JSON, for sending between processes. */
export type SinkSnapshot =
  | { type: "trend"; histogram: HistogramSnapshot }
  | { type: "rate"; passes: number; total: number }
  | { type: "counter"; total: number }
  | { type: "gauge"; value: number; min: number; max: number; set: boolean };

/** Collects the values of one metric. `seconds` is the time that a counter's rate is taken over. */
export interface Sink {
  readonly type: MetricType;
  add(value: number): void;
  /** Undefined without data, or if this type of metric has no such statistic. */
  statistic(name: Statistic, seconds: number): number | undefined;
  snapshot(): SinkSnapshot;
  merge(snapshot: SinkSnapshot): void;
  reset(): void;
}

/** A distribution. Values are kept as whole thousandths of the metric's unit (microseconds for milliseconds). */
export class TrendSink implements Sink {
  readonly type = "trend";
  readonly #histogram = new Histogram();
  readonly #scale: number;

  constructor(scale: number) {
    this.#scale = scale;
  }
  add(value: number): void {
    this.#histogram.add(value * this.#scale);
  }
  statistic(name: Statistic): number | undefined {
    const histogram = this.#histogram;
    if (name === "count") return histogram.count;
    if (histogram.count === 0) return undefined;
    if (name === "avg") return histogram.mean / this.#scale;
    if (name === "min") return histogram.min / this.#scale;
    if (name === "max") return histogram.max / this.#scale;
    if (name === "med") return histogram.percentile(50) / this.#scale;
    return name.startsWith("p(") ? histogram.percentile(Number(name.slice(2, -1))) / this.#scale : undefined;
  }
  snapshot(): SinkSnapshot {
    return { type: "trend", histogram: this.#histogram.snapshot() };
  }
  merge(snapshot: SinkSnapshot): void {
    if (snapshot.type === "trend") this.#histogram.mergeSnapshot(snapshot.histogram);
  }
  reset(): void {
    this.#histogram.reset();
  }
}

/** A share: a value other than 0 passes. */
export class RateSink implements Sink {
  readonly type = "rate";
  #passes = 0;
  #total = 0;

  get passes(): number {
    return this.#passes;
  }
  get fails(): number {
    return this.#total - this.#passes;
  }
  add(value: number): void {
    this.#total += 1;
    if (value !== 0) this.#passes += 1;
  }
  statistic(name: Statistic): number | undefined {
    if (name === "count") return this.#total;
    return name === "rate" && this.#total > 0 ? this.#passes / this.#total : undefined;
  }
  snapshot(): SinkSnapshot {
    return { type: "rate", passes: this.#passes, total: this.#total };
  }
  merge(snapshot: SinkSnapshot): void {
    if (snapshot.type !== "rate") return;
    this.#passes += snapshot.passes;
    this.#total += snapshot.total;
  }
  reset(): void {
    this.#passes = 0;
    this.#total = 0;
  }
}

/** A sum that only grows. */
export class CounterSink implements Sink {
  readonly type = "counter";
  #total = 0;

  add(value: number): void {
    this.#total += value;
  }
  statistic(name: Statistic, seconds: number): number | undefined {
    if (name === "count") return this.#total;
    return name === "rate" && seconds > 0 ? this.#total / seconds : undefined;
  }
  snapshot(): SinkSnapshot {
    return { type: "counter", total: this.#total };
  }
  merge(snapshot: SinkSnapshot): void {
    if (snapshot.type === "counter") this.#total += snapshot.total;
  }
  reset(): void {
    this.#total = 0;
  }
}

/** A level: its last, smallest and largest value. Merging adds levels, as those of several workers do. */
export class GaugeSink implements Sink {
  readonly type = "gauge";
  #value = 0;
  #min = 0;
  #max = 0;
  #set = false;

  add(value: number): void {
    this.#value = value;
    this.#min = this.#set ? Math.min(this.#min, value) : value;
    this.#max = this.#set ? Math.max(this.#max, value) : value;
    this.#set = true;
  }
  statistic(name: Statistic): number | undefined {
    if (!this.#set) return undefined;
    if (name === "value") return this.#value;
    if (name === "min") return this.#min;
    return name === "max" ? this.#max : undefined;
  }
  snapshot(): SinkSnapshot {
    return { type: "gauge", value: this.#value, min: this.#min, max: this.#max, set: this.#set };
  }
  merge(snapshot: SinkSnapshot): void {
    if (snapshot.type !== "gauge" || !snapshot.set) return;
    this.#value += snapshot.value;
    this.#min += snapshot.min;
    this.#max += snapshot.max;
    this.#set = true;
  }
  reset(): void {
    this.#value = 0;
    this.#min = 0;
    this.#max = 0;
    this.#set = false;
  }
}

/** A new sink for a metric. Trends keep three digits below their unit. */
export function sinkFor(metric: MetricName): Sink {
  const { type } = METRICS[metric] as MetricDefinition;
  if (type === "trend") return new TrendSink(METRICS[metric].unit === "ms" ? 1000 : 1);
  if (type === "rate") return new RateSink();
  return type === "counter" ? new CounterSink() : new GaugeSink();
}

/** The statistics that a summary shows for each type of metric, in k6's order. */
export const SUMMARY_STATISTICS: Record<MetricType, readonly Statistic[]> = {
  trend: ["avg", "min", "med", "max", "p(90)", "p(95)", "p(99)", "count"],
  rate: ["rate"],
  counter: ["count", "rate"],
  gauge: ["value", "min", "max"],
};
