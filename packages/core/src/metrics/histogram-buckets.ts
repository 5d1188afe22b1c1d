import { countsUpTo, type HistogramSnapshot } from "./histogram.ts";
import { METRICS, type MetricName } from "./metrics.ts";

/** Upper bounds in seconds, at values that people use to read latencies. */
const SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120,
] as const;
/** Upper bounds of plain numbers, such as steps. */
const NUMBERS = [1, 2, 3, 5, 8, 10, 15, 20, 30, 50, 100] as const;

/** A trend as monitoring systems take it: in base units, with cumulative counts. */
export interface HistogramBuckets {
  bounds: readonly number[];
  /** Number of values up to each bound. */
  cumulative: number[];
  count: number;
  sum: number;
  min: number;
  max: number;
}

/** A trend in its base unit: seconds for durations, which its sink keeps in microseconds, else plain numbers. */
export function bucketsOf(metric: MetricName, histogram: HistogramSnapshot): HistogramBuckets {
  const duration = METRICS[metric].unit === "ms";
  const scale = duration ? 1e6 : 1;
  const bounds = duration ? SECONDS : NUMBERS;
  return {
    bounds,
    cumulative: countsUpTo(
      histogram,
      bounds.map((bound) => bound * scale),
    ),
    count: histogram.count,
    sum: histogram.sum / scale,
    min: histogram.min / scale,
    max: histogram.max / scale,
  };
}
