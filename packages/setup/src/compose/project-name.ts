import { basename } from "node:path";

/** What the names of a folder's Compose projects begin with: the name of its volumes, and of the projects of its runs. */
export function projectName(directory: string): string {
  const name = basename(directory)
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "");
  return `ape-${name === "" ? "test" : name}`;
}
