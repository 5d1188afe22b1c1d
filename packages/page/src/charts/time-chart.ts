import type uPlot from "uplot";
import { offsetText } from "../format.ts";
import { cssColor } from "./theme.ts";

export const CHART_HEIGHT = 190;
/** Charts of one page share their cursor and their range. */
const SYNC = "time";
/** Distances of marks on the axis of time, in seconds. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400];

/** Times of buckets in seconds, which charts are drawn over. */
export function bucketTimes(buckets: number, bucketMs: number): number[] {
  return Array.from({ length: buckets }, (_, index) => (index * bucketMs) / 1_000);
}

/** What all charts over time have in common: width, axis of time, cursor. */
export function timeChart(
  width: number,
  y: { scale: uPlot.Scale; axis: uPlot.Axis },
): Pick<uPlot.Options, "width" | "height" | "legend" | "cursor" | "scales" | "axes"> {
  const axis = {
    stroke: () => cssColor("muted"),
    font: "11px system-ui, sans-serif",
    grid: { stroke: () => cssColor("grid"), width: 1 },
    ticks: { stroke: () => cssColor("grid"), width: 1, size: 4 },
  };
  return {
    width,
    height: CHART_HEIGHT,
    legend: { show: false },
    cursor: { sync: { key: SYNC }, points: { size: 6 }, drag: { x: true, y: false } },
    scales: { x: { time: false }, y: y.scale },
    axes: [
      {
        ...axis,
        size: 28,
        incrs: TIME_STEPS,
        values: (_plot, values) => values.map((value) => offsetText(value * 1_000)),
      },
      { ...axis, size: 62, ...y.axis },
    ],
  };
}
