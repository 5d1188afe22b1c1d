import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ApeError } from "@ape/core/lib/errors";
import { PRIVATE_DIRECTORY, PRIVATE_FILE } from "@ape/engine/store/private-mode";
import type { Announcement, Io } from "./io.ts";

const START_LIMIT_MS = 60_000;

/** A command that continues in the background, or that ended before its run began. */
export type Background =
  | { run: string; directory: string; log: string }
  | { exitCode: number; output: string };

/**
 * Starts a command of this program in a session of its own, with its output in a file, and waits until it announces its
 * run. Then moves the file into the run's `logs`.
 * @param file the program's own file
 * @param home the folder that contains `.ape`
 * @throws ApeError RUN_DIRECTORY; WORKER_DIED if it reports nothing for a minute
 */
export async function startInBackground(
  file: string,
  args: readonly string[],
  home: string,
  io: Pick<Io, "env" | "cwd">,
): Promise<Background> {
  const log = join(home, ".ape", "logs", `start-${process.pid}.log`);
  const descriptor = openLog(log);
  const child = spawn(process.execPath, [file, ...args], {
    cwd: io.cwd,
    env: { ...io.env },
    detached: true,
    stdio: ["ignore", descriptor, descriptor, "ipc"],
  });
  closeSync(descriptor);
  const outcome = await firstWord(child);
  if (outcome === undefined) {
    child.kill("SIGTERM");
    throw new ApeError("WORKER_DIED", "the run did not begin within a minute", {
      details: tailOf(log),
      hint: `Its output is in ${log}.`,
    });
  }
  if (typeof outcome === "number") {
    const output = readFileSync(log, "utf8");
    rmSync(log, { force: true });
    return { exitCode: outcome, output };
  }
  child.disconnect();
  child.unref();
  return { ...outcome, log: moved(log, join(outcome.directory, "logs", "start.log")) };
}

function openLog(file: string): number {
  try {
    mkdirSync(join(file, ".."), { recursive: true, mode: PRIVATE_DIRECTORY });
    return openSync(file, "w", PRIVATE_FILE);
  } catch (cause) {
    throw new ApeError("RUN_DIRECTORY", `${file} cannot be written`, {
      cause,
      hint: "Runs are kept beside the configuration: see that this folder is writable and its disk has room.",
    });
  }
}

/** Its announcement, its exit code if it ends without one, or undefined if neither comes in time. */
function firstWord(child: ChildProcess): Promise<Announcement | number | undefined> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => resolve(undefined), START_LIMIT_MS);
    const settle = (outcome: Announcement | number): void => {
      clearTimeout(limit);
      resolve(outcome);
    };
    child.once("message", (message) => settle(message as Announcement));
    child.once("exit", (code) => settle(code ?? 1));
    child.once("error", () => settle(1));
  });
}

/** Not every system can move a file that is open elsewhere; then it stays. */
function moved(from: string, to: string): string {
  try {
    renameSync(from, to);
    return to;
  } catch {
    return from;
  }
}

function tailOf(file: string): string[] {
  return readFileSync(file, "utf8").trim().split("\n").slice(-8);
}
