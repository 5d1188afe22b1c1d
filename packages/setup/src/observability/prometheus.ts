import { stringify } from "yaml";
import { ROLE_PORTS } from "../roles/container-roles.ts";
import { ROLE_SERVICES } from "./services.ts";

/** Prometheus can scrape the ten thousand series of a run in this interval. */
const INTERVAL = "2s";

/**
 * Prometheus' configuration: it discovers the roles by DNS, so that scaled agents appear by themselves.
 * @param profile of observability; only `full` has an Alertmanager and cAdvisor
 */
export function prometheusFile(profile: "metrics" | "full"): string {
  const full = profile === "full";
  const found = (role: keyof typeof ROLE_SERVICES) => ({
    job_name: role,
    authorization: { type: "Bearer", credentials_file: "/run/secrets/ape_scrape_token" },
    dns_sd_configs: [
      { names: [ROLE_SERVICES[role]], type: "A", port: ROLE_PORTS[role], refresh_interval: "2s" },
    ],
  });
  const fixed = (job: string, target: string) => ({
    job_name: job,
    scrape_interval: "5s",
    static_configs: [{ targets: [target] }],
  });
  return stringify(
    {
      global: { scrape_interval: INTERVAL, scrape_timeout: INTERVAL, evaluation_interval: "5s" },
      rule_files: ["/etc/prometheus/rules.yml"],
      ...(full
        ? { alerting: { alertmanagers: [{ static_configs: [{ targets: ["alertmanager:9093"] }] }] } }
        : {}),
      scrape_configs: [
        found("agents"),
        found("gateway"),
        found("inference"),
        fixed("node", "node_exporter:9100"),
        ...(full ? [fixed("containers", "cadvisor:8080")] : []),
      ],
    },
    { lineWidth: 0 },
  );
}
