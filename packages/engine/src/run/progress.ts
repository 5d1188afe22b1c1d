import type { ApeError, ExitName } from "@ape/core/lib/errors";
import type { Summary } from "./summary.ts";

/** The progress report of a running run; once per second. */
export interface RunProgress {
  run: string;
  phase: "starting" | "running" | "draining" | "ended";
  elapsedMs: number;
  /** 0 to 1 of the planned time or sessions. */
  done: number;
  /** Milliseconds until the planned end; absent if a number of sessions ends the run. */
  leftMs?: number;
  agentsActive: number;
  agentsWaiting: number;
  agentsWanted: number;
  sessions: { started: number; ended: number; succeeded: number; dropped: number };
  actions: number;
  /** In the last second. */
  actionsPerSecond: number;
  actionsFailed: number;
  /** Of the whole run so far, in milliseconds; absent without data. */
  actionMedianMs?: number;
  actionP95Ms?: number;
  betweenAvgMs?: number;
  decisionAvgMs?: number;
  firstTokenP95Ms?: number;
  tokensInput: number;
  tokensOutput: number;
  costUsd: number;
  decisionsInvalid: number;
  thresholds: { metric: string; expression: string; ok: boolean; actual?: number }[];
  saturated: boolean;
  workers: { pid: number; agents: number }[];
}

/** A run that is running in this process. */
export interface RunHandle {
  readonly id: string;
  readonly directory: string;
  /** Calls back once per second, at every change of phase, and at the end. */
  onProgress(listener: (progress: RunProgress) => void): void;
  progress(): RunProgress;
  /** Takes no new sessions, lets running ones end within `gracefulStop`; the run is then interrupted. */
  stop(): void;
  /** Cuts everything off at once; recorded events are kept and summed up. */
  kill(): void;
  /** Changes the number of agents of a closed load from now on; the pool of an open one. */
  scale(agents: number): void;
  /** Resolves when the summary is written. Rejects with an ApeError only if nothing could be kept. */
  readonly finished: Promise<RunResult>;
}

export interface RunResult {
  summary: Summary;
  exit: ExitName;
  directory: string;
  /** The failure, if something failed; the results are kept even so. */
  failure?: ApeError;
}
