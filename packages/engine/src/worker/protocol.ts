import type { Environment } from "@ape/core/config/environment";
import type { Config } from "@ape/core/config/schema";
import type { ErrorCode } from "@ape/core/lib/errors";
import type { AggregateSnapshot } from "../aggregate/aggregator.ts";

/** Everything that a worker needs to begin. */
export interface WorkerBoot {
  run: string;
  runDirectory: string;
  /** Paths in the configuration are relative to this. */
  baseDir: string;
  config: Config;
  secrets: readonly string[];
  environment: Environment;
  seed: number;
  worker: number;
  workers: number;
  /** The share of the data rows, where it is another than `worker`: a worker that replaces a dead one takes its rows. */
  share?: number;
  /** Sessions that this worker may start; absent where time ends the run. */
  sessions?: number;
}

/** Engine to worker. */
export type ToWorker =
  | { type: "boot"; boot: WorkerBoot }
  /** How many agents shall run from now on. */
  | { type: "agents"; wanted: number }
  /** An open arrival: a free agent takes a session now. `scheduledAt` is in epoch milliseconds. */
  | { type: "arrive"; scheduledAt: number }
  /** So many US dollars more may be spent on model calls; fewer than were asked for where there are no more. */
  | { type: "budget"; usd: number }
  /** Take no new sessions; running ones may end. */
  | { type: "drain" }
  /** Cut off running sessions. */
  | { type: "cut" };

/** Worker to engine. */
export type FromWorker =
  | { type: "ready"; model: { provider: string; name: string; simulated: boolean } }
  | { type: "failed"; error: { code: ErrorCode; message: string; hint?: string; details: readonly string[] } }
  | { type: "figures"; snapshot: AggregateSnapshot; active: number; waiting: number }
  /** Agents that became free since the last message (open load). */
  | { type: "freed"; count: number }
  /** A session got no answer of the model that is a decision; `reason` is absent where one has got one again. */
  | { type: "model"; reason?: string }
  /** Asks for money for model calls, in US dollars; 0 says that a call was refused for lack of it. */
  | { type: "budget"; usd: number }
  /** No session runs and none will start; every event is on disk. The worker then leaves. */
  | { type: "done"; snapshot: AggregateSnapshot };
