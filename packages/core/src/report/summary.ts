import type { Runtime } from "../config/schema.ts";
import type { MetricType, MetricUnit } from "../metrics/metrics.ts";
import type { Statistic } from "../metrics/sink.ts";
import type { Attribution, Outcome } from "../protocol/outcome.ts";

/** How a run ended. `inconclusive`: too few sessions ended, or too many were cut off, for a verdict. */
export type RunStatus = "finished" | "interrupted" | "aborted" | "crashed" | "inconclusive";

/** One metric in the summary, in the form that k6 users parse. */
export interface SummaryMetric {
  type: MetricType;
  unit: MetricUnit;
  values: Partial<Record<Statistic | "passes" | "fails", number>>;
  /** `default`: the threshold applies although the configuration does not name it. */
  thresholds?: Record<string, { ok: boolean; default?: true }>;
}

/** How different the values are that the sessions of one goal used in one field. */
export interface ValueVariety {
  /** Ended sessions that used the field. */
  sessions: number;
  /** Distinct values expected among 100 of these sessions, or among all if there are fewer. */
  distinctPer100: number;
  mostUsed: string;
  /** Share of these sessions that used it. */
  mostUsedShare: number;
}

/** How diverse the paths of one goal's ended sessions are. A path is the sequence of operations that a session sent. */
export interface GoalRealism {
  sessions: number;
  /** Distinct paths expected among 100 sessions drawn from these, or among all if there are fewer. */
  distinctPathsPer100: number;
  /** Shannon's entropy of the paths: 0 if all sessions take the same path. */
  pathEntropyBits: number;
  /** Share of the sessions on the most frequent path. */
  modalShare: number;
  modalPath: string[];
  /** Sessions by their number of actions; `200` represents that many or more. */
  lengths: Record<string, number>;
  /** How often one operation followed another; `(begin)` and `(end)` are the session's. */
  transitions: Record<string, Record<string, number>>;
  /** By path parameter or field that identifies something, those of most sessions first; at most 5. */
  values: Record<string, ValueVariety>;
}

/** Which parts of a goal its checks prove. */
export interface GoalProof {
  /** The parts that change something, in the goal's words; of a goal that changes nothing there are none. */
  parts: string[];
  /** Those that no check proves. */
  unproven: string[];
  /** Those that only the target's own good answer shows: accepted, but not read back. Absent if there are none. */
  accepted?: string[];
  /**
   * What the goal calls the things of its proven parts, and values where nothing describes what takes them, that no check demands. Absent if
   * there are none.
   */
  unchecked?: string[];
}

/** `summary.json`. Everything in it is computed from the events. */
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
    /** Why it ended, in one sentence. */
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
    /** Empty where sessions have no persona. */
    byPersona: Record<string, { started: number; ended: number; succeeded: number; gaveUp: number }>;
  };
  /** How the agents were configured to behave, and how they did. */
  realism: {
    /** The load's think time in words, as configured. */
    thinkTime: string;
    /** Each persona with its think time and patience in words, as configured. */
    personas: { name: string; thinkTime: string; patience: string }[];
    byGoal: Record<string, GoalRealism>;
  };
  /** Cognitive latency: how long agents take for decisions. */
  cognition: {
    /** The limit of `time_to_first_token`, otherwise one second. */
    thresholdMs: number;
    firstTokenP95Ms: number | null;
    /** Share of the decisions that took longer. */
    slowDecisionShare: number | null;
  };
  /** Sessions that did not succeed, by attribution; `unclear` ones have two readings and count against nobody. */
  attribution: Record<Attribution, number>;
  /** The most frequent reasons of sessions that did not succeed, each with an example trace. */
  failures: { attribution: Attribution; reason: string; count: number; trace: string; session: string }[];
  /**
   * The most frequent last words of successful sessions about words of their goals that they did not follow, each with an
   * example trace; absent if there are none.
   */
  remarks?: { goal: string; text: string; count: number; trace: string; session: string }[];
  /** The first session that succeeded, as an example; absent if none did. */
  example?: { goal: string; trace: string; session: string };
  /** By goal, which of its parts its checks prove; absent if no goal changes anything, or in runs of earlier versions. */
  proof?: Record<string, GoalProof>;
  /** Hints for the user, such as fields that the provider refuses; absent if there are none. */
  notices?: string[];
  /**
   * Present if the steps of some successful sessions were not kept. All figures count them; the sessions' starts, ends
   * and checks are in the events.
   */
  events?: {
    /** As configured (`events.keep`). */
    keep: number | "auto";
    /** Successful sessions, and those of them whose steps are kept; sessions with another outcome keep theirs. */
    successful: number;
    withSteps: number;
  };
  /** Actions that were sent and never answered because a process died: APE and the target may differ by these. */
  inFlight: { session: string; trace: string; step: number; target: string; method: string; path: string }[];
  health: {
    saturated: boolean;
    eventLoopDelayP99Ms: number;
    cpuSeconds: number;
    stealPct: number | null;
    rssMaxBytes: number;
    /** Milliseconds for which the message bus of a run in containers did not answer; absent if it always did. */
    busAwayMs?: number;
    /** Milliseconds for which a CPU limit held the process back that it did longest; absent if none ever did. */
    throttledMs?: number;
  };
}
