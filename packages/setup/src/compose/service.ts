import type { Resources } from "../roles/size.ts";

/** A service of a Compose file, or a part of one. */
export type Service = Record<string, unknown>;

const LOGGING = { driver: "json-file", options: { "max-size": "20m", "max-file": "3" } };

/** Bounded logs, and the label that selects everything of one run: `docker ps --filter label=ape.run=ID`. */
export const COMMON: Service = { labels: { "ape.run": "${APE_RUN}" }, logging: LOGGING };

/** No capabilities, and no way to gain one. */
export const UNPRIVILEGED: Service = {
  read_only: true,
  cap_drop: ["ALL"],
  security_opt: ["no-new-privileges:true"],
};

/** User of APE's own containers, who owns the files of the run. */
export const ROLE_USER = "${APE_UID:-65532}:${APE_GID:-65532}";

/** A health check without a shell: the image may have none. */
export function healthOf(test: readonly string[], retries = 20): Service {
  return { test: ["CMD", ...test], interval: "3s", timeout: "3s", retries, start_period: "1s" };
}

/** Limits of a service: CPUs, memory, and number of processes and threads. */
export function limits(
  { cpus, memoryBytes, reservedBytes }: Omit<Resources, "reservedCpus">,
  pids = 256,
): Service {
  return {
    resources: {
      limits: { cpus: String(cpus), memory: `${memoryBytes}b`, pids },
      reservations: { memory: `${reservedBytes}b` },
    },
  };
}

/** {@link limits} in MiB, an eighth of which is reserved. */
export function bounded(memoryMib: number, cpus = 1): Service {
  const bytes = 1024 * 1024;
  return limits({ cpus, memoryBytes: memoryMib * bytes, reservedBytes: Math.ceil(memoryMib / 8) * bytes });
}
