import type { Config } from "@ape/core/config/schema";
import { stringify } from "yaml";
import { variablesOf } from "../env-file.ts";
import { FOLDER, ROLE_PORTS, ROLE_SERVICES } from "../observability/services.ts";
import { IMAGES } from "./images.ts";
import { PUBLISHED, portLine } from "./published-ports.ts";
import { peakOf, type Resources, sizeOf } from "./size.ts";

type Service = Record<string, unknown>;

/** Where the roles find the project's files. */
const PROJECT = "/project";
const LOGGING = { driver: "json-file", options: { "max-size": "20m", "max-file": "3" } };

/** A check that opens no shell: the image may have none. */
function healthOf(test: readonly string[], retries = 20): Service {
  return { test: ["CMD", ...test], interval: "3s", timeout: "3s", retries, start_period: "1s" };
}

function nodeCheck(port: number): Service {
  const script = `fetch("http://127.0.0.1:${port}/readyz").then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`;
  return healthOf(["node", "-e", script]);
}

function limits({ cpus, memoryBytes, reservedBytes }: Resources): Service {
  return {
    resources: {
      limits: { cpus: String(cpus), memory: `${memoryBytes}b` },
      reservations: { memory: `${reservedBytes}b` },
    },
  };
}

/** What all of APE's own containers have in common: no root, nothing to write to, no rights. */
function role(config: Config, written: unknown, command: readonly string[], more: Service): Service {
  const variables = Object.fromEntries(variablesOf(written).map(({ name }) => [name, `\${${name}:-}`]));
  return {
    image: `\${APE_IMAGE:-${config.compose.image ?? "ape-test:latest"}}`,
    command: [...command],
    user: "${APE_UID:-65532}:${APE_GID:-65532}",
    working_dir: PROJECT,
    volumes: [`.:${PROJECT}:ro`],
    environment: {
      ...variables,
      APE_TOKEN: "${APE_TOKEN:?start it with ape-test start}",
      APE_RUN: "${APE_RUN:?start it with ape-test start}",
      APE_LOG: "${APE_LOG:-warn}",
      APE_PLANE: "nats://nats:4222",
      APE_GATEWAY: `http://${ROLE_SERVICES.gateway}:${ROLE_PORTS.gateway}/mcp`,
      APE_INFERENCE: `http://${ROLE_SERVICES.inference}:${ROLE_PORTS.inference}/v1`,
    },
    read_only: true,
    tmpfs: ["/tmp"],
    cap_drop: ["ALL"],
    security_opt: ["no-new-privileges:true"],
    restart: "on-failure",
    stop_grace_period: "40s",
    logging: LOGGING,
    ...more,
  };
}

const listening = (port: number): string[] => ["--host", "0.0.0.0", "--port", String(port)];

function rolesOf(config: Config, written: unknown): Record<string, Service> {
  const size = sizeOf(config.compose, peakOf(config.load));
  const { agents, gateway, inference } = ROLE_SERVICES;
  const healthy = (...names: string[]): Service =>
    Object.fromEntries(names.map((name) => [name, { condition: "service_healthy" }]));
  return {
    [agents]: role(config, written, ["serve", "agents", ...listening(ROLE_PORTS.agents)], {
      depends_on: healthy("nats", gateway, inference),
      networks: ["agents"],
      healthcheck: { ...nodeCheck(ROLE_PORTS.agents), interval: "15s" },
      deploy: { replicas: size.containers, ...limits(size.agent) },
    }),
    [gateway]: role(config, written, ["serve", "gateway", ...listening(ROLE_PORTS.gateway)], {
      ...(config.compose.target === undefined
        ? {}
        : {
            depends_on: {
              sut_target: {
                condition:
                  config.compose.target.healthcheck === undefined ? "service_started" : "service_healthy",
              },
            },
          }),
      networks: ["agents", "targets"],
      extra_hosts: ["host.docker.internal:host-gateway"],
      // The engine makes the requests of setup and teardown by the same way as agents do.
      ports: [`127.0.0.1:\${APE_GATEWAY_PORT:-0}:${ROLE_PORTS.gateway}`],
      healthcheck: nodeCheck(ROLE_PORTS.gateway),
      deploy: limits(size.gateway),
    }),
    [inference]: role(config, written, ["serve", "inference", ...listening(ROLE_PORTS.inference)], {
      depends_on: healthy("nats"),
      networks: ["agents", "models"],
      extra_hosts: ["host.docker.internal:host-gateway"],
      healthcheck: nodeCheck(ROLE_PORTS.inference),
      deploy: limits(size.inference),
    }),
    nats: {
      image: IMAGES.nats,
      command: ["--jetstream", "--store_dir", "/data", "--http_port", "8222", "--auth", "${APE_TOKEN}"],
      networks: ["agents", "control"],
      ports: ["127.0.0.1:${APE_NATS_PORT:-0}:4222"],
      volumes: ["nats:/data"],
      healthcheck: healthOf(["wget", "-q", "-O-", "http://127.0.0.1:8222/healthz"]),
      restart: "unless-stopped",
      logging: LOGGING,
    },
  };
}

function targetOf({ compose: { target } }: Config): Record<string, Service> {
  if (target === undefined) return {};
  const { image, build, command, environment, healthcheck } = target;
  return {
    sut_target: {
      ...(image === undefined ? {} : { image }),
      ...(build === undefined ? {} : { build }),
      ...(command === undefined ? {} : { command: [...command] }),
      ...(Object.keys(environment).length === 0 ? {} : { environment }),
      ...(healthcheck === undefined ? {} : { healthcheck: healthOf(healthcheck) }),
      networks: ["targets"],
      restart: "unless-stopped",
      logging: LOGGING,
    },
  };
}

const METRICS_PROFILE = ["metrics", "full"];
const FULL_PROFILE = ["full"];

function observing(image: string, profiles: readonly string[], more: Service): Service {
  return { image, profiles: [...profiles], restart: "unless-stopped", logging: LOGGING, ...more };
}

function observabilityOf({ compose: { collector } }: Config): Record<string, Service> {
  const docker = "/var/run/docker.sock:/var/run/docker.sock:ro";
  return {
    prometheus: observing(IMAGES.prometheus, METRICS_PROFILE, {
      command: [
        "--config.file=/etc/prometheus/prometheus.yml",
        "--storage.tsdb.path=/prometheus",
        "--enable-feature=exemplar-storage",
      ],
      networks: ["agents", "control"],
      ports: [portLine(PUBLISHED.prometheus)],
      volumes: [
        `./${FOLDER}/prometheus.yml:/etc/prometheus/prometheus.yml:ro`,
        `./${FOLDER}/rules.yml:/etc/prometheus/rules.yml:ro`,
        "./.ape/compose/token:/etc/prometheus/token:ro",
        "prometheus:/prometheus",
      ],
      healthcheck: healthOf(["wget", "-q", "-O-", "http://127.0.0.1:9090/-/ready"]),
    }),
    node_exporter: observing(IMAGES.nodeExporter, METRICS_PROFILE, {
      command: ["--path.rootfs=/host"],
      networks: ["agents"],
      pid: "host",
      volumes: ["/:/host:ro"],
      read_only: true,
      cap_drop: ["ALL"],
    }),
    cadvisor: observing(IMAGES.cadvisor, FULL_PROFILE, {
      command: [
        "--docker_only=true",
        "--store_container_labels=false",
        "--whitelisted_container_labels=com.docker.compose.service",
        "--housekeeping_interval=5s",
      ],
      networks: ["agents"],
      volumes: [
        "/:/rootfs:ro",
        "/var/run:/var/run:ro",
        "/sys:/sys:ro",
        "/var/lib/docker/:/var/lib/docker:ro",
      ],
    }),
    alertmanager: observing(IMAGES.alertmanager, FULL_PROFILE, {
      command: ["--config.file=/etc/alertmanager/alertmanager.yml"],
      networks: ["agents", "control"],
      volumes: [`./${FOLDER}/alertmanager.yml:/etc/alertmanager/alertmanager.yml:ro`],
    }),
    grafana: observing(IMAGES.grafana, FULL_PROFILE, {
      environment: {
        GF_AUTH_ANONYMOUS_ENABLED: "true",
        GF_AUTH_ANONYMOUS_ORG_ROLE: "Viewer",
        GF_ANALYTICS_REPORTING_ENABLED: "false",
        GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: "/var/lib/grafana/dashboards/ape-live.json",
      },
      networks: ["agents", "control"],
      ports: [portLine(PUBLISHED.grafana)],
      volumes: [
        `./${FOLDER}/grafana/provisioning:/etc/grafana/provisioning:ro`,
        `./${FOLDER}/grafana/dashboards:/var/lib/grafana/dashboards:ro`,
        "grafana:/var/lib/grafana",
      ],
    }),
    loki: observing(IMAGES.loki, FULL_PROFILE, {
      command: ["-config.file=/etc/loki/loki.yml"],
      networks: ["agents", "control"],
      ports: [portLine(PUBLISHED.loki)],
      volumes: [`./${FOLDER}/loki.yml:/etc/loki/loki.yml:ro`, "loki:/loki"],
    }),
    ...(collector === "alloy"
      ? {
          alloy: observing(IMAGES.alloy, FULL_PROFILE, {
            command: ["run", "--storage.path=/var/lib/alloy/data", "/etc/alloy/alloy.config"],
            networks: ["agents"],
            volumes: [`./${FOLDER}/alloy.config:/etc/alloy/alloy.config:ro`, docker],
          }),
        }
      : {
          promtail: observing(IMAGES.promtail, FULL_PROFILE, {
            command: ["-config.file=/etc/promtail/promtail.yml"],
            networks: ["agents"],
            volumes: [`./${FOLDER}/promtail.yml:/etc/promtail/promtail.yml:ro`, docker],
          }),
        }),
    tempo: observing(IMAGES.tempo, FULL_PROFILE, {
      command: ["-config.file=/etc/tempo/tempo.yml"],
      networks: ["agents", "control"],
      ports: [portLine(PUBLISHED.tempo)],
      volumes: [`./${FOLDER}/tempo.yml:/etc/tempo/tempo.yml:ro`, "tempo:/var/tempo"],
    }),
  };
}

/**
 * The text of `ape.docker-compose.yml`, for Compose v2. Agents share a network with the gateway, the proxy and the
 * plane, which leads nowhere else; targets are behind the gateway and models behind the proxy. Secrets and the run's token
 * come from the environment of the command that starts it and stand in no file.
 * @param project the Compose project's name
 */
export function composeFile(config: Config, written: unknown, project: string): string {
  const file = {
    name: project,
    services: { ...targetOf(config), ...rolesOf(config, written), ...observabilityOf(config) },
    networks: { agents: { internal: true }, control: {}, targets: {}, models: {} },
    volumes: { nats: {}, prometheus: {}, grafana: {}, loki: {}, tempo: {} },
  };
  const head =
    "# Made by `ape-test generate compose` from ape.config.yaml; changes belong in ape.docker-compose.override.yml.\n";
  return head + stringify(file, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** The user's own part of it, made once. */
export const OVERRIDE = `# Your own changes to ape.docker-compose.yml: Compose merges this file over it. APE never writes it again.
services: {}
`;
