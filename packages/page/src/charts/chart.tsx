import type { ReportMark } from "@ape/core/report/report";
import type { VNode } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import { type ChartLine, describeLines, stacked } from "./chart-data.ts";
import { marksPlugin, saturatedPlugin } from "./chart-plugins.ts";
import { ChartTable } from "./chart-table.tsx";
import { Legend } from "./legend.tsx";
import { cssColor } from "./theme.ts";
import { bucketTimes, timeChart } from "./time-chart.ts";
import { usePlot } from "./use-plot.ts";

export interface ChartProps {
  title: string;
  /** What the figures mean, shown beside the title. */
  note?: string;
  bucketMs: number;
  lines: readonly ChartLine[];
  format: (value: number) => string;
  stack?: boolean;
  /** Upper end of the axis of values, so that two charts can be compared; by the values if omitted. */
  top?: number;
  spans: readonly { from: number; to: number }[];
  marks: readonly ReportMark[];
}

/** A chart over the time of a run, with a legend, and its values as a table. */
export function Chart(props: ChartProps): VNode {
  const { title, note, bucketMs, lines, format, stack = false } = props;
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const [cursor, setCursor] = useState<number | undefined>(undefined);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const shown = lines.filter(({ label }) => !hidden.has(label));
  const names = shown.map(({ label }) => label).join("\n");
  const isEmpty = lines.every(({ values }) => values.every((value) => value === null));
  const length = lines[0]?.values.length ?? 0;
  const data = useMemo(() => {
    const ys = stack ? stacked(shown).reverse() : shown.map(({ values }) => [...values]);
    return [bucketTimes(length, bucketMs), ...ys] as uPlot.AlignedData;
  }, [lines, names, bucketMs]);

  usePlot(
    box,
    data,
    (width) => optionsOf(stack ? [...shown].reverse() : shown, width, stack, format, latest, setCursor),
    [names, stack],
  );

  return (
    <figure class="card chart">
      <figcaption>
        <h3>{title}</h3>
        {note === undefined ? null : <span class="note">{note}</span>}
      </figcaption>
      <Legend
        lines={lines}
        hidden={hidden}
        onHide={setHidden}
        at={cursor}
        bucketMs={bucketMs}
        format={format}
      />
      <div
        class="plot"
        ref={box}
        hidden={isEmpty}
        role="img"
        aria-label={`${title}. ${describeLines(lines, format)}`}
      />
      {isEmpty ? (
        <p class="note">No data.</p>
      ) : (
        <ChartTable title={title} lines={lines} bucketMs={bucketMs} format={format} />
      )}
    </figure>
  );
}

function optionsOf(
  lines: readonly ChartLine[],
  width: number,
  stack: boolean,
  format: (value: number) => string,
  latest: { current: ChartProps },
  setCursor: (index: number | undefined) => void,
): uPlot.Options {
  return {
    ...timeChart(width, {
      scale: { range: (_plot, _min, max) => [0, Math.max(max, latest.current.top ?? 0) * 1.08 || 1] },
      axis: { values: (_plot, values) => values.map((value) => format(value)) },
    }),
    series: [
      {},
      ...lines.map(
        ({ label, color, dash, fill = false }): uPlot.Series => ({
          label,
          stroke: () => cssColor(color),
          width: stack ? 1 : 1.75,
          ...(dash === undefined ? {} : { dash: [...dash] }),
          ...(fill || stack ? { fill: () => `${cssColor(color)}${stack ? "" : "30"}` } : {}),
          points: { show: (plot) => (plot.data[0]?.length ?? 0) < 3, size: 5 },
          spanGaps: false,
        }),
      ),
    ],
    plugins: [saturatedPlugin(() => latest.current.spans), marksPlugin(() => latest.current.marks)],
    hooks: { setCursor: [(plot) => setCursor(plot.cursor.idx ?? undefined)] },
  };
}
