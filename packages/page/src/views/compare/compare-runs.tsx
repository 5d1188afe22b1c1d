import type { PageRun } from "@ape/core/report/page-data";
import type { VNode } from "preact";
import { Chart } from "../../charts/chart.tsx";
import { overviewCharts } from "../overview-charts.ts";

const SHOWN = ["Agents", "Success of ended sessions", "Actions per second", "Action latency"];

/** The same charts of two runs side by side. */
export function CompareRuns({ runs }: { runs: readonly [PageRun, PageRun] }): VNode {
  return (
    <div class="columns">
      {runs.map(({ report, summary }, index) => (
        <div key={index}>
          <h3>
            {index === 0 ? "before" : "after"}: {report.run}
          </h3>
          <p class="note">
            {summary.run.status}: {summary.run.reason}
          </p>
          {overviewCharts(report.series)
            .filter(({ title }) => SHOWN.includes(title))
            .map((chart) => (
              <Chart
                key={chart.title}
                {...chart}
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
