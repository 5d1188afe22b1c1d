import { systemClock } from "@ape/engine/clock";
import { watchProcess } from "@ape/engine/metrics/process-figures";
import { loadProject } from "@ape/engine/project";
import { proxySettings } from "@ape/engine/proxy-settings";
import { createInference } from "@ape/inference/inference";
import { serveInference } from "@ape/inference/server";
import type { Io } from "../io.ts";
import { runLabels } from "./run-labels.ts";

/** Answers under way when the role is told to end have this long, in milliseconds. */
const DRAIN_MS = 30_000;

export interface InferenceRoleOptions {
  config?: string | undefined;
  port: number;
}

/**
 * Runs an inference proxy until SIGINT or SIGTERM, then drains it; a second signal ends it at once. Each call is one line of JSON on
 * stderr. The environment variable APE_TOKEN is the token that clients must bear.
 * @throws ApeError where the configuration is wrong, PORT_IN_USE
 */
export async function serveInferenceRole(io: Io, { config, port }: InferenceRoleOptions): Promise<void> {
  const project = await loadProject({ cwd: io.cwd, configFile: config, environment: io.env });
  const write = (event: object): void => io.err.write(`${JSON.stringify(event)}\n`);
  const inference = await createInference({
    config: project.config.inference,
    clock: systemClock,
    recorder: { record: write, commit: write },
    env: proxySettings(project.environment),
    baseDir: project.directory,
    secrets: project.secrets,
  });
  const token = io.env.APE_TOKEN;
  const own = watchProcess("inference", systemClock);
  const server = await serveInference({
    inference,
    labels: runLabels(io),
    figures: (page) => own.figures.show(page),
    host: "127.0.0.1",
    port,
    ...(token === undefined || token === "" ? {} : { token }),
  });
  io.out.write(`${inference.model.name} at ${server.url}/v1\n`);
  await nextSignal(io);
  await Promise.race([server.drain(DRAIN_MS), nextSignal(io)]);
  await server.close();
  own.close();
  await inference.close();
}

function nextSignal(io: Io): Promise<void> {
  return new Promise((resolve) => {
    const deaf = io.onInterrupt(() => {
      deaf();
      resolve();
    });
  });
}
