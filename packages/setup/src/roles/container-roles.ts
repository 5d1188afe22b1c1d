import type { FileRole } from "@ape/core/config/runtime/role-parts";
import type { Config } from "@ape/core/config/schema";
import { estimateResources, peakOf, type Resources } from "./size.ts";

/** Port of each role inside the containers' networks. */
export const ROLE_PORTS = { agents: 9464, gateway: 4030, inference: 4020 } as const;

/** Folder of a role's files in its container. */
export const ROLE_FOLDER = "/project";

/** Time for the sessions or calls of a role that has to end, in seconds. */
export const STOP_GRACE_S = 40;

/** What a role's secret files contain: the run's token, access to the message bus, variables of the configuration. */
export type RoleSecret = "token" | "bus" | "variables";

/** Where a role leads, beside the roles that call it. */
export type Destination = "gateway" | "inference" | "bus" | "targets" | "models";

/** What a role of APE needs, whatever runs its container. */
export interface ContainerRole {
  name: FileRole;
  port: number;
  /** Arguments of the image's program. */
  arguments: readonly string[];
  /** Variables that name a file with a secret. */
  secrets: Readonly<Record<string, RoleSecret>>;
  environment: Readonly<Record<string, string>>;
  reaches: readonly Destination[];
  resources: Resources;
  /** Number of containers at the beginning. */
  count: number;
}

/**
 * The roles of a run in containers.
 * @param host name of a role in the containers' network
 */
export function containerRoles(
  { compose, load }: Pick<Config, "compose" | "load">,
  host: (role: "gateway" | "inference") => string,
): Record<FileRole, ContainerRole> {
  const size = estimateResources(compose, peakOf(load));
  const role = (name: FileRole, more: Pick<ContainerRole, "secrets" | "reaches" | "resources">) => ({
    name,
    port: ROLE_PORTS[name],
    arguments: ["serve", name, "--host", "0.0.0.0", "--port", String(ROLE_PORTS[name])],
    environment: {},
    count: 1,
    ...more,
    secrets: { APE_TOKEN_FILE: "token", ...more.secrets } as const,
  });
  const gateway = role("gateway", {
    secrets: { APE_VARIABLES_FILE: "variables" },
    reaches: ["targets"],
    resources: size.gateway,
  });
  return {
    agents: {
      ...role("agents", {
        secrets: { APE_BUS_FILE: "bus" },
        reaches: ["gateway", "inference", "bus"],
        resources: size.agent,
      }),
      environment: {
        APE_GATEWAY: `http://${host("gateway")}:${ROLE_PORTS.gateway}/mcp`,
        APE_INFERENCE: `http://${host("inference")}:${ROLE_PORTS.inference}/v1`,
      },
      count: size.containers,
    },
    gateway: { ...gateway, arguments: [...gateway.arguments, "--gateway-config", "ape.mcp-gateway.json"] },
    inference: role("inference", {
      secrets: { APE_BUS_FILE: "bus", APE_VARIABLES_FILE: "variables" },
      reaches: ["models", "bus"],
      resources: size.inference,
    }),
  };
}
