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
