/**
 * Label sets as cAdvisor 0.52.1 exposed them for Docker 20.10 on cgroup v1, recorded from its `/metrics` with the flags
 * of the Compose file; ids are shortened. The label `cpu` is on the usage alone, the machine is `id="/"`, and containers
 * of others have empty values.
 */
const CONTAINERS = {
  gateway:
    'container_label_ape_run="20261128-043426-bcb3",container_label_com_docker_compose_project="ape-shop-20261128-043426-bcb3",container_label_com_docker_compose_service="mcp_gateway",id="/docker/309e5aec5ded",image="ape-test:0.1.0",name="ape-shop-20261128-043426-bcb3-mcp_gateway-1"',
  machine:
    'container_label_ape_run="",container_label_com_docker_compose_project="",container_label_com_docker_compose_service="",id="/",image="",name=""',
  other:
    'container_label_ape_run="",container_label_com_docker_compose_project="blog",container_label_com_docker_compose_service="web",id="/docker/77ab5e0c91d2",image="blog:1",name="blog-web-1"',
} as const;

export type RecordedContainer = keyof typeof CONTAINERS;

/** The series of a metric for a container, with the labels that cAdvisor puts on it. */
export function cadvisorSeries(metric: string, of: RecordedContainer): string {
  const cpu = metric === "container_cpu_usage_seconds_total" ? ',cpu="total"' : "";
  return `${metric}{${CONTAINERS[of]}${cpu}}`;
}

/**
 * A container with half a CPU that Docker restarted four times within a minute, read every 5 s: its usage begins again
 * with each restart, and `container_start_time_seconds` stays.
 */
export const RESTARTED = {
  usage: "1.96 5.03 0.93 3.49 0.03 2 4.39 0.8 3.47 5.5 0.4 2.7",
  startTime: "1795840504x12",
} as const;
