import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { Chart } from "../charts/chart.tsx";
import { HeatMap } from "../charts/heat-map.tsx";
import { usePage } from "../data/page-context.ts";
import { Controls } from "../parts/controls.tsx";
import { KeyFigures } from "../parts/key-figures.tsx";
import { MarksList } from "../parts/marks-list.tsx";
import { Thresholds } from "../parts/thresholds.tsx";
import { Verdict } from "../parts/verdict.tsx";
import { overviewCharts } from "./overview-charts.ts";

/** The whole run: verdict, key figures, thresholds, and everything over time. */
export function Overview(): VNode {
  const { report } = usePage().run;
  const { series, marks, latencyBounds } = report;
  const charts = useMemo(() => overviewCharts(series), [series]);
  const rest = charts.slice(5);
  const chart = (one: (typeof charts)[number]): VNode => (
    <Chart
      key={one.title}
      {...one}
      bucketMs={series.bucketMs}
      spans={series.generator.saturated}
      marks={marks}
    />
  );
  return (
    <>
      <Controls />
      <Verdict />
      <KeyFigures />
      <div class="columns">
        <Thresholds />
        <MarksList />
      </div>
      <h2 class="section">Over time</h2>
      <p class="note">
        One value for each {series.bucketMs / 1_000} s. Drag in a chart to zoom in, double-click to zoom out.
        Dashed lines mark what happened to the run; shaded times are those of a saturated load generator.
      </p>
      <div class="charts">
        {charts.slice(0, 5).map(chart)}
        <HeatMap
          title="Action latency, all values"
          bucketMs={series.bucketMs}
          bounds={latencyBounds}
          heat={series.actions.latency.heat}
        />
        {rest.map(chart)}
      </div>
    </>
  );
}
