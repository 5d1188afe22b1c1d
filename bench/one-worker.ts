import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "@ape/core/config/schema";
import { Aggregator } from "@ape/engine/aggregate/aggregator";
import type { FromWorker } from "@ape/engine/worker/protocol";
import { Worker } from "@ape/engine/worker/worker";

/**
 * Runs sessions in one worker as `ape-test start` does: gateway, inference, events on disk, figures once per second.
 * @returns its figures, and the CPU and the time from the first session to the last event on disk
 */
export async function runWorker(
  config: Config,
  { agents, sessions, baseDir = "." }: { agents: number; sessions: number; baseDir?: string },
): Promise<{ figures: Aggregator; cpuUs: number; seconds: number }> {
  const runDirectory = await mkdtemp(join(tmpdir(), "ape-bench-"));
  let done: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    done = resolve;
  });
  const figures = new Aggregator([]);
  const worker = await Worker.open(
    {
      run: "bench",
      runDirectory,
      baseDir,
      config,
      secrets: [],
      environment: {},
      seed: 1,
      worker: 0,
      workers: 1,
      sessions,
    },
    (message: FromWorker) => {
      if (message.type === "failed") throw new Error(message.error.message);
      if (message.type === "figures" || message.type === "done") figures.merge(message.snapshot);
      if (message.type === "done") done();
    },
  );
  const cpu = process.cpuUsage();
  const start = performance.now();
  worker.receive({ type: "agents", wanted: agents });
  await ended;
  const used = process.cpuUsage(cpu);
  const seconds = (performance.now() - start) / 1000;
  await rm(runDirectory, { recursive: true, force: true });
  return { figures, cpuUs: used.user + used.system, seconds };
}
