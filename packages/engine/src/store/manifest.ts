import type { Config, Runtime } from "@ape/core/config/schema";
import type { GoalProof, Summary } from "@ape/core/report/summary";

/**
 * `run.json`: the description of a run, kept beside its events so that every result can be rebuilt. It contains no
 * secret.
 */
export interface Manifest {
  schema: 1;
  id: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  seed: number;
  runtime: Runtime;
  versions: { ape: string; node: string };
  model: { provider: string; name: string; simulated: boolean };
  agents: number;
  workers: number;
  /** Planned duration of the load in milliseconds; absent for a number of sessions. */
  plannedMs?: number;
  /** Sessions that end the run; absent for a duration. */
  plannedSessions?: number;
  thresholds: Config["thresholds"];
  /** Whether sessions arrive at a rate (open load); absent in runs of earlier versions. */
  arrivals?: boolean;
  /** Configured share of successful sessions whose steps are kept; absent in runs of earlier versions, which keep all. */
  keep?: Config["events"]["keep"];
  /** How the agents were configured to behave, in words. */
  behaviour: Pick<Summary["realism"], "thinkTime" | "personas">;
  /** `proof`: which of its parts its checks prove; absent where that is unknown. */
  goals: readonly { name: string; checks: readonly string[]; proof?: GoalProof }[];
  /** Directory of the configuration, and the configuration as written, secrets masked. */
  configFile: string;
  written: unknown;
}
