import { backoff } from "@ape/core/lib/backoff";
import type { ModelError } from "@ape/core/protocol/chat";
import type { Attribution } from "@ape/core/protocol/outcome";
import type { View } from "@ape/core/protocol/view";
import type { PolicyResult } from "../policy/policy.ts";
import type { SessionOptions } from "./session-options.ts";
import type { SessionEnd, SessionRecorder, StepTimes } from "./session-recorder.ts";

/** How often in a row a model may correct a decision before the session ends. */
const CORRECTIONS = 2;
/** Errors that a retry does not change; an answer that was cut off was already repeated with twice the length. */
const FINAL: ReadonlySet<ModelError["code"]> = new Set(["refused", "cancelled", "length", "budget"]);
/** Answers that the model or a filter declined to give. */
const DECLINED: ReadonlySet<ModelError["code"]> = new Set(["refusal", "filter"]);
/** Retries after errors of the provider, with exponential backoff. */
const RETRIES = 3;
/** The same before the first decision of a session: a model that never answers is not called for long. */
const FIRST_RETRIES = 2;

/** Asks the policy of one session for decisions, repeats the call after errors, and measures the time that this takes. */
export class DecisionMaker {
  readonly #options: SessionOptions;
  readonly #log: SessionRecorder;
  readonly #signal: AbortSignal;
  readonly #seed: number;
  #problem: string | undefined;
  #corrections = 0;
  /** Errors of the provider in a row. */
  #unanswered = 0;
  /** Whether any answer of the model was a decision. */
  #decided = false;
  /** What was wrong with the last answer that was no decision. */
  #fault: ModelError | string | undefined;
  /** Further decisions of the model's last answer. */
  #planned: PolicyResult[] | undefined;
  /** Time spent on the current step's decision, invalid ones included. */
  #decisionMs = 0;
  /** Time that the current step has waited in queues. */
  queueMs = 0;
  /** When the call under way began, or the call that the session's end cut off. */
  #askedAt: number | undefined;
  /** Time spent on all decisions, queues included. */
  #modelMs = 0;
  #cut = false;

  constructor(options: SessionOptions, log: SessionRecorder, signal: AbortSignal) {
    this.#options = options;
    this.#log = log;
    this.#signal = signal;
    this.#seed = Math.floor(options.random() * 0x7fffffff);
  }

  /** What was wrong with the last answer, for the next prompt. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Whether the run's budget allowed no further call of the model. */
  get isOverBudget(): boolean {
    return this.hasProviderFailed && (this.#fault as ModelError).code === "budget";
  }

  /** Whether the last answer that was no decision was an error of the provider. */
  get hasProviderFailed(): boolean {
    return typeof this.#fault === "object";
  }

  /** Why no answer of the model was a decision; undefined where one was, or where none was asked for. */
  get unusableModel(): string | undefined {
    if (this.#decided) return undefined;
    if (typeof this.#fault === "object") return this.#fault.message;
    return (
      this.#fault ?? (this.#askedAt === undefined ? undefined : "no answer came within the session's time")
    );
  }

  /**
   * Whether the session's time passed in waiting for the model: the provider failed, or a call was under way and all
   * calls took most of the time.
   */
  keptWaiting(step: number): boolean {
    if (this.#unanswered > 0) return true;
    if (this.#askedAt === undefined) return false;
    const waitedMs = this.#modelMs + this.#options.clock.now() - this.#askedAt;
    return step === 0 || waitedMs * 2 >= this.#options.goal.budget.time;
  }

  /** How long the call under way has lasted, in milliseconds; 0 where none is. */
  get underwayMs(): number {
    return this.#askedAt === undefined ? 0 : this.#options.clock.now() - this.#askedAt;
  }

  /** The session ends: the time of a call under way counts no more. */
  cutOff(): void {
    this.#cut = true;
  }

  /** The next further decision of the last answer, if one is left. */
  planned(): PolicyResult | undefined {
    return this.#planned?.shift();
  }

  /** Drops further decisions of the last answer: what they were based on has changed. */
  dropPlanned(problem?: string): void {
    this.#planned = undefined;
    if (problem !== undefined) this.#problem = problem;
  }

  /** Asks the policy for the decision of a step. */
  async ask(view: View, step: number, traceparent: string): Promise<PolicyResult> {
    const { policy, session, agent, clock } = this.#options;
    const asked = clock.now();
    this.#askedAt = asked;
    const decided = await policy.decide(view, {
      session,
      step,
      traceparent,
      agent,
      seed: (this.#seed + step + (this.#corrections + this.#unanswered) * 7_919) % 0x7fffffff,
      signal: this.#signal,
    });
    this.#decisionMs += Math.max(0, clock.now() - asked - decided.queueMs);
    this.queueMs += decided.queueMs;
    if (!this.#cut) {
      this.#modelMs += clock.now() - asked;
      this.#askedAt = undefined;
    }
    this.#planned = decided.next;
    return decided;
  }

  /**
   * Records an error of the provider and waits before the next call.
   * @param leftMs of the session's time budget
   * @returns the session's end where no retry is left or can help
   */
  async failed(error: ModelError, leftMs: number): Promise<SessionEnd | undefined> {
    const { code, message } = error;
    const { clock, random } = this.#options;
    this.#fault = error;
    this.#unanswered += 1;
    const waitMs = backoff(this.#unanswered, { base: 750, longest: 45_000, jitter: 2 / 3, random });
    if (code === "budget") return { outcome: "error", reason: message, attribution: "infrastructure" };
    if (code === "context")
      return {
        outcome: "error",
        reason: `the prompt is longer than the model takes: ${message}; lower inference.prompt.maxTokens or inference.maxCompletionTokens, or take a model with a longer context`,
        attribution: "infrastructure",
      };
    if (this.#unanswered > this.#retriesAfter(code) || waitMs >= leftMs)
      return { outcome: "error", reason: `the model failed: ${message}`, attribution: "inference" };
    const began = clock.now();
    await clock.sleep(waitMs, this.#signal);
    this.#decisionMs += clock.now() - began;
    return undefined;
  }

  #retriesAfter(code: ModelError["code"]): number {
    if (FINAL.has(code)) return 0;
    if (DECLINED.has(code)) return CORRECTIONS;
    return this.#decided ? RETRIES : FIRST_RETRIES;
  }

  /** Records an answer that holds no decision. */
  unread(step: number, decided: PolicyResult): SessionEnd | undefined {
    const reason = decided.problem ?? "no decision";
    this.#unanswered = 0;
    this.#fault = reason;
    return this.#correct(step, reason, decided, "inference");
  }

  /** Records that an answer held a decision. */
  read(): void {
    this.#unanswered = 0;
    this.#decided = true;
  }

  /** Records a decision that cannot be carried out. */
  invalid(step: number, reason: string, decided: PolicyResult): SessionEnd | undefined {
    return this.#correct(step, reason, decided, "simulation");
  }

  #correct(
    step: number,
    reason: string,
    decided: PolicyResult,
    attribution: Attribution,
  ): SessionEnd | undefined {
    this.#log.invalid(step, reason, decided);
    this.#corrections += 1;
    this.#planned = undefined;
    this.#problem = reason;
    if (this.#corrections <= CORRECTIONS) return undefined;
    return {
      outcome: "error",
      reason: `${this.#corrections} invalid decisions in a row: ${reason}`,
      attribution,
    };
  }

  /** Ends a step's decision: returns its times, and counts the next step's from zero. */
  accept(): StepTimes {
    const times = { decisionMs: this.#decisionMs, thinkMs: 0, queueMs: this.queueMs };
    this.#corrections = 0;
    this.#problem = undefined;
    this.#decisionMs = 0;
    this.queueMs = 0;
    return times;
  }
}
