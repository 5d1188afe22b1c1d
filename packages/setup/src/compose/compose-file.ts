import { hasOwnBus } from "@ape/core/config/runtime/bus";
import type { Config } from "@ape/core/config/schema";
import { stringify } from "yaml";
import { observabilityServices } from "./observability-services.ts";
import { roleServices, secretsOf } from "./role-services.ts";
import { COMMON, healthOf, type Service } from "./service.ts";

/** What Compose would fill: references that the configuration fills too, texts that it does not, and `$${`. */
const DOLLAR = /\$\$\{|\$\{[A-Za-z_]\w*(?:\}|:?[-?+])|\$/g;

/** Values as written, in which Compose fills only what the configuration does. */
const forCompose = (written: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(written).map(([name, value]) => [
      name,
      typeof value === "string" ? value.replaceAll(DOLLAR, (found) => (found === "$" ? "$$" : found)) : value,
    ]),
  );

function targetOf(
  { compose: { target } }: Config,
  written: unknown,
  project: string,
): Record<string, Service> {
  if (target === undefined) return {};
  const { image, build, command, healthcheck } = target;
  const literal = (text: string): string => text.replaceAll("$", "$$$$");
  // As written: Compose fills `${NAME}` itself, so that no secret is in the file.
  const { environment = {} } =
    (written as { compose?: { target?: { environment?: object } } }).compose?.target ?? {};
  return {
    sut_target: {
      ...(image === undefined ? {} : { image: literal(image) }),
      // Named, so that the runs of a project share one image.
      ...(build === undefined ? {} : { build: literal(build), image: `${project}-sut_target` }),
      ...(command === undefined ? {} : { command: command.map(literal) }),
      ...(Object.keys(environment).length === 0 ? {} : { environment: forCompose(environment) }),
      ...(healthcheck === undefined ? {} : { healthcheck: healthOf(healthcheck.map(literal)) }),
      networks: ["targets"],
      restart: "unless-stopped",
      ...COMMON,
    },
  };
}

/**
 * The text of `ape.docker-compose.yml`, for Compose v2. Agents share a network with the gateway, the proxy and the
 * message bus, which leads nowhere else; targets are behind the gateway and models behind the proxy. Each role mounts
 * the files and secrets that are its own, from a folder that the engine makes for the run. Containers, networks and the
 * bus belong to one run, whose Compose project has its id; what observes keeps its data in volumes of the folder.
 * @param project name of the folder's Compose projects; that of a run adds its id
 */
export function composeFile(config: Config, written: unknown, project: string): string {
  const kept = (name: string): Service => ({ name: `${project}_${name}` });
  const file = {
    name: project,
    services: {
      ...targetOf(config, written, project),
      ...roleServices(config),
      ...observabilityServices(config),
    },
    networks: {
      agents: { internal: true },
      control: {},
      targets: {},
      models: {},
      ...(hasOwnBus(config) ? {} : { bus: {} }),
    },
    volumes: Object.fromEntries(["prometheus", "grafana", "loki", "tempo"].map((name) => [name, kept(name)])),
    secrets: secretsOf(config),
  };
  const head =
    "# Made by `ape-test generate compose` from ape.config.yaml; changes belong in ape.docker-compose.override.yml.\n";
  return head + stringify(file, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** The user's own override file, written once. */
export const OVERRIDE = `# Your own changes to ape.docker-compose.yml: Compose merges this file over it. APE never writes it again.
services: {}
`;
