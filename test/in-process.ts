import { setMaxListeners } from "node:events";
import { createModelPolicy } from "@ape/agent/model-policy";
import { runSession } from "@ape/agent/session";
import type { ApiDescription } from "@ape/core/api";
import type { ModelTransport } from "@ape/core/chat";
import type { Clock } from "@ape/core/clock";
import { parseConfig } from "@ape/core/config/parse";
import type { Config } from "@ape/core/config/schema";
import type { Event, Recorder } from "@ape/core/events";
import { seedOf } from "@ape/core/random";
import type { ToolTransport } from "@ape/core/tool-call";
import { castSession, partOf } from "@ape/engine/launch/cast";
import { AgentPool } from "@ape/engine/launch/pool";
import { loadRows, RowDealer } from "@ape/engine/launch/rows";
import { createInference } from "@ape/inference/inference";

/** What a run in this process needs; time and the way to the target are the caller's. */
export interface InProcessRun {
  config: Config;
  apis: readonly ApiDescription[];
  tools: ToolTransport;
  clock: Clock;
  seed: number;
  sessions: number;
  agents: number;
  /** Called with every event, in order. */
  recorder: Recorder;
}

/** A configuration from its text. */
export function configOf(text: string): Config {
  return parseConfig(text, "ape.config.yaml", {}).config;
}

/** Runs sessions as a worker does, in this process, decided by the simulated model; resolves when all have ended. */
export async function runInProcess(run: InProcessRun): Promise<void> {
  const { config, apis, tools, clock, seed, sessions, agents, recorder } = run;
  const inference = await createInference({ config: config.inference, clock, recorder, prefix: "i0" });
  const dealers = new Map<string, RowDealer>();
  for (const { name, data } of config.goals)
    if (data !== undefined)
      dealers.set(
        name,
        new RowDealer(await loadRows(data, "/"), {
          unique: data.unique,
          seed: seedOf(seed, name),
          worker: 0,
          workers: 1,
        }),
      );
  const policy = policyOf(config, inference.transport, inference.model.name, apis);
  const origins = Object.fromEntries(
    Object.entries(config.targets).map(([name, { baseUrl }]) => [name, baseUrl]),
  );
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  await new Promise<void>((resolve) => {
    const pool = new AgentPool({
      open: false,
      quota: sessions,
      freed: () => undefined,
      idle: resolve,
      run: async ({ agent, number }) => {
        const cast = castSession(config, { seed, worker: 0, number });
        const dealer = dealers.get(cast.goal.name);
        const row = await dealer?.take(() => clock.now(), signal);
        await runSession({
          ...partOf(cast, config, row),
          agent: `a0-${agent}`,
          apis,
          origins,
          policy,
          tools,
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

function policyOf(
  config: Config,
  model: ModelTransport,
  modelName: string,
  apis: readonly ApiDescription[],
): ReturnType<typeof createModelPolicy> {
  const { maxCompletionTokens, temperature } = config.inference;
  return createModelPolicy({ model, modelName, maxCompletionTokens, temperature, apis });
}

/** A recorder that keeps every event in a list. */
export function keepEvents(): { events: Event[]; recorder: Recorder } {
  const events: Event[] = [];
  const keep = (event: Event): void => void events.push(event);
  return { events, recorder: { record: keep, commit: keep } };
}
