import type { PageRun } from "@ape/core/report/page-data";
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { Chart } from "../../charts/chart.tsx";
import { type OverviewChart, overviewCharts } from "../overview-charts.ts";

const SHOWN = ["Agents", "Success of ended sessions", "Actions per second", "Action latency"];

/** The same charts of two runs side by side, with the same axes of values. */
export function CompareRuns({ runs }: { runs: readonly [PageRun, PageRun] }): VNode {
  const charts = useMemo(
    () =>
      runs.map(({ report, summary }) =>
        overviewCharts(report.series, summary).filter(({ title }) => SHOWN.includes(title)),
      ),
    [runs],
  );
  const topOf = (title: string): number => highestOf(charts.flat().filter((chart) => chart.title === title));
  return (
    <div class="columns side-by-side">
      {runs.map(({ report, summary }, index) => (
        <div key={index === 0 ? "before" : "after"}>
          <h3>
            {index === 0 ? "before" : "after"}: {report.run}
          </h3>
          <p class="note">
            {summary.run.status}: {summary.run.reason}
          </p>
          {(charts[index] ?? []).map((chart) => (
            <Chart
              key={chart.title}
              {...chart}
              top={topOf(chart.title)}
              bucketMs={report.series.bucketMs}
              spans={report.series.generator.saturated}
              marks={report.marks}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

function highestOf(charts: readonly OverviewChart[]): number {
  let highest = 0;
  for (const { lines } of charts)
    for (const { values } of lines) for (const value of values) highest = Math.max(highest, value ?? 0);
  return highest;
}
