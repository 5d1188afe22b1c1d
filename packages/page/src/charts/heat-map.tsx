import type { ReportMark } from "@ape/core/report/report";
import type { VNode } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import { msText, numberText, offsetText } from "../format.ts";
import { marksPlugin, saturatedPlugin } from "./chart-plugins.ts";
import { cssColor } from "./theme.ts";
import { bucketTimes, timeChart } from "./time-chart.ts";
import { usePlot } from "./use-plot.ts";

/** Rows between two labels of the axis of values, at most so many labels. */
const MAX_LABELS = 7;

interface HeatMapProps {
  title: string;
  note?: string;
  bucketMs: number;
  bounds: readonly number[];
  /** For each bucket pairs of an index of `bounds` and a count. */
  heat: readonly (readonly number[])[];
  spans: readonly { from: number; to: number }[];
  marks: readonly ReportMark[];
}

/** How many values had which latency, over the same axis of time as the other charts: darker is more. */
export function HeatMap(props: HeatMapProps): VNode {
  const { title, note, bucketMs, bounds, heat } = props;
  const box = useRef<HTMLDivElement>(null);
  const range = useMemo(() => rangeOf(heat), [heat]);
  const latest = useRef({ ...props, range });
  latest.current = { ...props, range };
  const [hover, setHover] = useState("");
  const isEmpty = heat.every((pairs) => pairs.length === 0);
  const data = useMemo((): uPlot.AlignedData => {
    const times = bucketTimes(heat.length, bucketMs);
    return [times, times.map(() => null)];
  }, [heat, bucketMs]);
  usePlot(box, data, (width) => optionsOf(width, latest, setHover));
  return (
    <figure class="card chart">
      <figcaption>
        <h3>{title}</h3>
        {note === undefined ? null : <span class="note">{note}</span>}
      </figcaption>
      <p class="legend note hover">
        {isEmpty ? "No data." : hover === "" ? "Darker: more actions. Point at a cell for its count." : hover}
      </p>
      <div
        class="plot"
        ref={box}
        hidden={isEmpty}
        role="img"
        aria-label={`${title}. ${describe(heat, bounds)}`}
      />
    </figure>
  );
}

interface Range {
  low: number;
  high: number;
  most: number;
}

function rangeOf(heat: readonly (readonly number[])[]): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  let most = 0;
  for (const pairs of heat)
    for (let i = 0; i < pairs.length; i += 2) {
      low = Math.min(low, pairs[i] as number);
      high = Math.max(high, pairs[i] as number);
      most = Math.max(most, pairs[i + 1] as number);
    }
  return { low: Math.min(low, high), high, most };
}

function labelOf(bounds: readonly number[], row: number): string {
  const bound = bounds[row];
  return bound === undefined ? `more than ${msText(bounds.at(-1))}` : `up to ${msText(bound)}`;
}

function describe(heat: readonly (readonly number[])[], bounds: readonly number[]): string {
  const totals = new Map<number, number>();
  for (const pairs of heat)
    for (let i = 0; i < pairs.length; i += 2)
      totals.set(pairs[i] as number, (totals.get(pairs[i] as number) ?? 0) + (pairs[i + 1] as number));
  const rows = [...totals]
    .sort(([a], [b]) => a - b)
    .map(([row, count]) => `${labelOf(bounds, row)}: ${numberText(count)}`);
  return rows.length === 0 ? "No data" : rows.join("; ");
}

/** Current properties of the chart, which its options read when they draw. */
interface Latest {
  current: HeatMapProps & { range: Range };
}

function optionsOf(width: number, latest: Latest, setHover: (text: string) => void): uPlot.Options {
  return {
    ...timeChart(width, {
      scale: { range: () => [latest.current.range.low, latest.current.range.high + 1] },
      axis: {
        splits: () => labelledRows(latest.current.range),
        values: (_plot, rows) => rows.map((row) => boundText(latest.current.bounds, row)),
      },
    }),
    series: [{}, { show: true, points: { show: false } }],
    plugins: [
      { hooks: { draw: (plot) => drawCells(plot, latest.current) } },
      saturatedPlugin(() => latest.current.spans, true),
      marksPlugin(() => latest.current.marks),
    ],
    hooks: { setCursor: [(plot) => setHover(cellText(plot, latest.current))] },
  };
}

/** Upper ends of the rows that have a label. */
function labelledRows({ low, high }: Range): number[] {
  const step = Math.max(1, Math.ceil((high - low + 1) / MAX_LABELS));
  const rows: number[] = [];
  for (let row = low + 1; row <= high + 1; row += step) rows.push(row);
  return rows;
}

/** The latency at the upper end of a row, which is the lower end of the next. */
function boundText(bounds: readonly number[], end: number): string {
  return bounds[end - 1] === undefined ? `> ${msText(bounds.at(-1))}` : msText(bounds[end - 1]);
}

/** The other charts have a point for each bucket: a cell lies around it. */
function drawCells(plot: uPlot, { heat, bucketMs, range }: Latest["current"]): void {
  const { ctx, bbox } = plot;
  const seconds = bucketMs / 1_000;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = cssColor("heat");
  for (const [bucket, pairs] of heat.entries()) {
    const left = plot.valToPos((bucket - 0.5) * seconds, "x", true);
    const right = plot.valToPos((bucket + 0.5) * seconds, "x", true);
    if (right < bbox.left || left > bbox.left + bbox.width) continue;
    for (let i = 0; i < pairs.length; i += 2) {
      const row = pairs[i] as number;
      const top = plot.valToPos(row + 1, "y", true);
      const bottom = plot.valToPos(row, "y", true);
      // The logarithm keeps single slow answers visible beside thousands of fast ones.
      ctx.globalAlpha = 0.12 + (0.88 * Math.log1p(pairs[i + 1] as number)) / Math.log1p(range.most);
      ctx.fillRect(left, top, Math.max(1, right - left - 0.5), Math.max(1, bottom - top - 0.5));
    }
  }
  ctx.restore();
}

/** The cell at the cursor as text; empty beside all cells. */
function cellText(plot: uPlot, { heat, bucketMs, bounds }: Latest["current"]): string {
  const { idx, top = -1 } = plot.cursor;
  const pairs = idx === null || idx === undefined || top < 0 ? undefined : heat[idx];
  if (pairs === undefined) return "";
  const row = Math.floor(plot.posToVal(top, "y"));
  for (let i = 0; i < pairs.length; i += 2)
    if (pairs[i] === row)
      return `${offsetText((idx ?? 0) * bucketMs)}: ${numberText(pairs[i + 1] as number)} with ${labelOf(bounds, row)}`;
  return "";
}
