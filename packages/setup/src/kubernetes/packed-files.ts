import { gzipSync } from "node:zlib";
import { ApeError } from "@ape/core/lib/errors";

/** A ConfigMap has room for a mebibyte, its names and labels included. */
export const CONFIG_MAP_BYTES = 900 * 1024;
/** A path is written so often in a ConfigMap, its list of managed fields, and the pods that mount it. */
const PATH_COPIES = 6;
/** Every pod of a role gets all ConfigMaps of its role from the API server. */
const MOST_PARTS = 32;

/**
 * Packs files that have no room in one ConfigMap: a compressed JSON object of their contents in base64, by path, divided
 * into parts. The role that gets them unpacks them, see `cli/src/roles/unpack-files.ts`.
 * @returns undefined if one ConfigMap holds the files as they are
 * @throws ApeError CONFIG_INVALID if they are too large even so
 */
export function packFiles(
  role: string,
  files: ReadonlyMap<string, Uint8Array>,
): readonly Uint8Array[] | undefined {
  const bytes = [...files].reduce((sum, [path, { length }]) => sum + length + path.length * PATH_COPIES, 0);
  if (bytes <= CONFIG_MAP_BYTES) return undefined;
  const contents = Object.fromEntries(
    [...files].map(([path, content]) => [path, Buffer.from(content).toString("base64")]),
  );
  const packed = gzipSync(JSON.stringify(contents));
  const count = Math.ceil(packed.length / CONFIG_MAP_BYTES);
  if (count > MOST_PARTS)
    throw new ApeError(
      "CONFIG_INVALID",
      `the files of the ${role} have ${Math.ceil(packed.length / 1024 / 1024)} MiB, compressed`,
      {
        hint: `${MOST_PARTS} ConfigMaps of ${CONFIG_MAP_BYTES / 1024} KiB hold them at most. Shorten data files, or put large documents on a web server and name their URL.`,
      },
    );
  return Array.from({ length: count }, (_, index) =>
    packed.subarray(index * CONFIG_MAP_BYTES, (index + 1) * CONFIG_MAP_BYTES),
  );
}
