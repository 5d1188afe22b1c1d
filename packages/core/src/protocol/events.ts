import type { Json } from "../lib/json.ts";
import type { Attribution, Outcome } from "./outcome.ts";
import type { Repair } from "./repair.ts";
import type { Attempt, Timing, TransportError } from "./tool-call.ts";

/** Every event carries the moment it happened: milliseconds since 1970, from a clock that never steps back. */
interface At {
  at: number;
}

export interface RunStarted extends At {
  type: "run_started";
  run: string;
  seed: number;
}

export interface RunEnded extends At {
  type: "run_ended";
  status: "finished" | "interrupted" | "aborted" | "crashed";
  reason: string;
  /** The error that ended it, if its exit differs from that of the status. */
  error?: "MODEL_UNUSABLE";
}

/**
 * Agents of one worker that run sessions, wait for a data row, or are idle in the pool; written on change, at most ten
 * times per second.
 */
export interface AgentsChanged extends At {
  type: "agents";
  worker: number;
  active: number;
  waiting: number;
}

export interface SessionStarted extends At {
  type: "session_started";
  session: string;
  trace: string;
  agent: string;
  goal: string;
  persona?: string;
  /** Index of the data row, counted from 0. */
  row?: number;
  /** Open arrivals only: milliseconds between the scheduled instant and the start. */
  startDelayMs?: number;
  /** Milliseconds that the session waited for a data row of its own. */
  waitedMs?: number;
}

/** An arrival that found no free agent. */
export interface SessionDropped extends At {
  type: "session_dropped";
}

/** An action about to be sent: on disk before the request is, so that a crash leaves no unknown write behind. */
export interface ActionSent extends At {
  type: "action_sent";
  session: string;
  step: number;
  target: string;
  method: string;
  path: string;
}

/** What reached (or was meant to reach) a target in a step. */
export interface ActionRecord {
  target: string;
  operation: string;
  method: string;
  path: string;
  status: number;
  /** Agent to answer, milliseconds. */
  durationMs: number;
  timing: Timing;
  attempts: readonly Attempt[];
  failed: boolean;
  error?: TransportError;
  /** Of a failed action only. */
  attribution?: Attribution;
  /** For a failed action: the reason of the attribution in one clause; both readings if it is unclear. */
  because?: string;
  /** Of a failed action only: bounded, secrets masked. */
  request?: string;
  response?: string;
}

/** One decision, its call and its result. */
export interface StepEnded extends At {
  type: "step";
  session: string;
  step: number;
  /** Where the decision came from. */
  source: "model";
  tool: string;
  /** Arguments as decided: bounded, secrets as placeholders. */
  args: Json;
  inference?: string;
  /** How the answer had to be put right before it was a decision. */
  repairs?: readonly Repair[];
  decisionMs: number;
  thinkMs: number;
  queueMs: number;
  /** Last byte of the last answer until this call was handed over; absent for first actions. */
  betweenMs?: number;
  action?: ActionRecord;
  /** Names of the state that this step added or changed. */
  gained?: readonly string[];
}

/** A model answer that was no valid decision. */
export interface DecisionInvalid extends At {
  type: "decision_invalid";
  session: string;
  step: number;
  reason: string;
  inference?: string;
}

/** One call of a model, emitted by the inference proxy alone. */
export interface InferenceEnded extends At {
  type: "inference";
  inference: string;
  session: string;
  step: number;
  provider: string;
  model: string;
  streamed: boolean;
  /** Status of the last attempt; 0 without an answer. */
  status: number;
  attempts: number;
  queueMs: number;
  /** Sending upstream until the first content or tool-call delta; streamed calls only. */
  firstTokenMs?: number;
  /** Sending upstream until the first delta of reasoning; streamed calls of models that show it. */
  firstReasoningMs?: number;
  /** Sending upstream until the last byte, last attempt. */
  durationMs: number;
  inputTokens: number;
  outputTokens: number;
  /** Part of `inputTokens`; absent if the provider does not report it. */
  cachedTokens?: number;
  /** Part of `outputTokens`; absent if the provider does not report it. */
  reasoningTokens?: number;
  /** The provider's own time for the answer, by its own clock; absent if it does not report it. */
  providerMs?: number;
  costUsd: number;
  /** Messages and answer as JSON, bounded and with secrets masked; only with `logPrompts`. */
  prompt?: string;
  answer?: string;
  error?: string;
}

/** A request of the oracle itself. */
export interface ProbeSent extends At {
  type: "probe";
  session: string;
  check: number;
  operation: string;
  status: number;
  durationMs: number;
  held: boolean;
  evidence: string;
}

/** A read that the oracle made right after a failed action, to see who caused the failure. */
export interface VerificationRead extends At {
  type: "verification";
  session: string;
  /** Step of the failed action. */
  step: number;
  target: string;
  operation: string;
  status: number;
  durationMs: number;
  /** What the read showed of the failed action. */
  attribution: Attribution;
  evidence: string;
}

/** A check that began to hold. */
export interface CheckHeld extends At {
  type: "check";
  session: string;
  check: number;
  step: number;
  evidence: string;
}

export interface CheckVerdict {
  /** `action POST /orders`, `probe GET /orders/{order}`. */
  label: string;
  held: boolean;
  evidence: string;
}

export interface SessionEnded extends At {
  type: "session_ended";
  session: string;
  goal: string;
  persona?: string;
  outcome: Outcome;
  /** Why, in one sentence, with the deciding evidence. */
  reason: string;
  /** Of a session that did not succeed. */
  attribution?: Attribution;
  /** Step that decided the attribution. */
  decidedBy?: number;
  /** Of a successful session: what it said at its end of words of the goal that it did not follow. */
  remark?: string;
  steps: number;
  durationMs: number;
  checks: readonly CheckVerdict[];
}

/** A session that the end of the run cut off: it has no outcome. */
export interface SessionInterrupted extends At {
  type: "session_interrupted";
  session: string;
  goal: string;
  steps: number;
  durationMs: number;
}

/** Health of one process of the generator over the last second. */
export interface HealthSampled extends At {
  type: "health";
  /** `engine`, or `agents-0`, `agents-1`... */
  part: string;
  /** 99th percentile of event-loop delay, the monitor's resolution subtracted. */
  eventLoopDelayP99Ms: number;
  /** Share of one core, 0 to 1. */
  cpu: number;
  /** CPU seconds since the process began. */
  cpuSeconds: number;
  rssBytes: number;
  /** Stolen CPU of the machine in percent; absent if the system does not report it. */
  stealPct?: number;
  /** Milliseconds for which a CPU limit held the process back since the last sample; absent if there is no such time. */
  throttledMs?: number;
}

/** The message bus of a run in containers answers again; agents could not store what they did, and waited. */
export interface BusOutage extends At {
  type: "bus_outage";
  /** Milliseconds for which it did not answer. */
  durationMs: number;
}

/** An action of `setup` or `teardown`. */
export interface HookEnded extends At {
  type: "hook";
  phase: "setup" | "teardown";
  operation: string;
  status: number;
  durationMs: number;
  error?: string;
}

/** A sentence for `ape-test logs`: a worker that died, a threshold that aborted the run, a drain. */
export interface LogWritten extends At {
  type: "log";
  level: "info" | "warn" | "error";
  part: string;
  message: string;
  /** Set for a notice of the run's summary: something that the user may want to change. */
  notice?: true;
  /** Set where a report marks the moment on its time axis; warnings and errors are marked as faults without it. */
  mark?: "scale" | "stop" | "limit";
}

/** The one stream that every result is computed from. */
export type Event =
  | RunStarted
  | RunEnded
  | AgentsChanged
  | SessionStarted
  | SessionDropped
  | ActionSent
  | StepEnded
  | DecisionInvalid
  | InferenceEnded
  | ProbeSent
  | VerificationRead
  | CheckHeld
  | SessionEnded
  | SessionInterrupted
  | HealthSampled
  | BusOutage
  | HookEnded
  | LogWritten;

/** Where events go. */
export interface Recorder {
  /** Keeps an event; it is on disk within 200 ms. */
  record(event: Event): void;
  /** Keeps an event and has it in the operating system's hands before it returns (intents of writing calls). */
  commit(event: Event): void;
}
