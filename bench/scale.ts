import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { EVENT_BYTES_PER_SECOND } from "@ape/engine/launch/messages";
import { Child } from "./child.ts";
import { NatsProcess } from "./nats-process.ts";
import { type BenchResult, machine, stealMeter } from "./result.ts";
import { sampleProject } from "./sample-project.ts";
import type { EngineFigures } from "./scale-engine-child.ts";

/** Actions per second, of all workers. */
const RATES = { kept: [50_000, 100_000, 200_000, 400_000], all: [2_000, 5_000, 10_000, 20_000] };
const WORKERS = { kept: 1_000, all: 50 };
const SECONDS = 12;
/** Figures that come later than this are not followed, unless the machine had no core left for the engine. */
const MOST_LAG_MS = 2_000;
const BUSY_CORES = 0.85;

interface Sent {
  bytes: number;
  messages: number;
  actions: number;
  lateMs: number;
  loadSeconds: number;
}

/**
 * What one engine can follow: the messages of 1,000 workers at once go through a real NATS to the engine's own code, at
 * rising rates of actions. `actionsPerSecondFollowed` is what the engine followed per second of its CPU time, all threads
 * together, at the highest rate. `--send all` sends every event, of 50 workers; `--rate N` measures one rate only.
 */
export async function scale(log: (line: string) => void, flags: readonly string[]): Promise<BenchResult> {
  const { values } = parseArgs({
    args: [...flags],
    options: { send: { type: "string" }, rate: { type: "string" }, json: { type: "boolean" } },
  });
  const send = values.send === "all" ? "all" : "kept";
  const workers = WORKERS[send];
  const rates = values.rate === undefined ? RATES[send] : [Number(values.rate)];
  const stolen = stealMeter();
  const directory = await mkdtemp(join(tmpdir(), "ape-scale-"));
  const nats = await NatsProcess.start();
  const [engine, load] = [
    await Child.start("./scale-engine-child.ts"),
    await Child.start("./scale-load-child.ts"),
  ];
  const figures: BenchResult["figures"] = { actionsPerSecondFollowed: 0 };
  const notes: string[] = [];
  try {
    const common = { url: nats.url, workers, send };
    await engine.ask({ type: "open", directory, boot: sampleBoot(), ...common });
    const began = performance.now();
    await load.ask({ type: "join", ...common });
    const { workers: joined } = await untilJoined(engine, workers);
    figures.startSeconds = Math.round((performance.now() - began) / 100) / 10;
    log(`${joined} workers have joined and got their work after ${figures.startSeconds} s`);
    for (const rate of rates) {
      const actions = Math.round(rate / workers);
      const run = { type: "run", actions, keptBytes: EVENT_BYTES_PER_SECOND / workers, ...common };
      // The first seconds make the recording, and warm the code up.
      await load.ask({ ...run, seconds: 3 });
      await engine.ask({ type: "read" });
      const natsBefore = nats.usage();
      const sent = await load.ask<Sent>({ ...run, seconds: SECONDS });
      const got = await engine.ask<EngineFigures>({ type: "read" });
      const natsCpu = nats.usage().cpuSeconds - natsBefore.cpuSeconds;
      const lag = percentile(got.lagMs, 0.99);
      const perSecond = got.actions / got.seconds;
      const cores = got.cpuSeconds / got.seconds;
      const isLate = got.actions < 0.9 * sent.actions || lag > MOST_LAG_MS;
      const text = `${rate} actions/s: followed ${Math.round(perSecond)}/s, engine ${cores.toFixed(2)} cores and ${mib(got.rssBytes)} MiB, lag p50 ${Math.round(percentile(got.lagMs, 0.5))} ms, p99 ${Math.round(lag)} ms; NATS ${(natsCpu / sent.loadSeconds).toFixed(2)} cores and ${mib(nats.usage().rssBytes)} MiB, ${(sent.bytes / sent.loadSeconds / 1e6).toFixed(1)} MB/s in ${Math.round(sent.messages / sent.loadSeconds)} messages/s; load late by ${sent.lateMs} ms`;
      log(text);
      notes.push(text, ...got.faults.slice(0, 3));
      const key = `at${rate / 1_000}k`;
      Object.assign(figures, {
        [`${key}_engineCores`]: round(cores),
        [`${key}_engineMib`]: mib(got.rssBytes),
        [`${key}_lagP99Ms`]: Math.round(lag),
        [`${key}_natsCores`]: round(natsCpu / sent.loadSeconds),
        [`${key}_megabytesPerSecond`]: round(sent.bytes / sent.loadSeconds / 1e6),
      });
      // What one core would follow: the process uses several cores for compression and garbage collection.
      figures.actionsPerSecondFollowed = Math.round(got.actions / got.cpuSeconds);
      if (isLate && cores < BUSY_CORES)
        notes.push(`inconclusive lag at ${rate}: other processes had the cores that the engine waited for`);
      else if (isLate) {
        notes.push(`${rate} was not followed in time`);
        break;
      }
    }
    figures.stealPct = stolen();
    return { name: "scale", machine: machine(), figures, ratios: {}, notes };
  } finally {
    engine.end();
    load.end();
    await nats.end();
    await rm(directory, { recursive: true, force: true });
  }
}

async function untilJoined(engine: Child, workers: number): Promise<EngineFigures> {
  for (;;) {
    const figures = await engine.ask<EngineFigures>({ type: "read" });
    if (figures.workers >= workers) return figures;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The start configuration of a worker, as every worker gets it. */
function sampleBoot(): object {
  return {
    run: "bench",
    runDirectory: "",
    baseDir: "",
    ...sampleProject(),
    environment: {},
    seed: 1,
    workers: 1,
  };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}

const mib = (bytes: number): number => Math.round(bytes / 2 ** 20);
const round = (value: number): number => Math.round(value * 100) / 100;
