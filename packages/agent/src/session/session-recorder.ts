import type { Clock } from "@ape/core/lib/clock";
import { toMicros } from "@ape/core/lib/duration";
import type { ActionRecord, CheckVerdict, Recorder, StepEnded } from "@ape/core/protocol/events";
import type { Attribution, Outcome } from "@ape/core/protocol/outcome";
import type { ToolCall } from "@ape/core/protocol/tool-call";
import { remarkIn } from "@ape/core/report/remark-text";
import type { Decision } from "../policy/decision.ts";
import type { PolicyResult } from "../policy/policy.ts";
import type { SessionOptions, SessionReport } from "./session-options.ts";
import type { SessionState } from "./session-state.ts";

const MAX_PATH = 400;
/** A call of the model that lasted this long when its session was cut off is why the session did not end. */
const LONG_CALL_MS = 10_000;
const LONG_CALL = `sessions were cut off while a call of the model had been without an answer for more than ${LONG_CALL_MS / 1_000} s: \`ape-test doctor --model\` makes one call; \`inference.timeouts.firstByte\` bounds the wait`;

/** How a session ends. */
export interface SessionEnd {
  outcome: Outcome;
  reason: string;
  attribution?: Attribution;
  /** What the policy itself said at the end of a successful session. */
  lastWords?: string;
}

/** What each part of a step took, in milliseconds. */
export interface StepTimes {
  decisionMs: number;
  thinkMs: number;
  queueMs: number;
  durationMs?: number;
  betweenMs?: number;
}

/** Writes the events of one session; no secret that the session knows is in them. */
export class SessionRecorder {
  readonly #options: SessionOptions;
  readonly #recorder: Recorder;
  readonly #clock: Clock;
  readonly #state: SessionState;
  readonly #startedAt: number;
  /** The last step that was written. */
  #steps = 0;

  constructor(options: SessionOptions, state: SessionState, startedAt: number) {
    this.#options = options;
    this.#recorder = options.recorder;
    this.#clock = options.clock;
    this.#state = state;
    this.#startedAt = startedAt;
  }

  start(): void {
    const { session, trace, agent, goal, persona, row, startDelayMs, waitedMs } = this.#options;
    this.#recorder.record({
      type: "session_started",
      at: this.#clock.epoch(),
      session,
      trace,
      agent,
      goal: goal.name,
      ...(persona === undefined ? {} : { persona: persona.name }),
      ...(row?.index === undefined ? {} : { row: row.index }),
      ...(startDelayMs === undefined ? {} : { startDelayMs }),
      ...(waitedMs === undefined ? {} : { waitedMs }),
    });
  }

  invalid(step: number, reason: string, decided: PolicyResult): void {
    this.#recorder.record({
      type: "decision_invalid",
      at: this.#clock.epoch(),
      session: this.#options.session,
      step,
      reason: this.#state.mask(reason),
      ...(decided.inference === undefined ? {} : { inference: decided.inference }),
    });
  }

  /** Records a call before it is sent; on disk before that, unless it only reads. */
  intend(step: number, { target, method }: ToolCall, path: string): void {
    const intent = {
      type: "action_sent",
      at: this.#clock.epoch(),
      session: this.#options.session,
      step,
      target,
      method,
      path: this.path(path),
    } as const;
    if (method === "GET") this.#recorder.record(intent);
    else this.#recorder.commit(intent);
  }

  /** A path as events show it. */
  path(path: string): string {
    return this.#state.hide(path).slice(0, MAX_PATH);
  }

  step(
    step: number,
    { tool, args, repairs }: Decision,
    decided: PolicyResult,
    times: StepTimes,
    gained: readonly string[],
    action?: ActionRecord,
  ): void {
    this.#steps = step;
    const event: StepEnded = {
      type: "step",
      at: this.#clock.epoch(),
      session: this.#options.session,
      step,
      source: "model",
      tool,
      args: this.#state.hide(args),
      decisionMs: toMicros(times.decisionMs),
      thinkMs: toMicros(times.thinkMs),
      queueMs: toMicros(times.queueMs),
    };
    if (decided.inference !== undefined) event.inference = decided.inference;
    if (repairs !== undefined) event.repairs = repairs;
    if (times.betweenMs !== undefined) event.betweenMs = toMicros(times.betweenMs);
    if (action !== undefined) event.action = action;
    if (gained.length > 0) event.gained = gained;
    this.#recorder.record(event);
  }

  /**
   * The end of the run cut the session off.
   * @param modelMs how long a call of the model had been under way
   */
  interrupt(modelMs: number): SessionReport {
    if (modelMs >= LONG_CALL_MS)
      this.#recorder.record({
        type: "log",
        at: this.#clock.epoch(),
        level: "warn",
        part: "agents",
        message: LONG_CALL,
        notice: true,
      });
    const report = this.report(undefined);
    const { steps, durationMs } = report;
    this.#recorder.record({
      type: "session_interrupted",
      at: this.#clock.epoch(),
      session: this.#options.session,
      goal: this.#options.goal.name,
      steps,
      durationMs,
    });
    return report;
  }

  end(ending: SessionEnd, checks: readonly CheckVerdict[], decidedBy?: number): SessionReport {
    const { outcome, reason, attribution, lastWords = "" } = ending;
    const remark = remarkIn(this.#state.mask(lastWords));
    const { session, goal, persona } = this.#options;
    const report = this.report(outcome);
    this.#recorder.record({
      type: "session_ended",
      at: this.#clock.epoch(),
      session,
      goal: goal.name,
      ...(persona === undefined ? {} : { persona: persona.name }),
      outcome,
      reason: this.#state.mask(reason),
      ...(attribution === undefined ? {} : { attribution }),
      ...(decidedBy === undefined ? {} : { decidedBy }),
      ...(remark === undefined ? {} : { remark }),
      steps: report.steps,
      durationMs: report.durationMs,
      checks,
    });
    return report;
  }

  report(outcome: Outcome | undefined): SessionReport {
    const durationMs = toMicros(this.#clock.now() - this.#startedAt);
    return { outcome, steps: this.#steps, durationMs };
  }
}
