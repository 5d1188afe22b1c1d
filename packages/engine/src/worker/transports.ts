import type { Environment } from "@ape/core/config/environment";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { ModelTransport } from "@ape/core/protocol/chat";
import type { Recorder } from "@ape/core/protocol/events";
import type { ToolTransport } from "@ape/core/protocol/tool-call";
import { createGateway } from "@ape/gateway/gateway";
import { ApiReader } from "@ape/gateway/openapi/api-reader";
import { createInference } from "@ape/inference/inference";
import type { CostBudget } from "@ape/inference/limits/cost-budget";
import { systemClock as clock } from "../host/clock.ts";
import { type ExternalGateway, openExternalGateway } from "./external-gateway.ts";
import type { WorkerBoot } from "./protocol.ts";

/** The transports of a process's agents to targets and models. */
export interface Transports {
  tools: ToolTransport;
  model: ModelTransport;
  described: { provider: string; name: string; simulated: boolean };
  apis: readonly ApiDescription[];
  close(): Promise<void>;
}

/** What a process's own transports are opened with. */
export type TransportsConfig = Pick<
  WorkerBoot,
  "config" | "environment" | "baseDir" | "workers" | "secrets" | "worker"
>;

/** A gateway in this process, or the one that the configuration names; and an inference proxy in this process. */
export async function openLocalTransports(
  boot: TransportsConfig,
  recorder: Recorder,
  { budget, documents }: { budget?: CostBudget | undefined; documents?: ApiReader } = {},
): Promise<Transports> {
  const env = boot.environment;
  const opening = [
    openTargets(boot, env, documents),
    createInference({
      config: boot.config.inference,
      clock,
      recorder,
      env,
      baseDir: boot.baseDir,
      workers: boot.workers,
      secrets: boot.secrets,
      prefix: `i${boot.worker}`,
      ...(budget === undefined ? {} : { budget }),
    }),
  ] as const;
  const [gateway, inference] = await Promise.all(opening).catch(async (thrown: unknown) => {
    // If one cannot be opened, the other is closed.
    for (const opened of await Promise.allSettled(opening))
      if (opened.status === "fulfilled") await opened.value.close();
    throw thrown;
  });
  return {
    tools: gateway.transport,
    model: inference.transport,
    described: inference.model,
    apis: gateway.apis,
    close: async () => {
      await Promise.all([gateway.close(), inference.close()]);
    },
  };
}

async function openTargets(
  { config, baseDir }: TransportsConfig,
  env: Environment,
  documents = new ApiReader(),
): Promise<ExternalGateway> {
  const elsewhere = await openExternalGateway(config);
  if (elsewhere !== undefined) return elsewhere;
  const gateway = await createGateway({ targets: config.targets, clock, baseDir, env, documents });
  return {
    transport: gateway.transport,
    apis: Object.keys(config.targets).map((name) => gateway.describe(name)),
    close: () => gateway.close(),
  };
}
