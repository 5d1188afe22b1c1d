import { configSchema } from "@ape/core/config/schema";
import { answer } from "./child.ts";
import { runWorker } from "./one-worker.ts";

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
  const { figures, cpuUs, seconds } = await runWorker(config, { agents, sessions: agents });
  const actions = figures.sink("actions")?.statistic("count", seconds) ?? 0;
  return { cpuUs, seconds, actions, maxRssKb: process.resourceUsage().maxRSS };
});
