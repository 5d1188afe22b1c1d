import { stringify } from "yaml";

/** Data sources with fixed uids, so that dashboards and alerts find them. */
export const PROMETHEUS = { type: "prometheus", uid: "ape-prometheus" } as const;
export const LOKI = { type: "loki", uid: "ape-loki" } as const;
const TEMPO = { type: "tempo", uid: "ape-tempo" } as const;

/** Grafana's provisioning of data sources: exemplars link to traces, traces to logs, logs to traces. */
export function datasourcesFile(): string {
  return stringify(
    {
      apiVersion: 1,
      datasources: [
        {
          name: "Prometheus",
          ...PROMETHEUS,
          access: "proxy",
          url: "http://prometheus.control:9090",
          isDefault: true,
          jsonData: {
            timeInterval: "2s",
            exemplarTraceIdDestinations: [{ name: "trace_id", datasourceUid: TEMPO.uid }],
          },
        },
        {
          name: "Loki",
          ...LOKI,
          access: "proxy",
          url: "http://loki:3100",
          jsonData: {
            derivedFields: [
              {
                name: "trace_id",
                matcherType: "label",
                matcherRegex: "trace_id",
                datasourceUid: TEMPO.uid,
                // Provisioning expands $ as a variable of the environment: two of them are one.
                url: "$${__value.raw}",
              },
            ],
          },
        },
        {
          name: "Tempo",
          ...TEMPO,
          access: "proxy",
          url: "http://tempo:3200",
          jsonData: {
            tracesToLogsV2: {
              datasourceUid: LOKI.uid,
              customQuery: true,
              query: '{service=~".+"} | trace_id="$${__trace.traceId}"',
            },
          },
        },
      ],
    },
    { lineWidth: 0 },
  );
}
