import { offAbort, onAbort } from "@ape/core/lib/abort";
import { backoff } from "@ape/core/lib/backoff";
import { LONGEST_TIMER_MS, toMicros } from "@ape/core/lib/duration";
import { messageOf } from "@ape/core/lib/errors";
import type { ModelError } from "@ape/core/protocol/chat";
import type { ActionRecord } from "@ape/core/protocol/events";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import { traceparent } from "@ape/core/protocol/trace";
import type { Finding } from "../attribution/finding.ts";
import { compileChecks } from "../oracle/check.ts";
import { Oracle } from "../oracle/oracle.ts";
import { Patience } from "../pacing/patience.ts";
import { drawThinkTime } from "../pacing/think-time.ts";
import type { Decision } from "../policy/decision.ts";
import type { PolicyResult } from "../policy/policy.ts";
import { makeCall } from "./call.ts";
import type { ActionDecision } from "./call-rendering.ts";
import type { AbandonReason } from "./recovery.ts";
import { type SessionEnd, SessionLog, type StepTimes } from "./session-log.ts";
import type { SessionOptions, SessionReport } from "./session-options.ts";
import { type ActionOutcome, SessionState } from "./session-state.ts";

/** A model may correct itself so many times before the session ends. */
const CORRECTIONS = 2;
/** Failures that another try does not change; an answer that was cut off was asked for with twice the length already. */
const FINAL: ReadonlySet<ModelError["code"]> = new Set(["refused", "cancelled", "length", "budget"]);
/** Answers that the model or a filter declined to give. */
const DECLINED: ReadonlySet<ModelError["code"]> = new Set(["refusal", "filter"]);
/** A provider that fails is asked again so many times: after half a second, then twice as long each time. */
const RETRIES = 3;

/**
 * Runs one session: one agent's one attempt at one goal. Never rejects: an unexpected exception is an `error` of the
 * infrastructure. A session whose checks all hold when it has ended succeeded, whatever ended it: the goal was reached.
 *
 * Everything is in sequence: a decision, then the think time, then the action. So the time between two actions is the
 * sum of its parts: decisions (invalid ones included), think and wait, and queue.
 */
export async function runSession(options: SessionOptions): Promise<SessionReport> {
  return new Session(options).run();
}

class Session {
  readonly #options: SessionOptions;
  readonly #state: SessionState;
  readonly #log: SessionLog;
  readonly #oracle: Oracle;
  readonly #patience: Patience | undefined;
  readonly #abort = new AbortController();
  readonly #caller: NonNullable<ToolCall["caller"]>;
  readonly #seed: number;
  readonly #startedAt: number;
  /** The step that is on its way. */
  #step = 0;
  #tokens = 0;
  #problem: string | undefined;
  #corrections = 0;
  /** Answers in a row that the provider failed to give. */
  #unanswered = 0;
  /** Whether any answer of the model was a decision. */
  /** An action was handed over to be sent. */
  #sent = false;
  #decided = false;
  /** What was wrong with the last answer that was none. */
  #fault: ModelError | string | undefined;
  /** What the last answer of the model wants done next, unless something surprises. */
  #planned: PolicyResult[] | undefined;
  /** Spent on the decision of the step on its way, invalid ones included. */
  #decisionMs = 0;
  #queueMs = 0;
  /** When the model was asked for the decision that is under way, or that the session's end cut off. */
  #askedAt: number | undefined;
  /** Spent on all decisions, queues included. */
  #modelMs = 0;
  #lastAnswerAt: number | undefined;
  #timedOut = false;
  /** Whether the run or the time budget has ended: what the session's signal says, without asking it at every step. */
  #cut = false;
  #parent = "";
  #parentStep = -1;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { goal, persona, row, apis, origins, clock, secrets } = options;
    const timeMs = goal.budget.time;
    const { prompt } = goal;
    this.#state = new SessionState({
      prompt,
      persona: persona?.prompt,
      row,
      apis,
      origins,
      secrets,
      timeMs,
      clock,
      saturated: options.saturated,
    });
    this.#startedAt = clock.now();
    this.#log = new SessionLog(options, this.#state, this.#startedAt);
    this.#oracle = new Oracle({
      checks: compileChecks(goal, apis[0]?.target ?? ""),
      session: options.session,
      tools: options.tools,
      recorder: options.recorder,
      clock,
      signal: options.signal,
      attach: (call) => {
        this.#trace(call);
        this.#state.credentials.attach(call);
      },
      mask: (text) => this.#state.mask(text),
      read: this.#state.read,
      trace: options.trace,
    });
    if (persona !== undefined) this.#patience = new Patience(persona.patience);
    this.#caller = { session: options.session, agent: options.agent };
    this.#seed = Math.floor(options.random() * 0x7fffffff);
  }

  async run(): Promise<SessionReport> {
    const { goal, signal } = this.#options;
    const cut = (): void => this.#cutOff();
    onAbort(signal, cut);
    if (signal.aborted) cut();
    const budget = setTimeout(
      () => {
        this.#timedOut = true;
        cut();
      },
      Math.min(goal.budget.time, LONGEST_TIMER_MS),
    );
    let ending: SessionEnd | undefined;
    try {
      this.#log.start();
      while (ending === undefined && !this.#over()) {
        ending = this.#spent();
        if (ending === undefined && goal.endWhen === "checks" && this.#step > 0)
          ending = await this.#endByChecks();
        if (ending !== undefined || this.#cut) break;
        const decided = this.#planned?.shift() ?? (await this.#decide());
        if (!this.#over()) ending = await this.#follow(decided);
      }
    } catch (thrown) {
      ending = { outcome: "error", reason: messageOf(thrown), attribution: "infrastructure" };
    }
    clearTimeout(budget);
    if (ending === undefined && this.#timedOut)
      ending = {
        outcome: "time_budget",
        reason: `${goal.budget.time} ms have passed`,
        ...(this.#unanswered > 0 || this.#waitedForModel() ? { attribution: "inference" } : {}),
      };
    try {
      return this.#judgeModel(await this.#end(ending));
    } catch (thrown) {
      return this.#fail(messageOf(thrown));
    } finally {
      offAbort(signal, cut);
    }
  }

  /** Adds to a report what it says of the model. */
  #judgeModel(report: SessionReport): SessionReport {
    if (this.#options.signal.aborted) return report;
    let fault = this.#fault;
    if (typeof fault === "object" && fault.code === "budget") return { ...report, overBudget: true };
    if (fault === undefined && this.#askedAt !== undefined)
      fault = "no answer came within the session's time";
    if (report.outcome === "succeeded") return report;
    if (this.#decided || fault === undefined)
      return this.#sent && typeof this.#fault !== "object" ? report : { ...report, fruitless: true };
    return { ...report, unusableModel: this.#state.mask(typeof fault === "string" ? fault : fault.message) };
  }

  /** Milliseconds of the time budget that are left. */
  #left(): number {
    return this.#options.goal.budget.time - (this.#options.clock.now() - this.#startedAt);
  }

  /** Whether the session's time passed in waiting for the model: a decision was under way, and they took most of it. */
  #waitedForModel(): boolean {
    if (this.#askedAt === undefined) return false;
    const waitedMs = this.#modelMs + this.#options.clock.now() - this.#askedAt;
    return this.#step === 0 || waitedMs * 2 >= this.#options.goal.budget.time;
  }

  #cutOff(): void {
    this.#cut = true;
    this.#abort.abort();
  }

  /** Whether the run or the time budget has ended; a timer that comes late does not let another step begin. */
  #over(): boolean {
    if (!this.#cut && this.#left() <= 0) {
      this.#timedOut = true;
      this.#cutOff();
    }
    return this.#cut;
  }

  /** Why no step is left, or undefined. */
  #spent(): SessionEnd | undefined {
    const { goal, tokenBudget = Number.POSITIVE_INFINITY } = this.#options;
    const { steps } = goal.budget;
    const tokens = goal.budget.tokens === "auto" ? tokenBudget : goal.budget.tokens;
    if (this.#step >= steps) return { outcome: "step_budget", reason: `${steps} steps are used up` };
    if (this.#tokens >= tokens) return { outcome: "token_budget", reason: `${tokens} tokens are used up` };
    const lost = this.#patience?.spent(this.#options.clock.now() - this.#startedAt);
    return lost === undefined ? undefined : gaveUp(lost);
  }

  /** The end of a session whose checks all hold; probes that began are asked once before. */
  async #endByChecks(): Promise<SessionEnd | undefined> {
    const probing = this.#oracle.asked();
    if (probing !== undefined) {
      const began = this.#options.clock.now();
      await Promise.race([probing, aborted(this.#abort.signal)]);
      this.#queueMs += this.#options.clock.now() - began;
    }
    return this.#oracle.holds() ? { outcome: "failed", reason: "every check held" } : undefined;
  }

  async #decide(): Promise<PolicyResult> {
    const { policy, session, agent, clock } = this.#options;
    const step = this.#step + 1;
    const asked = clock.now();
    this.#askedAt = asked;
    const stepsLeft = this.#options.goal.budget.steps - this.#step;
    const decided = await policy.decide(this.#state.view(this.#problem, stepsLeft), {
      session,
      step,
      traceparent: this.#traceparent(step),
      agent,
      seed: (this.#seed + step + (this.#corrections + this.#unanswered) * 7_919) % 0x7fffffff,
      signal: this.#abort.signal,
    });
    this.#decisionMs += Math.max(0, clock.now() - asked - decided.queueMs);
    this.#queueMs += decided.queueMs;
    if (!this.#cut) {
      this.#modelMs += clock.now() - asked;
      this.#askedAt = undefined;
    }
    this.#planned = decided.next;
    return decided;
  }

  /**
   * The provider failed the session: it is asked again after a while, as the budget allows, but not where it refused
   * the request itself.
   */
  async #unansweredBy(error: ModelError): Promise<SessionEnd | undefined> {
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
    const retries = FINAL.has(code) ? 0 : DECLINED.has(code) ? CORRECTIONS : RETRIES;
    if (this.#unanswered > retries || waitMs >= this.#left())
      return { outcome: "error", reason: `the model failed: ${message}`, attribution: "inference" };
    const began = clock.now();
    await clock.sleep(waitMs, this.#abort.signal);
    this.#decisionMs += clock.now() - began;
    return undefined;
  }

  /** @param unread no decision could be read from the answer at all */
  #invalid(step: number, reason: string, decided: PolicyResult, unread = false): SessionEnd | undefined {
    this.#log.invalid(step, reason, decided);
    this.#corrections += 1;
    this.#planned = undefined;
    this.#problem = reason;
    if (this.#corrections <= CORRECTIONS) return undefined;
    return {
      outcome: "error",
      reason: `${this.#corrections} invalid decisions in a row: ${reason}`,
      attribution: unread ? "inference" : "simulation",
    };
  }

  /** What follows from an answer of the policy. A promise only where something has to be waited for. */
  #follow(decided: PolicyResult): Promise<SessionEnd | undefined> | SessionEnd | undefined {
    const { origins } = this.#options;
    const { decision } = decided;
    const step = this.#step + 1;
    this.#tokens += decided.tokens;
    if (decided.error !== undefined) return this.#unansweredBy(decided.error);
    this.#unanswered = 0;
    if (decision === undefined) this.#fault = decided.problem ?? "no decision";
    else this.#decided = true;
    if (decision === undefined) return this.#invalid(step, decided.problem ?? "no decision", decided, true);
    let call: ToolCall | undefined;
    if (decision.kind === "action") {
      const { target, path } = decision;
      const label = this.#state.linkText(target, path);
      if (label !== undefined) decision.label = label;
      const made = makeCall(
        decision,
        origins[target],
        this.#state.valuesFor(target),
        this.#state.forms(target),
      );
      if (typeof made === "string") return this.#invalid(step, made, decided);
      call = made;
    }
    const times: StepTimes = { decisionMs: this.#decisionMs, thinkMs: 0, queueMs: this.#queueMs };
    this.#step = step;
    this.#corrections = 0;
    this.#problem = undefined;
    this.#decisionMs = 0;
    this.#queueMs = 0;
    if (decision.kind === "action" && call !== undefined)
      return this.#act(step, decision, call, decided, times);
    if (decision.kind === "wait") return this.#wait(step, decision, decided, times);
    if (decision.kind === "find_operations") {
      const { words } = decision;
      this.#state.noteFound(words, this.#options.findOperations?.(words) ?? "All operations are listed.");
      // What else was planned was decided without knowing what is found.
      this.#planned = undefined;
    }
    if (decision.kind === "show_more") {
      this.#problem = this.#state.showMore(decision.from);
      this.#planned = undefined;
    }
    const gained = decision.kind === "state_update" ? this.#state.note(decision.set, `step ${step}`) : [];
    this.#log.step(step, decision, decided, times, gained);
    return decision.kind === "finish"
      ? { outcome: "failed", reason: `finished: ${decision.reason}` }
      : undefined;
  }

  async #wait(
    step: number,
    decision: Decision & { kind: "wait" },
    decided: PolicyResult,
    times: StepTimes,
  ): Promise<undefined> {
    const { clock } = this.#options;
    const began = clock.now();
    await clock.sleep(Math.min(decision.ms, this.#left()), this.#abort.signal);
    times.thinkMs = clock.now() - began;
    this.#log.step(step, decision, decided, times, []);
  }

  /** The header of a step, made once. */
  #traceparent(step: number): string {
    if (this.#parentStep !== step) {
      this.#parent = traceparent(this.#options.trace, step);
      this.#parentStep = step;
    }
    return this.#parent;
  }

  #trace(call: ToolCall): void {
    const headers = call.headers ?? {};
    headers.traceparent = this.#traceparent(this.#step);
    call.headers = headers;
  }

  async #act(
    step: number,
    decision: ActionDecision,
    call: ToolCall,
    decided: PolicyResult,
    times: StepTimes,
  ): Promise<SessionEnd | undefined> {
    const { clock, random, signal, thinkTime, tools } = this.#options;
    const thought = clock.now();
    const think = Math.max(drawThinkTime(thinkTime, random), this.#state.recovery.takeWait());
    if (think > 0) await clock.sleep(Math.min(think, this.#left()), this.#abort.signal);
    times.thinkMs = clock.now() - thought;
    const probing = this.#oracle.asked();
    if (probing !== undefined) {
      await Promise.race([probing, aborted(this.#abort.signal)]);
      times.queueMs += clock.now() - thought - times.thinkMs;
    }
    if (this.#over()) return undefined;
    this.#trace(call);
    this.#state.credentials.attach(call);
    call.caller = this.#caller;
    this.#log.intend(step, call, decision.path);
    this.#sent = true;
    const sent = clock.now();
    if (this.#lastAnswerAt !== undefined) times.betweenMs = sent - this.#lastAnswerAt;
    const result = await tools.call(call, this.#abort.signal);
    // Cut off by the end of the run: nobody knows what became of it, so it stays an intent without a step.
    if (result.error?.code === "cancelled" && signal.aborted) return undefined;
    this.#lastAnswerAt = clock.now();
    times.durationMs = this.#lastAnswerAt - sent;
    return this.#take(step, decision, call, result, decided, times);
  }

  /**
   * Learns from an answer, records it, and shows it to the oracle. A promise only where a failed action needs a
   * verification read.
   */
  #take(
    step: number,
    decision: ActionDecision,
    call: ToolCall,
    result: ToolResult,
    decided: PolicyResult,
    times: StepTimes,
  ): Promise<SessionEnd | undefined> | SessionEnd | undefined {
    this.#options.verification?.countAction();
    const outcome = this.#state.take(step, decision, call, result, times.durationMs ?? 0);
    if (outcome.loggedIn) this.#oracle.credentialsChanged();
    const { finding } = outcome;
    if (finding?.verify === undefined)
      return this.#keep(step, decision, call, result, decided, times, outcome, finding);
    const { verify } = finding;
    const began = this.#options.clock.now();
    return this.#oracle.verify(step, verify, this.#options.verification, this.#abort.signal).then((found) => {
      // The next action waits for the read, in a queue of APE's.
      this.#queueMs += this.#options.clock.now() - began;
      if (found !== undefined) this.#state.settle(step, found);
      return this.#keep(step, decision, call, result, decided, times, outcome, found ?? finding);
    });
  }

  #keep(
    step: number,
    decision: ActionDecision,
    call: ToolCall,
    result: ToolResult,
    decided: PolicyResult,
    times: StepTimes,
    { evidence, gained, givesUp }: ActionOutcome,
    finding: Finding | undefined,
  ): SessionEnd | undefined {
    const durationMs = times.durationMs ?? 0;
    const attribution = finding?.attribution;
    if (attribution !== undefined || result.status >= 300) this.#planned = undefined;
    const action: ActionRecord = {
      target: call.target,
      operation: this.#state.hide(result.operation),
      method: call.method,
      path: this.#log.path(decision.path),
      status: result.status,
      durationMs: toMicros(durationMs),
      timing: result.timing,
      attempts: result.attempts,
      failed: attribution !== undefined,
    };
    if (result.error !== undefined) action.error = result.error;
    if (finding !== undefined) {
      action.attribution = finding.attribution;
      if (finding.because !== "") action.because = finding.because;
    }
    if (evidence !== undefined) Object.assign(action, evidence);
    this.#log.step(step, decision, decided, times, gained, action);
    this.#patience?.note(attribution !== undefined, durationMs);
    this.#oracle.observe(step, call.target, result);
    const { breach } = this.#oracle;
    if (breach !== undefined)
      return { outcome: "failed", reason: breach.reason, attribution: breach.attribution };
    return givesUp === undefined ? undefined : gaveUp(givesUp);
  }

  async #end(ending: SessionEnd | undefined): Promise<SessionReport> {
    const checks = ending === undefined ? [] : await this.#oracle.verdict(this.#step);
    const held = checks.every((check) => check.held);
    if (ending === undefined || (this.#options.signal.aborted && !held)) return this.#log.interrupt();
    if (held) return this.#log.end({ outcome: "succeeded", reason: "every check holds" }, checks);
    if (ending.attribution !== undefined) return this.#log.end(ending, checks);
    const { attribution, reason, step } = this.#state.blame(ending.outcome, this.#oracle.unmet());
    const why = ending.outcome === "gave_up" ? `${ending.reason}: ${reason}` : reason;
    return this.#log.end({ outcome: ending.outcome, reason: why, attribution }, checks, step);
  }

  /** The last resort: the oracle or the recorder itself failed. */
  #fail(reason: string): SessionReport {
    try {
      return this.#log.end({ outcome: "error", reason, attribution: "infrastructure" }, []);
    } catch {
      return this.#log.report("error");
    }
  }
}

function gaveUp({ reason, byTarget }: AbandonReason): SessionEnd {
  return byTarget ? { outcome: "gave_up", reason, attribution: "target" } : { outcome: "gave_up", reason };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else onAbort(signal, resolve);
  });
}
