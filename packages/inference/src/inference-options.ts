import type { Environment } from "@ape/core/config/environment";
import type { InferenceConfig } from "@ape/core/config/inference";
import type { Clock } from "@ape/core/lib/clock";
import type { Recorder } from "@ape/core/protocol/events";
import type { Planner } from "@ape/planner/planner";
import type { CostBudget } from "./limits/cost-budget.ts";
import type { CallLog } from "./server/call-service.ts";

export interface InferenceOptions {
  config: InferenceConfig;
  clock: Clock;
  recorder: Recorder;
  /** The forward proxies between this process and the provider. */
  env?: Environment;
  /** Decides the simulated model's answers, in place of APE's own planner. */
  planner?: Planner;
  /** Base directory of `keyFile`; the working directory by default. */
  baseDir?: string;
  /** The cost budget that several processes share; without it each has an equal part of `maxCost`. */
  budget?: CostBudget;
  /** Number of processes that share the provider's limits, each with an equal part; 1 by default. */
  workers?: number;
  /** Values that no message and no logged prompt may contain, besides the provider's keys. */
  secrets?: readonly string[];
  /** Prefix of every inference id, so that ids of several processes differ; `i` by default. */
  prefix?: string;
  /** Called once per call, beside the recorder. */
  log?: CallLog;
}
