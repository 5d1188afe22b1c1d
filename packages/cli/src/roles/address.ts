import { ApeError } from "@ape/core/lib/errors";
import type { Io } from "../io.ts";

/** The address of a role. */
export interface RoleAddress {
  host: string;
  port: number;
}

const LOOPBACK = "127.0.0.1";

/**
 * The address of a role: loopback by default; another only with the run's token.
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
 * Host names under which callers may reach a role, from the environment variable APE_ALLOWED_HOSTS (separated by
 * commas). Loopback, and for a role with another address IP addresses and names of a private network, are always
 * allowed.
 */
export function allowedHosts({ env }: Pick<Io, "env">): readonly string[] {
  return (env.APE_ALLOWED_HOSTS ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
