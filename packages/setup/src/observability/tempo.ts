import { stringify } from "yaml";

/** Tempo's configuration: OTLP in, local blocks, two days kept. */
export function tempoFile(): string {
  return stringify({
    server: { http_listen_port: 3200 },
    distributor: { receivers: { otlp: { protocols: { http: { endpoint: "0.0.0.0:4318" } } } } },
    storage: {
      trace: { backend: "local", local: { path: "/var/tempo/blocks" }, wal: { path: "/var/tempo/wal" } },
    },
    compactor: { compaction: { block_retention: "48h" } },
    usage_report: { reporting_enabled: false },
  });
}
