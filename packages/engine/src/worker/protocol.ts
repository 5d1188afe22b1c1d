import type { Environment } from "@ape/core/config/environment";
import type { Config } from "@ape/core/config/schema";
import type { ErrorCode } from "@ape/core/lib/errors";
import type { AggregateSnapshot } from "../aggregate/aggregator.ts";
import type { ReportSnapshot } from "../report/report-builder.ts";

/** Start configuration of a worker. */
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
  /** The part of the data rows, if it is not `worker`: a worker that replaces a dead one takes its rows. */
  share?: number;
  /** Sessions that this worker may start; absent if time ends the run. */
  sessions?: number;
  /** Bytes of events per second that the worker may send, where not all of them are sent. */
  eventBytesPerSecond?: number;
  /** Whether the worker sends snapshots of its report, for the page of the running run. */
  report?: true;
}

/** Messages from the engine to a worker. */
export type ToWorker =
  | { type: "boot"; boot: WorkerBoot }
  /** Number of agents to run from now on. */
  | { type: "agents"; wanted: number }
  /** An open arrival: a free agent takes a session now. `scheduledAt` is in epoch milliseconds. */
  | { type: "arrive"; scheduledAt: number }
  /** US dollars that may be spent on model calls in addition; less than requested if there are no more. */
  | { type: "budget"; usd: number }
  /** Credentials that answers to `setup` issued: sessions hide them like those of the configuration. */
  | { type: "secrets"; secrets: readonly string[] }
  /** Start no new sessions; running ones may end. */
  | { type: "drain" }
  /** Cut off running sessions. */
  | { type: "cut" };

/** Messages from a worker to the engine. */
export type FromWorker =
  | { type: "ready"; model: { provider: string; name: string; simulated: boolean } }
  | { type: "failed"; error: { code: ErrorCode; message: string; hint?: string; details: readonly string[] } }
  | {
      type: "figures";
      snapshot: AggregateSnapshot;
      active: number;
      waiting: number;
      report?: ReportSnapshot;
    }
  /** Agents that became free since the last message (open load). */
  | { type: "freed"; count: number }
  /** A session got no decision from the model; `reason` is absent if one has got a decision again. */
  | { type: "model"; reason?: string }
  /** Requests money for model calls, in US dollars; 0 reports that a call was refused for lack of it. */
  | { type: "budget"; usd: number }
  /** No session runs and none will start; every event is on disk. The worker then exits. */
  | { type: "done"; snapshot: AggregateSnapshot; report?: ReportSnapshot };
