import { join, resolve, sep } from "node:path";
import { isActive } from "@ape/engine/control";
import { findRun, readManifest, runIds } from "@ape/engine/store/run-directory";
import type { Io } from "./io.ts";

/**
 * The directory of a run: named by its id, by the beginning of its id, by the path that a summary ends with, or the
 * latest of this folder.
 * @throws ApeError RUN_NOT_FOUND
 */
export async function locateRun(io: Io, wanted = "latest"): Promise<string> {
  if (!wanted.includes("/") && !wanted.includes(sep)) return findRun(io.cwd, wanted);
  const directory = resolve(io.cwd, wanted);
  await readManifest(directory);
  return directory;
}

/**
 * The directory of a run to watch or to steer: the one that is named, else the newest that goes on, else the latest.
 * @throws ApeError RUN_NOT_FOUND
 */
export async function locateActive(io: Io, wanted?: string): Promise<string> {
  if (wanted === undefined)
    for (const id of await runIds(io.cwd)) {
      const directory = join(io.cwd, ".ape", "runs", id);
      if (await isActive(directory)) return directory;
    }
  return locateRun(io, wanted);
}

/** How the sessions of a run are looked at from this folder. */
export function traceCommand(io: Io, directory: string): string {
  const here = join(io.cwd, ".ape", "runs") + sep;
  return directory.startsWith(here) ? "ape-test trace" : `ape-test trace --run ${directory}`;
}
