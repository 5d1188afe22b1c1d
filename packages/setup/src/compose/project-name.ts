import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { basename } from "node:path";

/**
 * Prefix of a folder's Compose projects: the name of its volumes, and of the projects of its runs. Two folders may have
 * the same last name (`load` in two checkouts), so it includes six digits of the whole path's hash.
 */
export function projectName(directory: string): string {
  const name = basename(directory)
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "");
  const place = createHash("sha256").update(realPath(directory)).digest("hex").slice(0, 6);
  return `ape-${name === "" ? "test" : name}-${place}`;
}

/** A path without symbolic links; unchanged if it does not exist. */
function realPath(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return directory;
  }
}
