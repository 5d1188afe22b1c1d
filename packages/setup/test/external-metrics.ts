/** The metrics of others that dashboards, rules and alerts use, with the labels that they use: Prometheus', Node Exporter's, cAdvisor's. */
export const EXTERNAL_METRICS: Readonly<Record<string, readonly string[]>> = {
  up: [],
  node_cpu_seconds_total: ["mode", "cpu"],
  node_memory_MemAvailable_bytes: [],
  node_memory_MemTotal_bytes: [],
  container_cpu_usage_seconds_total: ["name", "container_label_ape_run"],
  container_memory_working_set_bytes: ["name", "container_label_ape_run"],
  container_spec_memory_limit_bytes: ["name", "container_label_ape_run"],
  container_spec_cpu_quota: ["name", "container_label_ape_run"],
  container_spec_cpu_period: ["name", "container_label_ape_run"],
  container_start_time_seconds: ["name", "container_label_ape_run"],
};
