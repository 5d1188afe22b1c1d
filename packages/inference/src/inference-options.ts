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
  /** Names the forward proxies on the way to the provider. */
  env?: Environment;
  /** Decides the simulated model's answers, in place of APE's own planner. */
  planner?: Planner;
  /** What `keyFile` is relative to; the working directory where left out. */
  baseDir?: string;
  /** Money for calls that several processes share; without it each has an equal part of `maxCost`. */
  budget?: CostBudget;
  /** Processes that share the provider's limits, each taking an equal part; 1 where left out. */
  workers?: number;
  /** What no message and no logged prompt may hold, besides the provider's keys. */
  secrets?: readonly string[];
  /** Begins every inference id, so that several processes do not clash; `i` where left out. */
  prefix?: string;
  /** Called once per call, beside the recorder. */
  log?: CallLog;
}
