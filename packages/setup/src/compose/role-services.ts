import type { Config } from "@ape/core/config/schema";
import { ROLE_PORTS, ROLE_SERVICES } from "../observability/services.ts";
import { IMAGES } from "./images.ts";
import { bounded, COMMON, healthOf, limits, ROLE_USER, type Service, UNPRIVILEGED } from "./service.ts";
import { estimateResources, peakOf } from "./size.ts";

/** Paths of the roles' files. */
const PROJECT = "/project";
/** The folder of this machine with the files of a run's containers; created by the engine. */
const FILES = "${APE_FILES:?start it with ape-test start}";
const RUN = "${APE_RUN:?start it with ape-test start}";

/** Files that containers read as secrets, at `/run/secrets/NAME`. */
export function secretsOf({ bus }: Pick<Config, "bus">): Service {
  const file = (name: string): Service => ({ file: `${FILES}/${name}` });
  return {
    ape_token: file("token"),
    ape_scrape_token: file("scrape-token"),
    ...(bus.url === undefined ? { ape_nats: file("nats.conf") } : {}),
    ape_bus: file("bus.json"),
    ape_gateway: file("gateway.variables.json"),
    ape_inference: file("inference.variables.json"),
  };
}

function nodeCheck(port: number): Service {
  const script = `fetch("http://127.0.0.1:${port}/readyz").then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`;
  return healthOf(["node", "-e", script]);
}

/** Common settings of APE's own containers: no root, no capabilities, no writable file system, and their own files. */
function role(config: Config, name: "agents" | "gateway" | "inference", more: Service): Service {
  const {
    environment = {},
    secrets = [],
    flags = [],
    ...rest
  } = more as Service & {
    environment?: Service;
    secrets?: string[];
    flags?: string[];
  };
  return {
    image: `\${APE_IMAGE:-${config.compose.image ?? "ape-test:latest"}}`,
    command: ["serve", name, "--host", "0.0.0.0", "--port", String(ROLE_PORTS[name]), ...flags],
    user: ROLE_USER,
    working_dir: PROJECT,
    volumes: [`${FILES}/${name}:${PROJECT}:ro`],
    secrets: ["ape_token", ...secrets],
    environment: {
      APE_TOKEN_FILE: "/run/secrets/ape_token",
      APE_RUN: RUN,
      APE_LOG: "${APE_LOG:-warn}",
      ...environment,
    },
    ...UNPRIVILEGED,
    tmpfs: ["/tmp"],
    restart: "on-failure",
    stop_grace_period: "40s",
    ...COMMON,
    ...rest,
  };
}

const BUS = { secrets: ["ape_bus"], environment: { APE_BUS_FILE: "/run/secrets/ape_bus" } };

/** The services of a run: agents, gateway, inference proxy and message bus. */
export function roleServices(config: Config): Record<string, Service> {
  const size = estimateResources(config.compose, peakOf(config.load));
  const { agents, gateway, inference } = ROLE_SERVICES;
  const hasOwnBus = config.bus.url === undefined;
  const bus = hasOwnBus ? ["nats"] : [];
  // An existing NATS is outside of the agents' network, which leads nowhere.
  const way = hasOwnBus ? [] : ["bus"];
  const healthy = (...names: string[]): Service =>
    Object.fromEntries(names.map((name) => [name, { condition: "service_healthy" }]));
  return {
    [agents]: role(config, "agents", {
      depends_on: healthy(...bus, gateway, inference),
      secrets: BUS.secrets,
      environment: {
        ...BUS.environment,
        APE_GATEWAY: `http://${gateway}:${ROLE_PORTS.gateway}/mcp`,
        APE_INFERENCE: `http://${inference}:${ROLE_PORTS.inference}/v1`,
      },
      networks: ["agents", ...way],
      healthcheck: { ...nodeCheck(ROLE_PORTS.agents), interval: "15s" },
      deploy: { replicas: size.containers, ...limits(size.agent) },
    }),
    [gateway]: role(config, "gateway", {
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
      flags: ["--gateway-config", "ape.mcp-gateway.json"],
      secrets: ["ape_gateway"],
      environment: { APE_VARIABLES_FILE: "/run/secrets/ape_gateway" },
      networks: ["agents", "targets"],
      extra_hosts: ["host.docker.internal:host-gateway"],
      // The engine makes the requests of setup and teardown through the same gateway as agents.
      ports: [`127.0.0.1:\${APE_GATEWAY_PORT:-0}:${ROLE_PORTS.gateway}`],
      healthcheck: nodeCheck(ROLE_PORTS.gateway),
      deploy: limits(size.gateway),
    }),
    [inference]: role(config, "inference", {
      ...(hasOwnBus ? { depends_on: healthy("nats") } : {}),
      secrets: ["ape_inference", ...BUS.secrets],
      environment: { ...BUS.environment, APE_VARIABLES_FILE: "/run/secrets/ape_inference" },
      networks: ["agents", "models", ...way],
      extra_hosts: ["host.docker.internal:host-gateway"],
      healthcheck: nodeCheck(ROLE_PORTS.inference),
      deploy: limits(size.inference),
    }),
    ...(hasOwnBus ? { nats: natsService() } : {}),
  };
}

function natsService(): Service {
  return {
    image: IMAGES.nats,
    command: ["--config", "/run/secrets/ape_nats"],
    user: ROLE_USER,
    secrets: ["ape_nats"],
    networks: ["agents", "control"],
    ports: ["127.0.0.1:${APE_NATS_PORT:-0}:4222"],
    // The store belongs to the run: the engine creates the folder, and removes it with the run's other files.
    volumes: [`${FILES}/bus:/data`],
    healthcheck: healthOf(["wget", "-q", "-O-", "http://127.0.0.1:8222/healthz"]),
    restart: "unless-stopped",
    deploy: bounded(512),
    ...UNPRIVILEGED,
    tmpfs: ["/tmp"],
    ...COMMON,
  };
}
