import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configSchema } from "@ape/core/config/schema";
import type { FromWorker } from "@ape/engine/launch/protocol";
import { Worker } from "@ape/engine/launch/worker";
import { answer } from "./child.ts";

interface Order {
  agents: number;
  steps: number;
  /** Base URL of the model: the stub itself, or a proxy before it. */
  model: string;
  target: string;
  connections: number;
}

/** One worker as `ape-test start` runs it: sessions, gateway, inference, events on disk, figures once a second. */
answer(async ({ agents, steps, model, target, connections }: Order) => {
  const directory = await mkdtemp(join(tmpdir(), "ape-bench-"));
  const config = configSchema.parse({
    version: 1,
    targets: { stub: { baseUrl: target, connections } },
    inference: { provider: "custom", baseUrl: model, apiKey: "none", model: "stub", connections },
    goals: [
      {
        name: "browse",
        prompt: "Look through all the things.",
        success: [{ action: { operation: "GET /things" } }],
        budget: { steps },
      },
    ],
    load: { agents, sessions: agents },
  });
  let done: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    done = resolve;
  });
  let actions = 0;
  const worker = await Worker.open(
    {
      run: "bench",
      runDirectory: directory,
      baseDir: directory,
      config,
      secrets: [],
      environment: {},
      seed: 1,
      worker: 0,
      workers: 1,
      sessions: agents,
    },
    (message: FromWorker) => {
      if (message.type === "failed") throw new Error(message.error.message);
      if (message.type === "figures" || message.type === "done")
        actions +=
          message.snapshot.sinks.actions?.type === "counter" ? message.snapshot.sinks.actions.total : 0;
      if (message.type === "done") done();
    },
  );
  const cpu = process.cpuUsage();
  const start = performance.now();
  worker.receive({ type: "agents", wanted: agents });
  await ended;
  const used = process.cpuUsage(cpu);
  const seconds = (performance.now() - start) / 1000;
  await rm(directory, { recursive: true, force: true });
  return { cpuUs: used.user + used.system, seconds, actions, maxRssKb: process.resourceUsage().maxRSS };
});
