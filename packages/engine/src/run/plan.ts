import { availableParallelism } from "node:os";
import type { LoadConfig } from "@ape/core/config/load";
import type { Config } from "@ape/core/config/schema";
import { constantAgents, LoadProfile } from "@ape/core/lib/schedule";

/** What a load configuration asks for, over time. */
export interface LoadPlan {
  /** Agents over time: those that run sessions (closed) or stand ready (open). */
  agents: LoadProfile;
  /** Sessions a second, for open load. */
  arrivals?: LoadProfile;
  /** Milliseconds after which no new session starts; absent where `sessions` ends the run. */
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
 * Processes for the agents: as many as were asked for, else one less than the cores (the engine and the target need
 * one), never more than there are agents, sessions or rows of a `unique` table to share out.
 */
export function workersFor(load: LoadConfig, plan: LoadPlan, uniqueRows: number): number {
  const wanted = load.workers ?? Math.max(1, availableParallelism() - 1);
  return Math.max(1, Math.min(wanted, plan.peak, plan.sessions ?? wanted, uniqueRows));
}

/** Parts that the data rows of a run in containers are dealt into where no table is `unique`. */
const MOST_CONTAINERS = 256;

/**
 * Parts that the rows of `unique` tables are dealt into in a run of containers, fixed for the run so that containers may
 * come and go: each part has rows enough for a container's agents.
 */
export function rowShares({ compose }: Pick<Config, "compose">, uniqueRows: number): number {
  if (!Number.isFinite(uniqueRows)) return MOST_CONTAINERS;
  return Math.max(1, Math.min(MOST_CONTAINERS, Math.floor(uniqueRows / compose.agentsPerContainer)));
}

/** Containers for so many agents: never more than there are parts of the rows. */
export function containersOf(config: Pick<Config, "compose">, agents: number, uniqueRows: number): number {
  const wanted = Math.ceil(agents / config.compose.agentsPerContainer);
  return Math.max(1, Math.min(wanted, rowShares(config, uniqueRows)));
}

/** Containers that a run begins with. */
export function containersFor(
  config: Pick<Config, "compose">,
  { peak, sessions }: Pick<LoadPlan, "peak" | "sessions">,
  uniqueRows: number,
): number {
  return Math.min(containersOf(config, peak, uniqueRows), sessions ?? Number.POSITIVE_INFINITY);
}

/** How much of the plan is done (0 to 1), and the milliseconds until its end where time ends it. */
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
