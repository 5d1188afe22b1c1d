import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { basename } from "node:path";

/**
 * What the names of a folder's Compose projects begin with: the name of its volumes, and of the projects of its runs.
 * Two folders may have the same last name (`load` in two checkouts), so six digits of its whole path are a part of it.
 */
export function projectName(directory: string): string {
  const name = basename(directory)
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "");
  const place = createHash("sha256").update(realPath(directory)).digest("hex").slice(0, 6);
  return `ape-${name === "" ? "test" : name}-${place}`;
}

/** A path without symbolic links; as it is where nothing is there. */
function realPath(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return directory;
  }
}
