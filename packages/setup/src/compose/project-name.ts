import { basename } from "node:path";

/** The Compose project of a folder: its containers, networks and volumes bear it. */
export function projectName(directory: string): string {
  const name = basename(directory)
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "");
  return `ape-${name === "" ? "test" : name}`;
}
