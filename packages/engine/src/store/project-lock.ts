import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { ApeError } from "@ape/core/lib/errors";
import { bornAt } from "../run/control.ts";

/** Content of the lock file: the process that holds the lock and the run that it holds it for. */
export interface LockHolder {
  pid: number;
  /** When the process began, in the system's own count: detects a process id that was used again. */
  born?: string;
  host: string;
  run: string;
}

/** Path of the lock, relative to the folder that `.ape` is in. */
export const LOCK_FILE = join(".ape", "containers.lock");
/** Attempts against processes that acquire or release the lock at the same time. */
const ATTEMPTS = 5;

/**
 * Acquires the project's lock, which at most one live run in containers holds. The lock of a process that has died is
 * taken over.
 * @param home folder that `.ape` is in
 * @param run id of the run
 * @returns releases the lock
 * @throws ApeError RUN_ACTIVE if a live process holds it
 */
export async function acquireProjectLock(home: string, run: string): Promise<() => Promise<void>> {
  const file = join(home, LOCK_FILE);
  await mkdir(join(home, ".ape"), { recursive: true });
  const born = await bornAt(process.pid);
  const own: LockHolder = {
    pid: process.pid,
    ...(born === undefined ? {} : { born }),
    host: hostname(),
    run,
  };
  const draft = `${file}.${process.pid}.${run}.tmp`;
  // The file appears complete or not at all: link(2) fails if the name exists.
  await writeFile(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      try {
        await link(draft, file);
        return () => release(file, own);
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown;
      }
      const holder = await readLock(home);
      if (holder !== undefined && (await isLive(holder))) throw held(holder);
      await removeStale(file, holder);
    }
    throw held(await readLock(home));
  } finally {
    await rm(draft, { force: true });
  }
}

/** The run that holds the project's lock; undefined if no live process does. */
export async function liveLockHolder(home: string): Promise<LockHolder | undefined> {
  const holder = await readLock(home);
  return holder !== undefined && (await isLive(holder)) ? holder : undefined;
}

async function readLock(home: string): Promise<LockHolder | undefined> {
  try {
    return JSON.parse(await readFile(join(home, LOCK_FILE), "utf8")) as LockHolder;
  } catch {
    return undefined;
  }
}

/** Whether the holder's process runs. A process of another host cannot be checked and counts as running. */
async function isLive({ pid, born, host }: LockHolder): Promise<boolean> {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return born === undefined || born === (await bornAt(pid));
}

/** Removes the lock of a dead process; if another process has acquired it meanwhile, its lock is put back. */
async function removeStale(file: string, stale: LockHolder | undefined): Promise<void> {
  const aside = `${file}.${process.pid}.stale`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  const moved = await readFile(aside, "utf8").catch(() => "");
  if (stale !== undefined && moved !== JSON.stringify(stale)) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

async function release(file: string, own: LockHolder): Promise<void> {
  const content = await readFile(file, "utf8").catch(() => "");
  if (content === JSON.stringify(own)) await rm(file, { force: true });
}

function held(holder: LockHolder | undefined): ApeError {
  const { run, pid, host } = holder ?? { run: "unknown", pid: 0, host: hostname() };
  const elsewhere = host === hostname() ? "" : ` on ${host}`;
  return new ApeError("RUN_ACTIVE", `run ${run} is live in this folder (process ${pid}${elsewhere})`, {
    hint:
      elsewhere === ""
        ? "Watch it with `ape-test status --watch`, end it with `ape-test stop`, or start in a copy of the folder."
        : `If that process has ended, delete ${LOCK_FILE}.`,
  });
}
