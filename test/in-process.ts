import { setMaxListeners } from "node:events";
import { runSession } from "@ape/agent/session/session";
import { parseConfig } from "@ape/core/config/parse";
import type { Config } from "@ape/core/config/schema";
import type { Clock } from "@ape/core/lib/clock";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { Event, Recorder } from "@ape/core/protocol/events";
import type { ToolTransport } from "@ape/core/protocol/tool-call";
import { AgentPool } from "@ape/engine/worker/pool";
import { dependenciesOf, openSessionDependencies } from "@ape/engine/worker/session-dependencies";
import { drawSessionSpec, partOf } from "@ape/engine/worker/session-spec";
import { createInference } from "@ape/inference/inference";

/** Dependencies of a run in this process; the caller provides the clock and the transport to the target. */
export interface InProcessRun {
  config: Config;
  apis: readonly ApiDescription[];
  tools: ToolTransport;
  clock: Clock;
  seed: number;
  sessions: number;
  agents: number;
  /** Folder of the configuration's data files. */
  baseDir?: string;
  /** Called with every event, in order. */
  recorder: Recorder;
}

/** A configuration from its text. */
export function configOf(text: string): Config {
  return parseConfig(text, "ape.config.yaml", {}).config;
}

/** Runs sessions as a worker does, in this process, decided by the simulated model; resolves when all have ended. */
export async function runInProcess(run: InProcessRun): Promise<void> {
  const { config, apis, tools, clock, seed, sessions, agents, recorder, baseDir = "/" } = run;
  const inference = await createInference({ config: config.inference, clock, recorder, prefix: "i0" });
  const ways = { apis, tools, model: inference.transport, described: inference.model };
  const place = { baseDir, seed, share: 0, workers: 1 };
  const dependencies = await openSessionDependencies(config, ways, place);
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  await new Promise<void>((resolve) => {
    const pool = new AgentPool({
      open: false,
      quota: sessions,
      freed: () => undefined,
      idle: resolve,
      run: async ({ agent, number }) => {
        const cast = drawSessionSpec(config, { seed, worker: 0, number });
        const dealer = dependencies.dealers.get(cast.goal.name);
        const row = await dealer?.take(() => clock.now(), signal);
        await runSession({
          ...dependenciesOf(dependencies, cast.goal.name),
          ...partOf(cast, config, row),
          agent: `a0-${agent}`,
          recorder,
          clock,
          secrets: [],
          signal,
        });
        if (row !== undefined) dealer?.release(row.index);
      },
    });
    pool.setWanted(agents);
  });
  await inference.close();
}

/** A recorder that keeps every event in a list. */
export function keepEvents(): { events: Event[]; recorder: Recorder } {
  const events: Event[] = [];
  const keep = (event: Event): void => void events.push(event);
  return { events, recorder: { record: keep, commit: keep } };
}
