/** Images of others, with the versions that APE was built for. */
export const IMAGES = {
  nats: "nats:2.12-alpine",
  prometheus: "prom/prometheus:v3.5.0",
  nodeExporter: "prom/node-exporter:v1.9.1",
  cadvisor: "gcr.io/cadvisor/cadvisor:v0.52.1",
  grafana: "grafana/grafana:12.3.0",
  loki: "grafana/loki:3.5.5",
  alloy: "grafana/alloy:v1.11.3",
  promtail: "grafana/promtail:3.6.11",
  tempo: "grafana/tempo:2.8.2",
  alertmanager: "prom/alertmanager:v0.28.1",
} as const;
