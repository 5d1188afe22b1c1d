import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { msText, numberText, offsetText } from "../format.ts";
import { cssColor, useTheme } from "./theme.ts";
import { useWidth } from "./use-width.ts";

const HEIGHT = 190;
const LEFT = 62;
const BOTTOM = 24;

interface HeatMapProps {
  title: string;
  note?: string;
  bucketMs: number;
  bounds: readonly number[];
  /** For each bucket pairs of an index of `bounds` and a count. */
  heat: readonly (readonly number[])[];
}

/** How many values had which latency, over time: darker is more. */
export function HeatMap({ title, note, bucketMs, bounds, heat }: HeatMapProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(box);
  const theme = useTheme();
  const [hover, setHover] = useState("");
  const range = rangeOf(heat);
  useEffect(() => {
    if (canvas.current !== null && width > LEFT) draw(canvas.current, width, heat, bounds, range, bucketMs);
  }, [heat, width, theme]);
  const point = (event: MouseEvent): void => {
    const cell = cellAt(event, width, heat, range);
    setHover(
      cell === undefined
        ? ""
        : `${offsetText(cell.bucket * bucketMs)}: ${numberText(cell.count)} with ${labelOf(bounds, cell.row)}`,
    );
  };
  return (
    <figure class="card chart">
      <figcaption>
        <h3>{title}</h3>
        {note === undefined ? null : <span class="note">{note}</span>}
      </figcaption>
      <p class="legend note hover">
        {hover === "" ? "Darker: more actions. Point at a cell for its count." : hover}
      </p>
      <div class="plot" ref={box}>
        <canvas
          ref={canvas}
          height={HEIGHT}
          role="img"
          aria-label={`${title}. ${describe(heat, bounds)}`}
          onMouseMove={point}
          onMouseLeave={() => setHover("")}
        />
      </div>
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

function draw(
  canvas: HTMLCanvasElement,
  width: number,
  heat: readonly (readonly number[])[],
  bounds: readonly number[],
  { low, high, most }: Range,
  bucketMs: number,
): void {
  const ratio = devicePixelRatio;
  canvas.width = width * ratio;
  canvas.height = HEIGHT * ratio;
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.scale(ratio, ratio);
  const rows = high - low + 1;
  const cellWidth = (width - LEFT) / Math.max(1, heat.length);
  const cellHeight = (HEIGHT - BOTTOM) / rows;
  const color = cssColor("heat");
  for (const [bucket, pairs] of heat.entries())
    for (let i = 0; i < pairs.length; i += 2) {
      const row = (pairs[i] as number) - low;
      // The logarithm keeps single slow answers visible beside thousands of fast ones.
      context.globalAlpha = 0.12 + (0.88 * Math.log1p(pairs[i + 1] as number)) / Math.log1p(most);
      context.fillStyle = color;
      const top = HEIGHT - BOTTOM - (row + 1) * cellHeight;
      context.fillRect(
        LEFT + bucket * cellWidth,
        top,
        Math.max(1, cellWidth - 0.5),
        Math.max(1, cellHeight - 0.5),
      );
    }
  context.globalAlpha = 1;
  context.fillStyle = cssColor("muted");
  context.font = "11px system-ui, sans-serif";
  context.textAlign = "right";
  const step = Math.max(1, Math.ceil(rows / 7));
  for (let row = 0; row < rows; row += step)
    context.fillText(
      msText(bounds[low + row] ?? bounds.at(-1)),
      LEFT - 6,
      HEIGHT - BOTTOM - row * cellHeight - 3,
    );
  context.textAlign = "center";
  const ticks = Math.max(2, Math.min(8, Math.floor(width / 110)));
  for (let tick = 0; tick < ticks; tick += 1) {
    const bucket = Math.round((heat.length * tick) / ticks);
    context.fillText(
      offsetText(bucket * bucketMs),
      LEFT + bucket * cellWidth + (tick === 0 ? 8 : 0),
      HEIGHT - 7,
    );
  }
}

function cellAt(
  event: MouseEvent,
  width: number,
  heat: readonly (readonly number[])[],
  { low, high }: Range,
): { bucket: number; row: number; count: number } | undefined {
  const bucket = Math.floor(((event.offsetX - LEFT) / (width - LEFT)) * heat.length);
  const row = low + Math.floor(((HEIGHT - BOTTOM - event.offsetY) / (HEIGHT - BOTTOM)) * (high - low + 1));
  const pairs = heat[bucket];
  if (pairs === undefined) return undefined;
  for (let i = 0; i < pairs.length; i += 2)
    if (pairs[i] === row) return { bucket, row, count: pairs[i + 1] as number };
  return undefined;
}
