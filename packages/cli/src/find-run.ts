import { readdir } from "node:fs/promises";
import { basename, join, resolve, sep } from "node:path";
import { ApeError } from "@ape/core/lib/errors";
import { CONTAINER_FILES, canBeContinued } from "@ape/engine/launch/resume-file";
import { isActive } from "@ape/engine/run/control";
import { liveLockHolder } from "@ape/engine/store/project-lock";
import { findRun, readManifest, runDirectories, runIds } from "@ape/engine/store/run-directory";
import type { Io } from "./io.ts";
import { namesKubernetes } from "./names-kubernetes.ts";

/**
 * The directory of a run: named by its id, by the beginning of its id, by the path that a summary ends with, or the
 * latest of this folder.
 * @throws ApeError RUN_NOT_FOUND
 */
export async function locateRun(io: Io, wanted = "latest"): Promise<string> {
  if (!wanted.includes("/") && !wanted.includes(sep))
    return findRun(io.cwd, wanted).catch(async (thrown: unknown) => {
      throw (await namesKubernetes(io.cwd)) ? withFetch(thrown) : thrown;
    });
  const directory = resolve(io.cwd, wanted);
  await readManifest(directory);
  return directory;
}

/** The error of a run that is not in this folder, where it may be in the cluster. */
function withFetch(thrown: unknown): unknown {
  if (!(thrown instanceof ApeError) || thrown.code !== "RUN_NOT_FOUND") return thrown;
  const { code, message, details, hint } = thrown;
  const next = "Bring the results of a run from the cluster with `ape-test fetch`";
  return new ApeError(code, message, {
    details,
    hint: `${next}; what its pods write is shown by \`ape-test logs --containers\`.${hint === undefined ? "" : ` ${hint}`}`,
  });
}

/**
 * The directory of a run to watch or to control: the named one, else the newest that is running, else the latest.
 * @throws ApeError RUN_NOT_FOUND
 */
export async function locateActive(io: Io, wanted?: string): Promise<string> {
  if (wanted === undefined)
    for (const id of await runIds(io.cwd)) {
      const directory = join(io.cwd, ".ape", "runs", id);
      if (await isActive(directory)) return directory;
    }
  await refuseUnbegun(io, wanted);
  return locateRun(io, wanted);
}

/**
 * Explains what to do about a folder whose only start is still in progress, or was cut off before its run began.
 * @throws ApeError RUN_NOT_ACTIVE
 */
async function refuseUnbegun(io: Io, wanted: string | undefined): Promise<void> {
  const [latest] = await runDirectories(io.cwd);
  if (latest === undefined || (wanted !== undefined && !latest.startsWith(wanted))) return;
  if ((await runIds(io.cwd)).includes(latest)) return;
  // Only a start in containers takes long and leaves files behind.
  const files = join(io.cwd, ".ape", "runs", latest, CONTAINER_FILES);
  if ((await readdir(files).catch(() => [])).length === 0) return;
  const holder = await liveLockHolder(io.cwd);
  if (holder?.run === latest)
    throw new ApeError("RUN_NOT_ACTIVE", `run ${latest} is starting: its containers are not ready yet`, {
      hint: `Wait for it, or end its start with Ctrl-C in its terminal (process ${holder.pid}).`,
    });
  throw new ApeError("RUN_NOT_ACTIVE", `the start of run ${latest} was cut off before the run began`, {
    hint: "Remove what it left with `ape-test clean`, or start again: a new start removes it, too.",
  });
}

/**
 * Refuses a run whose engine is not running, with the next step: continuing it if its engine died in containers.
 * @throws ApeError RUN_NOT_ACTIVE
 */
export async function requireActive(directory: string): Promise<void> {
  if (await isActive(directory)) return;
  const hint = await continueHint(directory);
  throw new ApeError(
    "RUN_NOT_ACTIVE",
    hint === undefined ? "the run is not active" : "the run's engine died, its containers may be running",
    {
      hint:
        hint ??
        "See `ape-test runs`; a run that has ended can be looked at with `ape-test report` and `ape-test trace`.",
    },
  );
}

/** The command that continues a run in containers whose engine died; undefined for all other runs. */
export async function continueHint(directory: string): Promise<string | undefined> {
  return (await canBeContinued(directory))
    ? `Continue it with \`ape-test start --continue ${basename(directory)}\`, or remove its containers with \`ape-test clean\`.`
    : undefined;
}

/**
 * The directory of the run to continue: the named one; for `latest`, the newest whose engine died.
 * @throws ApeError RUN_NOT_FOUND, RUN_NOT_ACTIVE if no run can be continued, RUN_ACTIVE if it is live
 */
export async function locateContinuable(io: Io, wanted: string): Promise<string> {
  if (wanted === "latest") {
    for (const id of await runIds(io.cwd)) {
      const directory = join(io.cwd, ".ape", "runs", id);
      if (await canBeContinued(directory)) return directory;
    }
    throw new ApeError("RUN_NOT_ACTIVE", "no run of this folder can be continued", {
      hint: "Only a run in containers whose engine died can be; see `ape-test runs`.",
    });
  }
  const directory = await locateRun(io, basename(wanted));
  if (await isActive(directory))
    throw new ApeError("RUN_ACTIVE", `run ${basename(directory)} is live: there is nothing to continue`, {
      hint: "Watch it with `ape-test status --watch`.",
    });
  return directory;
}

/** The command that shows a session of a run from this folder. */
export function traceCommand(io: Io, directory: string): string {
  const here = join(io.cwd, ".ape", "runs") + sep;
  return directory.startsWith(here) ? "ape-test trace" : `ape-test trace --run ${directory}`;
}
