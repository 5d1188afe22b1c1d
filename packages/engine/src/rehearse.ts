import { randomInt } from "node:crypto";
import { createModelPolicy } from "@ape/agent/model-policy";
import { runSession, type SessionReport } from "@ape/agent/session";
import type { Event } from "@ape/core/events";
import { seedOf } from "@ape/core/random";
import { createGateway } from "@ape/gateway/gateway";
import { createInference } from "@ape/inference/inference";
import { openOwnGateway, requireOperations, requireSchemas } from "./check-project.ts";
import { systemClock as clock } from "./clock.ts";
import { castSession, partOf } from "./launch/cast.ts";
import { readInstructions } from "./launch/instructions.ts";
import { hasRows, loadRows, RowDealer } from "./launch/rows.ts";
import type { Project } from "./project.ts";
import { proxySettings } from "./proxy-settings.ts";

/**
 * Runs one session against the real targets, in this process: no run directory, no workers, neither `setup` nor
 * `teardown`. With the same seed it is the first session of a run with one worker.
 * @param show called with each event as it happens
 * @throws ApeError what would keep a run from starting
 */
export async function rehearse(
  project: Project,
  show: (event: Event) => void,
  signal: AbortSignal,
): Promise<SessionReport> {
  const { config, directory, secrets, environment } = project;
  const own = await openOwnGateway(project);
  try {
    requireOperations(project, own);
    requireSchemas(project);
  } finally {
    await own.close();
  }
  const env = proxySettings(environment);
  const recorder = { record: show, commit: show };
  const gateway = await createGateway({ targets: config.targets, clock, baseDir: directory, env });
  try {
    const inference = await createInference({
      config: config.inference,
      clock,
      recorder,
      env,
      baseDir: directory,
      workers: 1,
      secrets,
      prefix: "i0",
    });
    try {
      const birth = { seed: config.seed ?? randomInt(2 ** 32), worker: 0, number: 0 };
      const cast = castSession(config, birth);
      const { goal } = cast;
      const dealer = hasRows(goal.data)
        ? new RowDealer(await loadRows(goal.data, directory), {
            unique: goal.data.unique,
            seed: seedOf(birth.seed, goal.name),
            worker: 0,
            workers: 1,
          })
        : undefined;
      const apis = Object.keys(config.targets).map((name) => gateway.describe(name));
      return await runSession({
        ...partOf(cast, config, await dealer?.take(clock.now, signal)),
        agent: "a0-0",
        apis,
        origins: Object.fromEntries(
          Object.entries(config.targets).map(([name, { baseUrl }]) => [name, baseUrl]),
        ),
        policy: createModelPolicy({
          model: inference.transport,
          modelName: inference.model.name,
          maxCompletionTokens: config.inference.maxCompletionTokens,
          temperature: config.inference.temperature,
          apis,
          instructions: await readInstructions(config.inference, directory),
        }),
        tools: gateway.transport,
        recorder,
        clock,
        secrets,
        signal,
      });
    } finally {
      await inference.close();
    }
  } finally {
    await gateway.close();
  }
}
