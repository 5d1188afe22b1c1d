import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openEventLog } from "@ape/engine/store/event-log";
import { createRunDirectory, eventsDirectory, writeManifest } from "@ape/engine/store/run-directory";
import { sampleManifest } from "../packages/engine/test/sample-run.ts";
import { Child } from "./child.ts";
import { type BenchResult, machine, median, spread, stealMeter } from "./result.ts";

const COMMAND = fileURLToPath(new URL("../packages/cli/bin/ape-test.mjs", import.meta.url));
const ACTIONS = 1_000_000;
const WORKERS = 2;
const AGENTS = 200;
const ROUNDS = 5;

interface Written {
  cpuUs: number;
  actions: number;
  events: number;
}

/**
 * The store of a run: a synthetic run of a million actions (`--actions N` for another number) is written through the
 * event log of two workers, and read by the built command. `npm run build` first.
 */
export async function store(log: (line: string) => void, flags: readonly string[]): Promise<BenchResult> {
  if (!existsSync(COMMAND)) throw new Error("run `npm run build` first");
  const wanted = flags.indexOf("--actions");
  const actions = wanted === -1 ? ACTIONS : Number(flags[wanted + 1]);
  const stolen = stealMeter();
  const project = await mkdtemp(join(tmpdir(), "ape-store-"));
  try {
    const manifest = sampleManifest({ agents: AGENTS * WORKERS, workers: WORKERS });
    const directory = await createRunDirectory(project, manifest.id);
    await writeManifest(directory, manifest);
    const written = await write(eventsDirectory(directory), actions);
    log(`${written.actions} actions, ${written.events} events written`);
    const bytes = folderBytes(eventsDirectory(directory));

    const run = (...words: string[]): { ms: number; out: string } => command(project, words);
    const [first = ""] = run("logs", "--tail", "1", "--json", "agents").out.split("\n");
    const { session } = JSON.parse(first) as { session: string };
    const line = run("logs", "--session", session, "--json").out;
    const { trace } = JSON.parse(line.split("\n", 1)[0] ?? "") as { trace: string };
    const order = /ord_[0-9a-f]+/.exec(line)?.[0] ?? "ord_";
    const timed = (name: string, ...words: string[]): number => {
      const times = Array.from({ length: ROUNDS }, () => run(...words).ms);
      log(`${name}: ${spread(times)} ms`);
      return Math.round(median(times));
    };
    const traceMs = timed("trace", "trace", trace);
    const tailMs = timed("tail", "logs", "--tail", "10");
    const grepMs = timed("grep", "logs", "--grep", order);
    const grepNumberMs = timed("grep for a status", "logs", "--grep", "409", "--tail", "10");
    const reportSeconds = timed("report", "report") / 1_000;
    return {
      name: "store",
      machine: machine(),
      figures: {
        bytesPerAction: Math.round((bytes / written.actions) * 10) / 10,
        traceMs,
        tailMs,
        grepMs,
        grepNumberMs,
        reportSecondsPerMillion: Math.round((reportSeconds / written.actions) * 1e9) / 1e3,
        cpuUsPerAction: Math.round((written.cpuUs / written.actions) * 100) / 100,
        stealPct: stolen(),
      },
      ratios: {},
      notes: [
        `${written.actions} actions, ${written.events} events of ${WORKERS} workers with ${AGENTS} agents each`,
        "times are those of the whole command, start of Node included; CPU is that of log and aggregation, all threads",
      ],
    };
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}

/** Writes the events of all workers, one after the other; CPU time without that of making them. */
async function write(directory: string, actions: number): Promise<Written> {
  const total: Written = { cpuUs: 0, actions: 0, events: 0 };
  for (let worker = 0; worker < WORKERS; worker += 1) {
    const order = { worker, agents: AGENTS, actions: actions / WORKERS };
    const made = await inChild<Written>(order);
    const written = await inChild<Written>({ ...order, directory });
    total.cpuUs += written.cpuUs - made.cpuUs;
    total.actions += written.actions;
    total.events += written.events;
  }
  const engine = await openEventLog(directory, "engine", {
    onFailure: (error) => {
      throw error;
    },
  });
  engine.record({ type: "run_started", at: 1_800_000_000_000, run: "store", seed: 7 });
  engine.record({
    type: "run_ended",
    at: 1_800_000_000_000 + actions * 2,
    status: "finished",
    reason: "the planned time has passed",
  });
  await engine.close();
  return total;
}

async function inChild<T>(order: object): Promise<T> {
  const child = await Child.start("./store-child.ts");
  try {
    return await child.ask<T>(order);
  } finally {
    child.end();
  }
}

/** Wall-clock time of one command in a project. */
function command(project: string, words: readonly string[]): { ms: number; out: string } {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...words], {
    cwd: project,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const ms = performance.now() - began;
  // A report ends with the run's own verdict.
  if (status !== 0 && words[0] !== "report")
    throw new Error(`ape-test ${words.join(" ")} ended with ${status}: ${stderr}`);
  return { ms, out: stdout };
}

function folderBytes(directory: string): number {
  return readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}
