import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { Chart } from "../charts/chart.tsx";
import { HeatMap } from "../charts/heat-map.tsx";
import { usePage } from "../data/page-state.ts";
import { Controls } from "../parts/controls.tsx";
import { GoalTable } from "../parts/goal-table.tsx";
import { InFlight } from "../parts/in-flight.tsx";
import { KeyFigures } from "../parts/key-figures.tsx";
import { LatencyTable } from "../parts/latency-table.tsx";
import { MarksList } from "../parts/marks-list.tsx";
import { ThresholdList } from "../parts/threshold-list.tsx";
import { VerdictPanel } from "../parts/verdict-panel.tsx";
import { openBuckets, overviewCharts } from "./overview-charts.ts";

/** The whole run: verdict, key figures, thresholds, and everything over time. */
export function OverviewView(): VNode {
  const { run, live } = usePage();
  const { series, marks, latencyBounds } = run.report;
  const open = live === "live" ? openBuckets(series.bucketMs) : 0;
  const charts = useMemo(() => overviewCharts(series, run.summary, open), [series, run.summary, open]);
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
      <VerdictPanel />
      <KeyFigures />
      <div class="columns">
        <ThresholdList />
        <MarksList />
        <GoalTable />
        <InFlight />
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
          heat={series.actions.latency.heat.slice(0, series.buckets - open)}
          spans={series.generator.saturated}
          marks={marks}
        />
        {rest.map(chart)}
      </div>
      <LatencyTable />
    </>
  );
}
