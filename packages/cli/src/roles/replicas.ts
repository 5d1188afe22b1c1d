import type { Io } from "../io.ts";

/**
 * Number of processes that a run has of this role, from the environment variable APE_REPLICAS: each gets an equal part of
 * the limits that hold for the whole run.
 */
export function replicasOf({ env }: Pick<Io, "env">): number {
  const { APE_REPLICAS: text = "" } = env;
  return /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 1;
}
