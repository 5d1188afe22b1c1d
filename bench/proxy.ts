import { configSchema } from "@ape/core/config/schema";
import { systemClock as clock } from "@ape/engine/host/clock";
import { createInference } from "@ape/inference/inference";
import { serveInference } from "@ape/inference/server/server";
import { answer } from "./answer.ts";

/** The inference proxy in its own process, before the stub model. */
let cpu = process.cpuUsage();
let opened: Promise<{ url: string }> | undefined;

async function open(model: string, connections: number): Promise<{ url: string }> {
  const { inference: config } = configSchema.parse({
    version: 1,
    targets: { none: { baseUrl: "http://127.0.0.1:1" } },
    inference: { provider: "custom", baseUrl: model, apiKey: "none", model: "stub", connections },
    goals: [{ name: "none", prompt: "none", success: [{ action: { operation: "GET /" } }] }],
  });
  const recorder = { record: () => undefined, commit: () => undefined };
  const inference = await createInference({ config, clock, recorder, prefix: "p" });
  return serveInference({ inference, host: "127.0.0.1", port: 0 });
}

answer(async (message: { model?: string; connections?: number }) => {
  if (message.model !== undefined) opened ??= open(message.model, message.connections ?? 256);
  const used = process.cpuUsage(cpu);
  cpu = process.cpuUsage();
  return { url: (await opened)?.url, cpuUs: used.user + used.system };
});
