import { readFile } from "node:fs/promises";
import { ApeError } from "@ape/core/lib/errors";
import type { Io } from "../io.ts";
import { unpackFiles } from "./unpack-files.ts";

/**
 * The world of a role, with the secrets that it gets as files read into its environment: the run's token from the file
 * that APE_TOKEN_FILE names, variables of the configuration from the JSON object in the file that APE_VARIABLES_FILE
 * names, and the access to the message bus from the file that APE_BUS_FILE names. Nothing of it is in the environment of
 * the container itself. Files in the parts that APE_PACKED_FILES names are unpacked.
 * @throws ApeError FILE_MISSING if such a file cannot be read
 */
export async function roleIo(io: Io): Promise<Io> {
  const { APE_PACKED_FILES: parts = "" } = io.env;
  if (parts !== "") await unpackFiles(parts, io.cwd);
  const {
    APE_TOKEN_FILE: tokenFile = "",
    APE_VARIABLES_FILE: variablesFile = "",
    APE_BUS_FILE: busFile = "",
  } = io.env;
  if (tokenFile === "" && variablesFile === "" && busFile === "") return io;
  const variables =
    variablesFile === ""
      ? {}
      : (JSON.parse(await secretFile("APE_VARIABLES_FILE", variablesFile)) as Record<string, string>);
  const token = tokenFile === "" ? {} : { APE_TOKEN: (await secretFile("APE_TOKEN_FILE", tokenFile)).trim() };
  const bus = busFile === "" ? {} : { APE_BUS: await secretFile("APE_BUS_FILE", busFile) };
  return { ...io, terminal: io.terminal, env: { ...variables, ...io.env, ...token, ...bus } };
}

/**
 * The value of a variable that a role cannot do without.
 * @param hint who sets it
 * @throws ApeError ENV_MISSING
 */
export function neededVariable({ env }: Pick<Io, "env">, name: string, hint: string): string {
  const value = env[name];
  if (value === undefined || value === "") throw new ApeError("ENV_MISSING", `${name} is not set`, { hint });
  return value;
}

function secretFile(variable: string, file: string): Promise<string> {
  return readFile(file, "utf8").catch((cause: unknown) => {
    throw new ApeError("FILE_MISSING", `${file}, which ${variable} names, cannot be read`, {
      cause,
      hint: "The file must exist and be readable by the user that the role runs as.",
    });
  });
}
