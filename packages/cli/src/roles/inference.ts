import { randomBytes } from "node:crypto";
import { EXIT } from "@ape/core/lib/errors";
import type { Event, InferenceEnded } from "@ape/core/protocol/events";
import { systemClock } from "@ape/engine/host/clock";
import { watchProcess } from "@ape/engine/metrics/process-figures";
import { loadProject } from "@ape/engine/project/project";
import { createInference } from "@ape/inference/inference";
import { serveInference } from "@ape/inference/server/server";
import type { Io } from "../io.ts";
import { allowedHosts, type RoleAddress } from "./address.ts";
import { roleLog } from "./log.ts";
import { replicasOf } from "./replicas.ts";
import { runEvents } from "./run-events.ts";
import { runLabels } from "./run-labels.ts";

/** Time for answers in flight when the role has to end, in milliseconds. */
const DRAIN_MS = 30_000;

export interface InferenceRoleOptions extends RoleAddress {
  config?: string | undefined;
}

/**
 * Runs an inference proxy until SIGINT or SIGTERM, then drains it; a second signal ends it at once. Each call is one
 * line of JSON on stderr. The environment variable APE_TOKEN is the token that clients must send; with APE_PLANE its
 * events go to the run APE_RUN.
 * @throws ApeError if the configuration is invalid, PORT_IN_USE
 */
export async function serveInferenceRole(
  io: Io,
  { config, host, port }: InferenceRoleOptions,
): Promise<void> {
  const project = await loadProject({ cwd: io.cwd, configFile: config, environment: io.env });
  const log = roleLog(io, "inference");
  // The first process of a container has no default for signals: it hears them before there is a bus to wait for.
  const unsubscribe = io.onInterrupt(() => io.leave(EXIT.ok));
  const events = await runEvents(io, "inference", project.config.events.send === "kept");
  const record = (event: Event): void => {
    events?.record(event);
    // Calls have their own log lines, with the ids of their callers.
    if (event.type !== "inference") log.warn(event);
  };
  const inference = await createInference({
    config: project.config.inference,
    clock: systemClock,
    recorder: { record, commit: record },
    log: (event, caller) => log[event.error === undefined ? "info" : "warn"](lineOf(event, caller)),
    env: project.environment,
    baseDir: project.directory,
    secrets: project.secrets,
    workers: replicasOf(io),
    // A proxy that restarts during a run must not reuse ids of the one before it.
    ...(events === undefined ? {} : { prefix: `i-${randomBytes(3).toString("hex")}-` }),
  });
  const token = io.env.APE_TOKEN;
  const own = watchProcess("inference", systemClock, (sample) => events?.record(sample));
  const server = await serveInference({
    inference,
    labels: runLabels(io),
    figures: (page) => own.figures.show(page),
    host,
    port,
    allowedHosts: allowedHosts(io),
    ...(token === undefined || token === "" ? {} : { token }),
  });
  // A client that reads the address may end the role at once.
  unsubscribe();
  const asked = nextSignal(io);
  io.out.write(`${inference.model.name} at ${server.url}/v1\n`);
  await asked;
  await Promise.race([server.drain(DRAIN_MS), nextSignal(io)]);
  await server.close();
  own.close();
  await inference.close();
  await events?.close();
}

/** A call as a line of the log, with ids under the names that all logs of a run use. */
function lineOf(
  { session, ...rest }: InferenceEnded,
  { traceparent, agent }: { traceparent: string; agent?: string },
): Record<string, unknown> {
  return { trace_id: traceparent.split("-")[1] ?? "", session_id: session, agent_id: agent ?? "", ...rest };
}

function nextSignal(io: Io): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = io.onInterrupt(() => {
      unsubscribe();
      resolve();
    });
  });
}
