import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { decodeText } from "@ape/core/charset";
import type { Environment } from "@ape/core/config/environment";
import { ApeError } from "@ape/core/errors";

const NAME = "ape.env";

/**
 * Reads `ape.env` of a folder by Node's own rules (`util.parseEnv`, as of `node --env-file`): comments, quotes, values of
 * several lines. Any encoding with a byte-order mark will do.
 * @returns none where there is no such file
 * @throws ApeError FILE_MISSING where it is there and cannot be read
 */
export async function readEnvironmentFile(folder: string): Promise<Environment> {
  let bytes: Buffer;
  try {
    bytes = await readFile(join(folder, NAME));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return {};
    throw new ApeError("FILE_MISSING", `${NAME} is there and cannot be read`, {
      cause,
      hint: "It must be a file that the user of ape-test may read.",
    });
  }
  return parseEnvironment(decodeText(bytes).text);
}

/** The variables of an environment file's text. */
export function parseEnvironment(text: string): Environment {
  return parseEnv(text) as Environment;
}
