import { stringify } from "yaml";
import { PROMETHEUS } from "./datasources.ts";
import { ALERTS } from "./rules.ts";

/** Grafana's provisioning of dashboards: their mounted folder. */
export function dashboardProviderFile(): string {
  return stringify({
    apiVersion: 1,
    providers: [
      {
        name: "ape",
        folder: "APE",
        folderUid: "ape",
        type: "file",
        options: { path: "/var/lib/grafana/dashboards" },
      },
    ],
  });
}

/** Grafana's provisioning of alerts: the alerts of Prometheus' rules, and their webhook. */
export function alertingFile(webhook: string | undefined): string {
  const query = (expr: string): object[] => [
    {
      refId: "A",
      relativeTimeRange: { from: 300, to: 0 },
      datasourceUid: PROMETHEUS.uid,
      model: { refId: "A", expr, instant: true },
    },
    {
      refId: "B",
      datasourceUid: "__expr__",
      // An alert's expression returns a series only if it holds: any value, even 0, fires.
      model: { refId: "B", type: "math", expression: "is_number($A)" },
    },
  ];
  const rules = ALERTS.map(({ name, expr, for: hold, severity, summary }) => ({
    uid: name.replaceAll(/([a-z])([A-Z])/g, "$1-$2").toLowerCase(),
    title: name,
    condition: "B",
    for: hold,
    noDataState: "OK",
    labels: { severity },
    annotations: { summary },
    data: query(expr),
  }));
  const contact =
    webhook === undefined
      ? {}
      : {
          contactPoints: [
            {
              name: "ape",
              receivers: [{ uid: "ape-webhook", type: "webhook", settings: { url: webhook } }],
            },
          ],
          policies: [{ receiver: "ape", group_by: ["alertname"] }],
        };
  return stringify(
    { apiVersion: 1, groups: [{ name: "ape", folder: "APE", interval: "10s", rules }], ...contact },
    { lineWidth: 0 },
  );
}
