import { randomInt } from "node:crypto";
import { runSession } from "@ape/agent/session/session";
import type { SessionReport } from "@ape/agent/session/session-options";
import type { Event } from "@ape/core/protocol/events";
import { ApiReader } from "@ape/gateway/openapi/api-reader";
import { systemClock as clock } from "../host/clock.ts";
import { requireChecks } from "../project/check-project.ts";
import type { Project } from "../project/project.ts";
import { dependenciesOf, openSessionDependencies } from "../worker/session-dependencies.ts";
import { drawSessionSpec, partOf } from "../worker/session-spec.ts";
import { openLocalTransports } from "../worker/transports.ts";

/**
 * Runs one session against the real targets, in this process: no run directory, no workers, neither `setup` nor
 * `teardown`. With the same seed it is the first session of a run with one worker.
 * @param show called with each event as it happens
 * @throws ApeError errors that would keep a run from starting
 */
export async function dryRun(
  project: Project,
  show: (event: Event) => void,
  signal: AbortSignal,
): Promise<SessionReport> {
  const { config, directory: baseDir, secrets, environment } = project;
  const documents = new ApiReader();
  await requireChecks(project, documents);
  const recorder = { record: show, commit: show };
  const place = { baseDir, workers: 1 };
  const transports = await openLocalTransports(
    { config, environment, secrets, worker: 0, ...place },
    recorder,
    { documents },
  );
  try {
    const sessionId = { seed: config.seed ?? randomInt(2 ** 32), worker: 0, number: 0 };
    const spec = drawSessionSpec(config, sessionId);
    const dependencies = await openSessionDependencies(
      config,
      transports,
      { seed: sessionId.seed, share: 0, ...place },
      (message) =>
        show({ type: "log", at: clock.epoch(), level: "warn", part: "agents-0", message, notice: true }),
    );
    const row = await dependencies.dealers.get(spec.goal.name)?.take(clock.now, signal);
    return await runSession({
      ...dependenciesOf(dependencies, spec.goal.name),
      ...partOf(spec, config, row),
      agent: "a0-0",
      recorder,
      clock,
      secrets,
      signal,
    });
  } finally {
    await transports.close();
  }
}
