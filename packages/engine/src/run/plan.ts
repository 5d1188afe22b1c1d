import { availableParallelism } from "node:os";
import type { LoadConfig } from "@ape/core/config/load";
import type { Config } from "@ape/core/config/schema";
import { constantAgents, LoadProfile } from "@ape/core/lib/schedule";

/** The load profiles of a configuration. */
export interface LoadPlan {
  /** Agents over time: those that run sessions (closed) or wait for arrivals (open). */
  agents: LoadProfile;
  /** Sessions per second, for an open load. */
  arrivals?: LoadProfile;
  /** Milliseconds after which no new session starts; absent if `sessions` ends the run. */
  durationMs?: number;
  sessions?: number;
  peak: number;
}

const DEFAULT_DURATION_MS = 60_000;

/** Reads the load configuration as profiles. Without duration, sessions, stages or arrivals a run lasts one minute. */
export function planOf(load: LoadConfig): LoadPlan {
  if (load.stages !== undefined) {
    const agents = new LoadProfile(
      load.stages.map((stage) => ({ durationMs: stage.duration, to: stage.agents })),
    );
    return { agents, durationMs: agents.durationMs, peak: agents.peak };
  }
  if (load.arrivals !== undefined) {
    const arrivals = new LoadProfile(
      load.arrivals.map((leg) => ({ durationMs: leg.duration, to: leg.rate })),
    );
    const durationMs = arrivals.durationMs;
    return { agents: constantAgents(load.agents, durationMs, 0), arrivals, durationMs, peak: load.agents };
  }
  if (load.sessions !== undefined) {
    const peak = Math.min(load.agents, load.sessions);
    const agents = new LoadProfile([{ durationMs: load.rampUp, to: peak }]);
    return { agents, sessions: load.sessions, peak };
  }
  const durationMs = load.duration ?? DEFAULT_DURATION_MS;
  return { agents: constantAgents(load.agents, durationMs, load.rampUp), durationMs, peak: load.agents };
}

/**
 * Number of agents' processes: as configured, else one less than the cores (the engine and the target need one), at
 * most the number of agents, sessions or rows of a `unique` table.
 */
export function workersFor(load: LoadConfig, plan: LoadPlan, uniqueRows: number): number {
  const wanted = load.workers ?? Math.max(1, availableParallelism() - 1);
  return Math.max(1, Math.min(wanted, plan.peak, plan.sessions ?? wanted, uniqueRows));
}

/**
 * Most parts of the data rows of a run in containers: four times its containers at the beginning, so that it can be
 * scaled, within these bounds.
 */
const FEWEST_SHARES = 256;
const MOST_SHARES = 8_192;
const SHARES_PER_CONTAINER = 4;

/**
 * Number of parts of the rows of `unique` tables of a run in containers, fixed for the run so that containers may come
 * and go: each part has enough rows for a container's agents.
 */
export function rowShares({ compose, load }: Pick<Config, "compose" | "load">, uniqueRows: number): number {
  const containers = Math.ceil(planOf(load).peak / compose.agentsPerContainer);
  const most = Math.min(MOST_SHARES, Math.max(FEWEST_SHARES, containers * SHARES_PER_CONTAINER));
  if (!Number.isFinite(uniqueRows)) return most;
  return Math.max(1, Math.min(most, Math.floor(uniqueRows / compose.agentsPerContainer)));
}

/** Containers for this many agents: at most the number of parts of the rows. */
export function containersOf(
  config: Pick<Config, "compose" | "load">,
  agents: number,
  uniqueRows: number,
): number {
  const wanted = Math.ceil(agents / config.compose.agentsPerContainer);
  return Math.max(1, Math.min(wanted, rowShares(config, uniqueRows)));
}

/** Containers at the beginning of a run. */
export function containersFor(
  config: Pick<Config, "compose" | "load">,
  { peak, sessions }: Pick<LoadPlan, "peak" | "sessions">,
  uniqueRows: number,
): number {
  return Math.min(containersOf(config, peak, uniqueRows), sessions ?? Number.POSITIVE_INFINITY);
}

/** How much of the plan is done (0 to 1), and the milliseconds until its end if time ends it. */
export function progressIn(
  { durationMs, sessions }: Pick<LoadPlan, "durationMs" | "sessions">,
  elapsedMs: number,
  ended: number,
): { done: number; leftMs?: number } {
  if (durationMs === undefined) return { done: Math.min(1, ended / Math.max(1, sessions ?? 1)) };
  return {
    done: Math.min(1, elapsedMs / Math.max(1, durationMs)),
    leftMs: Math.max(0, durationMs - elapsedMs),
  };
}
