import type { Attribution } from "../protocol/outcome.ts";

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
  /** Operations with the highest 95th percentile, the slowest first; at most three. */
  slowest?: { operation: string; p95Ms: number; count: number }[];
  /** Operations with the most failed actions; at most three. */
  failing?: { operation: string; failed: number; count: number }[];
  /** The most frequent reason why sessions did not succeed. */
  commonestFailure?: { attribution: Attribution; reason: string; count: number };
  saturated: boolean;
  workers: { pid: number; agents: number }[];
}
