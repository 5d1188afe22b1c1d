import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { BusAccess, BusSettings } from "@ape/core/config/runtime/bus";
import { ApeError } from "@ape/core/lib/errors";
import { isJsonObject } from "@ape/core/lib/json";

/**
 * Access to the message bus that a configuration describes: an existing NATS if it names one, otherwise the run's own.
 * @param own address and token of the run's own NATS server
 * @param directory folder of the configuration
 * @throws ApeError FILE_MISSING
 */
export async function busAccess(
  { url, credentials, tls, replicas, maxBytes, maxAge }: BusSettings,
  own: { url: string; token: string },
  directory: string,
): Promise<BusAccess> {
  const limits = { replicas, maxAgeMs: maxAge, ...(maxBytes === undefined ? {} : { maxBytes }) };
  if (url === undefined) return { ...own, ...limits };
  const text = async (file: string): Promise<string> => {
    try {
      return await readFile(resolve(directory, file), "utf8");
    } catch (cause) {
      throw new ApeError("FILE_MISSING", `${file}, which \`bus\` names, cannot be read`, { cause });
    }
  };
  const files: NonNullable<BusAccess["tls"]> = {};
  for (const name of ["ca", "cert", "key"] as const) {
    const file = tls[name];
    if (file !== undefined) files[name] = await text(file);
  }
  const { file, ...named } = credentials ?? {};
  const given = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  return {
    url,
    ...given,
    ...(file === undefined ? {} : { creds: await text(file) }),
    ...(Object.keys(files).length === 0 ? {} : { tls: files }),
    ...limits,
  };
}

/**
 * The access that a role's environment describes: `APE_BUS`, one JSON object, or `APE_PLANE` with the run's token.
 * Undefined if the environment names no message bus.
 * @throws ApeError ENV_MISSING if `APE_BUS` is no such object
 */
export function busAccessOf(env: Readonly<Record<string, string | undefined>>): BusAccess | undefined {
  const { APE_BUS: text = "", APE_PLANE: url = "", APE_TOKEN: token = "" } = env;
  if (text === "") return url === "" ? undefined : { url, token };
  try {
    const access: unknown = JSON.parse(text);
    if (isJsonObject(access) && typeof access.url === "string") {
      const given = access as unknown as BusAccess;
      return given.runToken === true ? { ...given, token } : given;
    }
  } catch {
    // Reported below.
  }
  throw new ApeError("ENV_MISSING", "APE_BUS is not a JSON object with a `url`", {
    hint: "`ape-test start` writes the file that APE_BUS_FILE names.",
  });
}
