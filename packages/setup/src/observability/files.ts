import type { GeneratedFile } from "../generate/generator.ts";
import { alertmanagerFile } from "./alertmanager.ts";
import { datasourcesFile } from "./datasources.ts";
import { alertingFile, dashboardProviderFile } from "./grafana.ts";
import { alloyFile, lokiFile, promtailFile } from "./logs.ts";
import { prometheusFile } from "./prometheus.ts";
import { rulesFile } from "./rules.ts";
import { FOLDER } from "./services.ts";
import { tempoFile } from "./tempo.ts";

/**
 * Every file that the observability containers read. Dashboards are built here, so that Grafana's library is loaded
 * only if needed.
 */
export async function observabilityFiles(options: {
  /** The Compose project whose containers' logs are collected. */
  project: string;
  webhook: string | undefined;
}): Promise<GeneratedFile[]> {
  const { dashboardOf } = await import("./dashboards/dashboard.ts");
  const { DASHBOARDS } = await import("./dashboards/specs.ts");
  const { project, webhook } = options;
  const texts: Record<string, string> = {
    "prometheus.yml": prometheusFile("full"),
    "prometheus-metrics.yml": prometheusFile("metrics"),
    "rules.yml": rulesFile(),
    "alertmanager.yml": alertmanagerFile(webhook),
    "loki.yml": lokiFile(),
    "alloy.config": alloyFile(project),
    "promtail.yml": promtailFile(project),
    "tempo.yml": tempoFile(),
    "grafana/provisioning/datasources/ape.yml": datasourcesFile(),
    "grafana/provisioning/dashboards/ape.yml": dashboardProviderFile(),
    "grafana/provisioning/alerting/ape.yml": alertingFile(webhook),
  };
  for (const spec of DASHBOARDS)
    texts[`grafana/dashboards/${spec.uid}.json`] = `${JSON.stringify(dashboardOf(spec), null, 2)}\n`;
  return Object.entries(texts).map(([path, text]) => ({ path: `${FOLDER}/${path}`, text }));
}
