import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ApeError } from "@ape/core/lib/errors";
import { type Random, randomHex } from "@ape/core/lib/random";
import type { Summary } from "@ape/core/report/summary";
import type { Manifest } from "./manifest.ts";
import { PRIVATE_DIRECTORY, PRIVATE_FILE } from "./private-mode.ts";

const RUNS = join(".ape", "runs");
const RUN_ID = /^\d{8}-\d{6}-[0-9a-f]{4}$/;
/** Fields of `run.json` that every result is computed with. */
const NEEDED = ["id", "model", "thresholds", "behaviour", "goals"] as const;
const SECOND_CHARS = "20261123-065224".length;

/** The folder of a run's event files. */
export function eventsDirectory(runDirectory: string): string {
  return join(runDirectory, "events");
}

/** A readable id that sorts by time, such as `20261123-065224-a1b2` (UTC). */
export function makeRunId(date: Date, random: Random): string {
  const digits = date.toISOString().replace(/\D/g, "");
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${randomHex(random, 2)}`;
}

/**
 * Creates `.ape/runs/<id>/` with its `events` and `logs` folders, which only their owner can read.
 * @returns the directory's path
 * @throws ApeError RUN_DIRECTORY if it cannot be created or exists already
 */
export async function createRunDirectory(projectDirectory: string, id: string): Promise<string> {
  const runs = join(projectDirectory, RUNS);
  const directory = join(runs, id);
  try {
    await mkdir(runs, { recursive: true, mode: PRIVATE_DIRECTORY });
    for (const folder of [directory, eventsDirectory(directory), join(directory, "logs")])
      await mkdir(folder, { mode: PRIVATE_DIRECTORY });
    return directory;
  } catch (cause) {
    throw new ApeError("RUN_DIRECTORY", `the run directory ${directory} cannot be made`, {
      cause,
      hint: "Runs are kept beside the configuration: see that this folder is writable and its disk has room.",
    });
  }
}

/** Removes the directory of a run that never began: one without `run.json`. Ignores errors. */
export async function removeUnbegun(runDirectory: string): Promise<void> {
  if (await exists(join(runDirectory, "run.json"))) return;
  // A process that is ending may still write an event.
  const patient = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 };
  await rm(runDirectory, patient).catch(() => undefined);
}

/** The ids of a project's runs that have begun, newest first. */
export async function runIds(projectDirectory: string): Promise<string[]> {
  const begun: string[] = [];
  for (const id of await runDirectories(projectDirectory))
    if (await exists(join(projectDirectory, RUNS, id, "run.json"))) begun.push(id);
  return begun;
}

/**
 * The directory of a run by its id, by an unambiguous beginning of its id, or of the `latest`.
 * @throws ApeError RUN_NOT_FOUND, listing the existing runs
 */
export async function findRun(projectDirectory: string, wanted: string): Promise<string> {
  const ids = await runIds(projectDirectory);
  const begins = (id: string): boolean => wanted !== "" && id.startsWith(wanted);
  const found = wanted === "latest" ? ids.slice(0, 1) : ids.filter(begins);
  const [only] = found;
  if (only !== undefined && found.length === 1) return join(projectDirectory, RUNS, only);
  if (ids.length === 0)
    throw new ApeError("RUN_NOT_FOUND", `there are no runs in ${join(projectDirectory, RUNS)}`, {
      hint: "Start one with `ape-test start`.",
    });
  throw new ApeError(
    "RUN_NOT_FOUND",
    found.length > 1 ? `${found.length} runs begin with "${wanted}"` : `there is no run "${wanted}"`,
    { hint: "Name one of these, or `latest`.", details: (found.length > 1 ? found : ids).slice(0, 10) },
  );
}

/**
 * Deletes all but the newest `keep` runs; active ones stay and do not count.
 * @returns the ids of deleted runs
 */
export async function pruneRuns(
  projectDirectory: string,
  keep: number,
  isActive: (runDirectory: string) => Promise<boolean>,
): Promise<string[]> {
  const deleted: string[] = [];
  let kept = 0;
  for (const id of await runDirectories(projectDirectory)) {
    const directory = join(projectDirectory, RUNS, id);
    if (await isActive(directory)) continue;
    kept += 1;
    if (kept <= keep) continue;
    await rm(directory, { recursive: true, force: true });
    deleted.push(id);
  }
  return deleted;
}

/** Writes `run.json`. */
export async function writeManifest(runDirectory: string, manifest: Manifest): Promise<void> {
  await writeWhole(join(runDirectory, "run.json"), toJson(manifest));
}

/**
 * Reads `run.json`.
 * @throws ApeError RUN_NOT_FOUND if it is missing or unreadable
 */
export async function readManifest(runDirectory: string): Promise<Manifest> {
  const file = join(runDirectory, "run.json");
  let manifest: Partial<Manifest> | null;
  try {
    manifest = JSON.parse(await readFile(file, "utf8")) as Partial<Manifest> | null;
  } catch (cause) {
    throw new ApeError("RUN_NOT_FOUND", `${file} cannot be read`, {
      cause,
      hint: "A run directory has a run.json; see `ape-test runs`.",
    });
  }
  if (manifest?.schema !== 1 || NEEDED.some((name) => manifest[name] === undefined))
    throw new ApeError("RUN_NOT_FOUND", `${file} was written by another version of APE`, {
      hint: "Look at the run with the version that made it; its summary.json can be read as it is.",
    });
  return manifest as Manifest;
}

/** Writes `summary.json`. */
export async function writeSummary(runDirectory: string, summary: Summary): Promise<void> {
  await writeWhole(join(runDirectory, "summary.json"), toJson(summary));
}

/** Reads `summary.json`; undefined if it is missing, unreadable, or no summary. */
export async function readSummary(runDirectory: string): Promise<Summary | undefined> {
  try {
    const summary = JSON.parse(await readFile(join(runDirectory, "summary.json"), "utf8")) as Summary;
    const parts: unknown[] = [summary.run, summary.sessions, summary.metrics];
    return parts.every((part) => typeof part === "object" && part !== null) ? summary : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Writes a file atomically: a reader, or a crash, sees the old one or the new one.
 * @throws ApeError RUN_DIRECTORY
 */
export async function writeWhole(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(draft, text, { mode: PRIVATE_FILE });
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw new ApeError("RUN_DIRECTORY", `${file} cannot be written`, {
      cause,
      hint: "See that the directory is writable and its disk has room; events that were recorded are kept.",
    });
  }
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** The ids of all run folders, begun or not, newest first; within one second the file system's birth time decides. */
export async function runDirectories(projectDirectory: string): Promise<string[]> {
  const runs = join(projectDirectory, RUNS);
  const names = (await readdir(runs).catch(() => [])).filter((name) => RUN_ID.test(name));
  const born = await Promise.all(
    names.map(async (id) => ({
      id,
      second: id.slice(0, SECOND_CHARS),
      at: await stat(join(runs, id)).then(
        (found) => found.birthtimeMs,
        () => 0,
      ),
    })),
  );
  return born
    .sort((a, b) => b.second.localeCompare(a.second) || b.at - a.at || b.id.localeCompare(a.id))
    .map(({ id }) => id);
}
