import {
  type Dashboard,
  DashboardBuilder,
  QueryVariableBuilder,
  RowBuilder,
  TextBoxVariableBuilder,
  type VariableModel,
  VariableRefresh,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PROMETHEUS } from "../datasources.ts";
import { panelOf } from "./panel.ts";
import type { DashboardSpec } from "./specs.ts";

/** Builds a dashboard in Grafana's classic form. */
export function dashboardOf({ uid, title, rows, trace }: DashboardSpec): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .tags(["ape"])
    .refresh("5s")
    .time({ from: "now-15m", to: "now" })
    .timezone("browser");
  if (trace === true) builder.withVariable(new TextBoxVariableBuilder("trace").label("Trace id"));
  else
    builder.withVariable(
      new QueryVariableBuilder("run")
        .label("Run")
        .datasource(PROMETHEUS)
        .query("label_values(ape_agents_wanted, run)")
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .includeAll(true)
        .allValue(".*")
        .multi(true),
    );
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(panelOf(panel));
  }
  const dashboard = builder.build();
  return { ...dashboard, templating: { list: (dashboard.templating?.list ?? []).map(withoutSteps) } };
}

/**
 * Grafana's library writes the steps of interval variables into every variable; Grafana's schema does not allow them in
 * others.
 */
function withoutSteps({ auto, auto_min, auto_count, ...own }: VariableModel): VariableModel {
  return own;
}
