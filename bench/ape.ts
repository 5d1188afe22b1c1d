import type { Config } from "@ape/core/config/schema";
import { answer } from "./answer.ts";
import { runWorker } from "./one-worker.ts";

interface Order {
  /** Read by the parent and passed on, as the engine does for a worker. */
  config: Config;
  agents: number;
}

/** One worker as `ape-test start` runs it: sessions, gateway, inference, events on disk, figures once per second. */
answer(async ({ config, agents }: Order) => {
  const { figures, cpuUs, seconds } = await runWorker(config, { agents, sessions: agents });
  const actions = figures.sink("actions")?.statistic("count", seconds) ?? 0;
  return { cpuUs, seconds, actions, maxRssKb: process.resourceUsage().maxRSS };
});
