import type { Config } from "@ape/core/config/schema";
import { FOLDER } from "../observability/services.ts";
import { IMAGES } from "../roles/images.ts";
import { PUBLISHED, portLine } from "./published-ports.ts";
import { bounded, COMMON, healthOf, type Service, UNPRIVILEGED } from "./service.ts";

const METRICS_PROFILE = ["metrics", "full"];
const FULL_PROFILE = ["full"];
/** Prometheus' own name in the observability network. */
const PROMETHEUS_NAME = "prometheus.control";
/** The user of Prometheus' image. */
const NOBODY = "65534:65534";
const DOCKER_SOCKET = "/var/run/docker.sock:/var/run/docker.sock:ro";

function observing(image: string, profiles: readonly string[], more: Service): Service {
  return {
    image,
    profiles: [...profiles],
    networks: ["control"],
    restart: "unless-stopped",
    deploy: bounded(512),
    ...UNPRIVILEGED,
    tmpfs: ["/tmp"],
    ...COMMON,
    ...more,
  };
}

/** A check by bash's own TCP client, for images with bash and without wget. Source: bash(1), REDIRECTION. */
const answersOn = (port: number): Service => healthOf(["bash", "-c", `exec 3<>/dev/tcp/127.0.0.1/${port}`]);
const answersAt = (url: string): Service => healthOf(["wget", "-q", "-O-", url]);

/**
 * The observability services of a run. They are in a network apart from the agents'; only Prometheus is in both,
 * because it scrapes the agents, and listens only in this one.
 */
export function observabilityServices({ compose: { collector } }: Config): Record<string, Service> {
  return {
    prometheus: observing(IMAGES.prometheus, METRICS_PROFILE, {
      command: [
        "--config.file=/etc/prometheus/${APE_PROMETHEUS_CONFIG:-prometheus.yml}",
        "--storage.tsdb.path=/prometheus",
        "--storage.tsdb.retention.time=15d",
        "--storage.tsdb.retention.size=4GB",
        "--enable-feature=exemplar-storage",
        `--web.listen-address=${PROMETHEUS_NAME}:9090`,
      ],
      user: NOBODY,
      networks: { agents: {}, control: { aliases: [PROMETHEUS_NAME] } },
      ports: [portLine(PUBLISHED.prometheus)],
      volumes: [
        `./${FOLDER}/prometheus.yml:/etc/prometheus/prometheus.yml:ro`,
        `./${FOLDER}/prometheus-metrics.yml:/etc/prometheus/prometheus-metrics.yml:ro`,
        `./${FOLDER}/rules.yml:/etc/prometheus/rules.yml:ro`,
        "prometheus:/prometheus",
      ],
      secrets: ["ape_scrape_token"],
      healthcheck: answersAt(`http://${PROMETHEUS_NAME}:9090/-/ready`),
      deploy: bounded(2_048),
    }),
    node_exporter: observing(IMAGES.nodeExporter, METRICS_PROFILE, {
      command: ["--path.rootfs=/host"],
      pid: "host",
      volumes: ["/:/host:ro"],
      healthcheck: answersAt("http://127.0.0.1:9100/"),
      deploy: bounded(128),
    }),
    // It reads the whole machine as root, because it measures the machine.
    cadvisor: observing(IMAGES.cadvisor, FULL_PROFILE, {
      command: [
        "--docker_only=true",
        "--store_container_labels=false",
        "--whitelisted_container_labels=com.docker.compose.service,com.docker.compose.project,ape.run",
        "--housekeeping_interval=5s",
      ],
      volumes: [
        "/:/rootfs:ro",
        "/var/run:/var/run:ro",
        "/sys:/sys:ro",
        "/var/lib/docker/:/var/lib/docker:ro",
      ],
      cap_drop: [],
      healthcheck: answersAt("http://127.0.0.1:8080/healthz"),
    }),
    alertmanager: observing(IMAGES.alertmanager, FULL_PROFILE, {
      command: ["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/tmp/alertmanager"],
      volumes: [`./${FOLDER}/alertmanager.yml:/etc/alertmanager/alertmanager.yml:ro`],
      healthcheck: answersAt("http://127.0.0.1:9093/-/ready"),
      deploy: bounded(128),
    }),
    grafana: observing(IMAGES.grafana, FULL_PROFILE, {
      environment: {
        GF_AUTH_ANONYMOUS_ENABLED: "true",
        GF_AUTH_ANONYMOUS_ORG_ROLE: "Viewer",
        // Logins are disabled: there is no administrator, and so no password of one.
        GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: "true",
        GF_AUTH_DISABLE_LOGIN_FORM: "true",
        GF_ANALYTICS_REPORTING_ENABLED: "false",
        GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
        GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: "/var/lib/grafana/dashboards/ape-live.json",
        GF_PATHS_LOGS: "/tmp",
      },
      ports: [portLine(PUBLISHED.grafana)],
      volumes: [
        `./${FOLDER}/grafana/provisioning:/etc/grafana/provisioning:ro`,
        `./${FOLDER}/grafana/dashboards:/var/lib/grafana/dashboards:ro`,
        "grafana:/var/lib/grafana",
      ],
      healthcheck: answersAt("http://127.0.0.1:3000/api/health"),
    }),
    loki: observing(IMAGES.loki, FULL_PROFILE, {
      command: ["-config.file=/etc/loki/loki.yml"],
      ports: [portLine(PUBLISHED.loki)],
      volumes: [`./${FOLDER}/loki.yml:/etc/loki/loki.yml:ro`, "loki:/loki"],
      healthcheck: answersAt("http://127.0.0.1:3100/ready"),
      deploy: bounded(1_024),
    }),
    ...(collector === "alloy"
      ? {
          alloy: observing(IMAGES.alloy, FULL_PROFILE, {
            command: ["run", "--storage.path=/tmp/alloy", "/etc/alloy/alloy.config"],
            volumes: [`./${FOLDER}/alloy.config:/etc/alloy/alloy.config:ro`, DOCKER_SOCKET],
            healthcheck: answersOn(12345),
          }),
        }
      : {
          promtail: observing(IMAGES.promtail, FULL_PROFILE, {
            command: ["-config.file=/etc/promtail/promtail.yml"],
            volumes: [`./${FOLDER}/promtail.yml:/etc/promtail/promtail.yml:ro`, DOCKER_SOCKET],
            healthcheck: answersOn(9080),
          }),
        }),
    tempo: observing(IMAGES.tempo, FULL_PROFILE, {
      command: ["-config.file=/etc/tempo/tempo.yml"],
      ports: [portLine(PUBLISHED.tempo)],
      volumes: [`./${FOLDER}/tempo.yml:/etc/tempo/tempo.yml:ro`, "tempo:/var/tempo"],
      deploy: bounded(1_024),
    }),
  };
}
