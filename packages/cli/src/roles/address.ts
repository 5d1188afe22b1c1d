import { ApeError } from "@ape/core/lib/errors";
import type { Io } from "../io.ts";

/** Where a role listens. */
export interface RoleAddress {
  host: string;
  port: number;
}

const LOOPBACK = "127.0.0.1";

/**
 * Where a role listens: loopback, unless told otherwise; and elsewhere only behind the run's token.
 * @throws ApeError USAGE
 */
export function roleAddress({ env }: Pick<Io, "env">, host: string | undefined, port: number): RoleAddress {
  if (host !== undefined && !["localhost", LOOPBACK, "::1"].includes(host) && (env.APE_TOKEN ?? "") === "")
    throw new ApeError("USAGE", `a role that listens on ${host} needs the run's token`, {
      hint: "Set APE_TOKEN to something that nobody can guess, or leave --host out.",
    });
  return { host: host ?? LOOPBACK, port };
}

/**
 * Host names that callers may reach a role by, from the environment variable APE_ALLOWED_HOSTS (separated by commas).
 * Loopback, and for a role that listens elsewhere IP addresses and names of a private network, need not be named.
 */
export function allowedHosts({ env }: Pick<Io, "env">): readonly string[] {
  return (env.APE_ALLOWED_HOSTS ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
