import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import * as heatmap from "@grafana/grafana-foundation-sdk/heatmap";
import * as logs from "@grafana/grafana-foundation-sdk/logs";
import { DataqueryBuilder as LokiQuery } from "@grafana/grafana-foundation-sdk/loki";
import { DataqueryBuilder as PromQuery, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import { LOKI, PROMETHEUS } from "../datasources.ts";

/** A query and the legend of its lines. */
export interface PanelQuery {
  expr: string;
  /** Grafana's legend format: `{{operation}}`. */
  legend: string;
}

/** A panel: its content, and in its description the question that it answers. */
export interface PanelSpec {
  title: string;
  question: string;
  kind: "lines" | "number" | "heatmap" | "logs";
  /** Grafana's name of the unit. */
  unit: "s" | "percentunit" | "short" | "ops" | "currencyUSD" | "bytes";
  lines: readonly PanelQuery[];
}

const HEIGHT = 8;
const WIDTH = { lines: 12, heatmap: 12, number: 4, logs: 24 } as const;

/** Builds a panel. Lines of trends have exemplars, which link to their traces. */
export function panelOf(spec: PanelSpec): Builder<Panel> {
  const { title, question, kind, unit, lines } = spec;
  if (kind === "logs") {
    const panel = new logs.PanelBuilder()
      .title(title)
      .description(question)
      .datasource(LOKI)
      .height(HEIGHT)
      .span(WIDTH.logs)
      .showTime(true)
      .wrapLogMessage(true);
    for (const { expr } of lines) panel.withTarget(new LokiQuery().expr(expr).datasource(LOKI));
    return panel;
  }
  const common = { number: stat, heatmap, lines: timeseries }[kind];
  const panel = new common.PanelBuilder()
    .title(title)
    .description(question)
    .datasource(PROMETHEUS)
    .unit(unit)
    .min(0)
    .height(kind === "number" ? HEIGHT / 2 : HEIGHT)
    .span(WIDTH[kind]);
  lines.forEach(({ expr, legend }, index) => {
    const query = new PromQuery()
      .expr(expr)
      .legendFormat(legend)
      .datasource(PROMETHEUS)
      .refId(String.fromCharCode("A".charCodeAt(0) + index))
      .exemplar(kind === "lines" && expr.includes("_bucket"));
    if (kind === "heatmap") query.format(PromQueryFormat.Heatmap);
    panel.withTarget(query);
  });
  return panel;
}
