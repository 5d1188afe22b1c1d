import { hasOwnBus } from "@ape/core/config/runtime/bus";
import type { FileRole } from "@ape/core/config/runtime/role-parts";
import type { Config } from "@ape/core/config/schema";
import { ROLE_SERVICES } from "../observability/services.ts";
import {
  type ContainerRole,
  containerRoles,
  ROLE_FOLDER,
  ROLE_PORTS,
  type RoleSecret,
  STOP_GRACE_S,
} from "../roles/container-roles.ts";
import { IMAGES } from "../roles/images.ts";
import { bounded, COMMON, healthOf, limits, ROLE_USER, type Service, UNPRIVILEGED } from "./service.ts";

/** The folder of this machine with the files of a run's containers; created by the engine. */
const FILES = "${APE_FILES:?start it with ape-test start}";
const RUN = "${APE_RUN:?start it with ape-test start}";
const SECRETS_FOLDER = "/run/secrets";

/** Files that containers read as secrets, at `/run/secrets/NAME`. */
export function secretsOf(config: Pick<Config, "bus">): Service {
  const file = (name: string): Service => ({ file: `${FILES}/${name}` });
  return {
    ape_token: file("token"),
    ape_scrape_token: file("scrape-token"),
    ...(hasOwnBus(config) ? { ape_nats: file("nats.conf") } : {}),
    ape_bus: file("bus.json"),
    ape_gateway: file("gateway.variables.json"),
    ape_inference: file("inference.variables.json"),
  };
}

/** Name of a role's secret among those of the Compose file. */
function secretName(role: FileRole, secret: RoleSecret): string {
  return secret === "variables" ? `ape_${role}` : `ape_${secret}`;
}

function nodeCheck(port: number): Service {
  const script = `fetch("http://127.0.0.1:${port}/readyz").then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`;
  return healthOf(["node", "-e", script]);
}

/** Common settings of APE's own containers: no root, no capabilities, no writable file system, and their own files. */
function roleService({ compose }: Config, role: ContainerRole, more: Service): Service {
  const { name, secrets, environment } = role;
  const files = Object.entries(secrets).map(([variable, secret]) => [variable, secretName(name, secret)]);
  return {
    image: `\${APE_IMAGE:-${compose.image ?? "ape-test:latest"}}`,
    command: role.arguments,
    user: ROLE_USER,
    working_dir: ROLE_FOLDER,
    volumes: [`${FILES}/${name}:${ROLE_FOLDER}:ro`],
    secrets: files.map(([, secret]) => secret),
    environment: {
      ...Object.fromEntries(files.map(([variable, secret]) => [variable, `${SECRETS_FOLDER}/${secret}`])),
      APE_RUN: RUN,
      APE_LOG: "${APE_LOG:-warn}",
      ...environment,
    },
    ...UNPRIVILEGED,
    tmpfs: ["/tmp"],
    restart: "on-failure",
    stop_grace_period: `${STOP_GRACE_S}s`,
    ...COMMON,
    deploy: limits(role.resources),
    healthcheck: nodeCheck(role.port),
    ...more,
  };
}

/** The services of a run: agents, gateway, inference proxy and message bus. */
export function roleServices(config: Config): Record<string, Service> {
  const { agents, gateway, inference } = ROLE_SERVICES;
  const roles = containerRoles(config, (role) => ROLE_SERVICES[role]);
  const isBusOwn = hasOwnBus(config);
  const bus = isBusOwn ? ["nats"] : [];
  // An existing NATS is outside of the agents' network, which leads nowhere.
  const networksOf = ({ reaches }: ContainerRole): string[] => [
    "agents",
    ...reaches.filter((one) => one === "targets" || one === "models" || (one === "bus" && !isBusOwn)),
  ];
  const healthy = (...names: string[]): Service =>
    Object.fromEntries(names.map((name) => [name, { condition: "service_healthy" }]));
  return {
    [agents]: roleService(config, roles.agents, {
      depends_on: healthy(...bus, gateway, inference),
      networks: networksOf(roles.agents),
      healthcheck: { ...nodeCheck(ROLE_PORTS.agents), interval: "15s" },
      deploy: { replicas: roles.agents.count, ...limits(roles.agents.resources) },
    }),
    [gateway]: roleService(config, roles.gateway, {
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
      networks: networksOf(roles.gateway),
      extra_hosts: ["host.docker.internal:host-gateway"],
      // The engine makes the requests of setup and teardown through the same gateway as agents.
      ports: [`127.0.0.1:\${APE_GATEWAY_PORT:-0}:${ROLE_PORTS.gateway}`],
    }),
    [inference]: roleService(config, roles.inference, {
      ...(isBusOwn ? { depends_on: healthy("nats") } : {}),
      networks: networksOf(roles.inference),
      extra_hosts: ["host.docker.internal:host-gateway"],
    }),
    ...(isBusOwn ? { nats: natsService() } : {}),
  };
}

function natsService(): Service {
  return {
    image: IMAGES.nats,
    command: ["--config", `${SECRETS_FOLDER}/ape_nats`],
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
