import { fileURLToPath } from "node:url";
import { loadProject } from "@ape/engine/project/project";
import { startShop } from "@ape/shop/shop";
import { runWorker } from "./one-worker.ts";

const SESSIONS = 200;
const DEMO = fileURLToPath(new URL("../examples/shop", import.meta.url));

/** Tokens that the demo's sessions use, as the simulated model counts them: one per four characters. */
export interface Economy {
  inputTokensPerTenStepSession: number;
  outputTokensPerTenStepSession: number;
  stepsPerDecision: number;
  /** Of one request to the model, tools included. */
  inputTokensPerRequest: number;
  sessionSuccess: number;
}

/** Runs sessions of the demo without think time and counts what their prompts hold. */
export async function promptEconomy(): Promise<Economy> {
  const shop = await startShop({});
  try {
    const { config } = await loadProject({ cwd: DEMO, environment: { SHOP_URL: shop.url }, overrides: {} });
    const load = { ...config.load, agents: 10, thinkTime: "none" } as const;
    const { figures, seconds } = await runWorker(
      { ...config, load },
      { agents: 10, sessions: SESSIONS, baseDir: DEMO },
    );
    const read = (metric: string, statistic: "count" | "avg" | "rate"): number =>
      figures.sink(metric)?.statistic(statistic, seconds) ?? Number.NaN;
    const steps = read("session_steps", "avg") * read("session_steps", "count");
    return {
      inputTokensPerTenStepSession: Math.round((10 * read("tokens_input", "count")) / steps),
      outputTokensPerTenStepSession: Math.round((10 * read("tokens_output", "count")) / steps),
      stepsPerDecision: Math.round((100 * steps) / read("inference_duration", "count")) / 100,
      inputTokensPerRequest: Math.round(read("tokens_input", "count") / read("inference_duration", "count")),
      sessionSuccess: read("session_success", "rate"),
    };
  } finally {
    await shop.close();
  }
}
