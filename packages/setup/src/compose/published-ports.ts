import type { Observability } from "@ape/core/config/compose";
import type { Environment } from "@ape/core/config/environment";

/** A port of this machine, on loopback, of an observability service. */
export interface PublishedPort {
  service: string;
  /** The environment variable that overrides it. */
  variable: string;
  usual: number;
  /** Port in the container. */
  inside: number;
  from: "metrics" | "full";
}

export const PUBLISHED = {
  prometheus: {
    service: "prometheus",
    variable: "APE_PROMETHEUS_PORT",
    usual: 9090,
    inside: 9090,
    from: "metrics",
  },
  grafana: { service: "grafana", variable: "APE_GRAFANA_PORT", usual: 3000, inside: 3000, from: "full" },
  loki: { service: "loki", variable: "APE_LOKI_PORT", usual: 3100, inside: 3100, from: "full" },
  tempo: { service: "tempo", variable: "APE_OTLP_PORT", usual: 4318, inside: 4318, from: "full" },
} as const satisfies Record<string, PublishedPort>;

/** A published port in a Compose file. */
export function portLine({ variable, usual, inside }: PublishedPort): string {
  return `127.0.0.1:\${${variable}:-${usual}}:${inside}`;
}

/** The ports that a run in containers needs for its observability services. */
export function portsOf(
  observability: Observability,
  environment: Environment,
): (PublishedPort & { port: number })[] {
  if (observability === "none") return [];
  return Object.values(PUBLISHED)
    .filter(({ from }) => from === "metrics" || observability === "full")
    .map((one) => ({ ...one, port: Number(environment[one.variable] || one.usual) }));
}

/** The hint for a port that is in use. */
export function takenText({ service, variable, port }: PublishedPort & { port: number }): string {
  return `port ${port} of ${service} is taken: name another with ${variable} in ape.env`;
}
