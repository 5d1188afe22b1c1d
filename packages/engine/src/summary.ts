import type { Runtime } from "@ape/core/config/schema";
import type { MetricType, MetricUnit } from "@ape/core/metrics";
import type { Attribution, Outcome } from "@ape/core/outcome";
import type { Statistic } from "@ape/core/sink";

/** How a run ended. `inconclusive`: too little ended, or too much was cut off, for a verdict. */
export type RunStatus = "finished" | "interrupted" | "aborted" | "crashed" | "inconclusive";

/** One metric in the summary, in the form that k6 users parse. */
export interface SummaryMetric {
  type: MetricType;
  unit: MetricUnit;
  values: Partial<Record<Statistic | "passes" | "fails", number>>;
  thresholds?: Record<string, { ok: boolean }>;
}

/** `summary.json` (DESIGN section 7). Everything in it is computed from the events. */
export interface Summary {
  schema: 1;
  run: {
    id: string;
    startedAt: string;
    durationMs: number;
    seed: number;
    runtime: Runtime;
    model: { provider: string; name: string; simulated: boolean };
    agents: number;
    status: RunStatus;
    /** Why it ended as it did, one sentence. */
    reason: string;
    exitCode: number;
  };
  /** By metric name, and by selector (`action_duration{operation:"POST /orders"}`) for thresholds and the breakdown by operation. */
  metrics: Record<string, SummaryMetric>;
  sessions: {
    started: number;
    ended: number;
    succeeded: number;
    interrupted: number;
    dropped: number;
    byOutcome: Record<Outcome, number>;
    byGoal: Record<string, { started: number; ended: number; succeeded: number }>;
  };
  /** Sessions that did not succeed, by whose fault it was. */
  attribution: Record<Attribution, number>;
  /** The commonest reasons of sessions that did not succeed, each with a trace to look at. */
  failures: { attribution: Attribution; reason: string; count: number; trace: string; session: string }[];
  /** Actions that were sent and never answered because a process died: APE and the target may differ by these. */
  inFlight: { session: string; trace: string; step: number; target: string; method: string; path: string }[];
  health: {
    saturated: boolean;
    eventLoopDelayP99Ms: number;
    cpuSeconds: number;
    stealPct: number | null;
    rssMaxBytes: number;
  };
}
