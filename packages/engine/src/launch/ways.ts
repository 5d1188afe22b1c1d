import type { ApiDescription } from "@ape/core/api";
import type { ModelTransport } from "@ape/core/chat";
import type { Recorder } from "@ape/core/events";
import type { ToolTransport } from "@ape/core/tool-call";
import { createGateway } from "@ape/gateway/gateway";
import { createInference } from "@ape/inference/inference";
import { systemClock as clock } from "../clock.ts";
import { proxySettings } from "../proxy-settings.ts";
import type { WorkerBoot } from "./protocol.ts";

/** How the agents of a process reach targets and models. */
export interface Ways {
  tools: ToolTransport;
  model: ModelTransport;
  described: { provider: string; name: string; simulated: boolean };
  apis: readonly ApiDescription[];
  close(): Promise<void>;
}

/** What a process's own ways are made from. */
export type WaysBoot = Pick<
  WorkerBoot,
  "config" | "environment" | "baseDir" | "workers" | "secrets" | "worker"
>;

/** A gateway and an inference proxy of the process's own. */
export async function openOwnWays(boot: WaysBoot, recorder: Recorder): Promise<Ways> {
  const env = proxySettings(boot.environment);
  const opening = [
    createGateway({ targets: boot.config.targets, clock, baseDir: boot.baseDir, env }),
    createInference({
      config: boot.config.inference,
      clock,
      recorder,
      env,
      baseDir: boot.baseDir,
      workers: boot.workers,
      secrets: boot.secrets,
      prefix: `i${boot.worker}`,
    }),
  ] as const;
  const [gateway, inference] = await Promise.all(opening).catch(async (thrown: unknown) => {
    // Where one cannot be opened, the other does not stay open.
    for (const opened of await Promise.allSettled(opening))
      if (opened.status === "fulfilled") await opened.value.close();
    throw thrown;
  });
  return {
    tools: gateway.transport,
    model: inference.transport,
    described: inference.model,
    apis: Object.keys(boot.config.targets).map((name) => gateway.describe(name)),
    close: async () => {
      await Promise.all([gateway.close(), inference.close()]);
    },
  };
}
