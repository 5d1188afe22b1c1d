import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Event } from "@ape/core/protocol/events";
import type { Summary } from "@ape/core/report/summary";
import { readEvents } from "@ape/engine/store/event-reader";
import { runDirectories } from "@ape/engine/store/run-directory";

const ROOT = new URL("../..", import.meta.url).pathname;
const BIN = join(ROOT, "packages/cli/bin/ape-test.mjs");

/** The result of a command of `ape-test`. */
export interface Finished {
  exit: number | null;
  stdout: string;
  stderr: string;
}

/** A running `ape-test` command. */
export interface Command {
  process: ChildProcess;
  finished: Promise<Finished>;
  /** Resolves when the standard error holds the text. */
  says(text: string | RegExp): Promise<void>;
}

/** A project folder, in which the built command runs as a user runs it. */
export class ProjectFolder {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async create(files: Record<string, string> = {}): Promise<ProjectFolder> {
    const folder = new ProjectFolder(await mkdtemp(join(tmpdir(), "ape-e2e-")));
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder.directory, name), text);
    return folder;
  }

  /** A folder within this one. */
  inside(name: string): ProjectFolder {
    return new ProjectFolder(join(this.directory, name));
  }

  start(args: readonly string[], env: Record<string, string> = {}): Command {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd: this.directory,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    const waiting: { text: string | RegExp; resolve: () => void }[] = [];
    const look = (): void => {
      for (const entry of [...waiting]) {
        if (typeof entry.text === "string" ? !stderr.includes(entry.text) : !entry.text.test(stderr))
          continue;
        waiting.splice(waiting.indexOf(entry), 1);
        entry.resolve();
      }
    };
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString("utf8");
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString("utf8");
      look();
    });
    const finished = new Promise<Finished>((resolve) => {
      child.on("close", (exit) => resolve({ exit, stdout, stderr }));
    });
    const says = (text: string | RegExp): Promise<void> =>
      Promise.race([
        new Promise<void>((resolve) => {
          waiting.push({ text, resolve });
          look();
        }),
        finished.then((end) => {
          throw new Error(
            `the command ended with ${end.exit} before it said ${text}: ${end.stderr}${end.stdout}`,
          );
        }),
      ]);
    return { process: child, finished, says };
  }

  run(args: readonly string[], env: Record<string, string> = {}): Promise<Finished> {
    return this.start(args, env).finished;
  }

  /**
   * Runs a fixed number of sessions: durations would depend on the load of the machine.
   * @throws Error with its output if it did not end with exit code 0
   */
  async runSessions(
    count: number,
    args: readonly string[] = [],
    env: Record<string, string> = {},
  ): Promise<Summary["sessions"]> {
    const run = ["start", "--json", "--no-thresholds", "--sessions", String(count), ...args];
    const { exit, stdout, stderr } = await this.run(run, env);
    if (exit !== 0) throw new Error(`exit code ${exit}\n${stdout}${stderr}`);
    return (JSON.parse(stdout) as Summary).sessions;
  }

  /** Folders of the runs in `.ape/runs`, oldest first: by name alone, ids of one second would have no order. */
  async runs(): Promise<string[]> {
    const ids = await runDirectories(this.directory);
    return ids.reverse().map((id) => join(this.directory, ".ape/runs", id));
  }

  async lastRun(): Promise<string> {
    return (await this.runs()).at(-1) ?? "";
  }

  async summary(): Promise<Summary> {
    return JSON.parse(await readFile(join(await this.lastRun(), "summary.json"), "utf8")) as Summary;
  }

  /** Every event of the last run, processes merged by time. */
  async events(): Promise<Event[]> {
    const events: Event[] = [];
    await readEvents(join(await this.lastRun(), "events"), (event) => events.push(event));
    return events;
  }

  remove(): Promise<void> {
    return rm(this.directory, { recursive: true, force: true });
  }
}

/** Resolves when the condition holds, polled every 50 ms; rejects after the limit. */
export async function eventually(
  holds: () => Promise<boolean> | boolean,
  limitMs = 10_000,
  pauseMs = 50,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error("it did not come true in time");
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
