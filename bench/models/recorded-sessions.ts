import { runSession } from "@ape/agent/session/session";
import type { Config } from "@ape/core/config/schema";
import type { ChatRequest, ModelTransport } from "@ape/core/protocol/chat";
import type { Recorder } from "@ape/core/protocol/events";
import { systemClock as clock } from "@ape/engine/host/clock";
import { dependenciesOf, openSessionDependencies } from "@ape/engine/worker/session-dependencies";
import { drawSessionSpec, partOf } from "@ape/engine/worker/session-spec";
import { openLocalTransports } from "@ape/engine/worker/transports";

/** A session as the model saw it. */
export interface RecordedSession {
  goal: string;
  steps: number;
  outcome: string | undefined;
  /** Every request as JSON, what a chat template puts first at the front: tools, then messages. */
  requests: readonly string[];
}

const nothing: Recorder = { record: () => undefined, commit: () => undefined };

/** Runs real sessions one after the other, and keeps each request that the simulated model receives. */
export async function recordSessions(
  config: Config,
  { baseDir, sessions }: { baseDir: string; sessions: number },
): Promise<RecordedSession[]> {
  const place = { baseDir, workers: 1 };
  const boot = { config, environment: {}, secrets: [], worker: 0, ...place };
  const transports = await openLocalTransports(boot, nothing);
  let requests: string[] = [];
  const model: ModelTransport = {
    complete: (call) => {
      requests.push(textOf(call.request));
      return transports.model.complete(call);
    },
  };
  const recorded: RecordedSession[] = [];
  try {
    const shared = { seed: 1, share: 0, ...place };
    const dependencies = await openSessionDependencies(config, { ...transports, model }, shared);
    const { signal } = new AbortController();
    for (let number = 0; number < sessions; number += 1) {
      requests = [];
      const spec = drawSessionSpec(config, { seed: 1, worker: 0, number });
      const feeder = dependencies.dealers.get(spec.goal.name);
      const row = await feeder?.take(clock.now, signal);
      const { steps, outcome } = await runSession({
        ...dependenciesOf(dependencies, spec.goal.name),
        ...partOf(spec, config, row),
        agent: "a0-0",
        recorder: nothing,
        clock,
        secrets: [],
        signal,
      });
      if (row !== undefined) feeder?.release(row.index);
      recorded.push({ goal: spec.goal.name, steps, outcome, requests });
    }
  } finally {
    await transports.close();
  }
  return recorded;
}

const textOf = ({ tools = [], messages, ...rest }: ChatRequest): string =>
  JSON.stringify({ tools, messages, ...rest });
