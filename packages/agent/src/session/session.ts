import { offAbort, onAbort } from "@ape/core/lib/abort";
import { LONGEST_TIMER_MS, toMicros } from "@ape/core/lib/duration";
import { messageOf } from "@ape/core/lib/errors";
import type { ActionRecord } from "@ape/core/protocol/events";
import { isPlainLabel } from "@ape/core/protocol/form-label";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import { traceparent } from "@ape/core/protocol/trace";
import type { AttributionFinding } from "../attribution/finding.ts";
import { compileChecks } from "../oracle/check.ts";
import { Oracle } from "../oracle/oracle.ts";
import { Patience } from "../pacing/patience.ts";
import { drawThinkTime } from "../pacing/think-time.ts";
import type { Decision } from "../policy/decision.ts";
import type { PolicyResult } from "../policy/policy.ts";
import { shallowAnswer } from "../transports/shallow-answer.ts";
import { makeCall } from "./call.ts";
import type { ActionDecision } from "./call-rendering.ts";
import { DecisionMaker } from "./decision-maker.ts";
import type { AbandonReason } from "./recovery.ts";
import type { SessionOptions, SessionReport } from "./session-options.ts";
import { type SessionEnd, SessionRecorder, type StepTimes } from "./session-recorder.ts";
import { type ActionOutcome, SessionState } from "./session-state.ts";

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

/** Share of a time budget that calls may have waited for the store of events before the store is why it was used up. */
const HELD_SHARE = 0.1;
/** Before what the model said as it ended the session. */
const FINISHED = "finished: ";

class Session {
  readonly #options: SessionOptions;
  readonly #state: SessionState;
  readonly #log: SessionRecorder;
  readonly #oracle: Oracle;
  readonly #decisions: DecisionMaker;
  readonly #patience: Patience | undefined;
  readonly #abort = new AbortController();
  readonly #caller: NonNullable<ToolCall["caller"]>;
  readonly #startedAt: number;
  /** The current step. */
  #step = 0;
  #tokens = 0;
  /** An action was sent, or is being sent. */
  #sent = false;
  #lastAnswerAt: number | undefined;
  #timedOut = false;
  /** Milliseconds in which calls waited for the store of events. */
  #heldMs = 0;
  /**
   * Whether the run or the time budget has ended: a copy of the signal's state, which is cheaper to read at every step.
   */
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
    this.#log = new SessionRecorder(options, this.#state, this.#startedAt);
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
    if (persona !== undefined) this.#patience = new Patience(persona.patience, options.leavesAfter);
    this.#caller = { session: options.session, agent: options.agent };
    this.#decisions = new DecisionMaker(options, this.#log, this.#abort.signal);
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
        const decided = this.#decisions.planned() ?? (await this.#decide());
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
        ...(this.#decisions.keptWaiting(this.#step)
          ? { attribution: "inference" }
          : this.#heldMs > goal.budget.time * HELD_SHARE
            ? { attribution: "infrastructure" }
            : {}),
      };
    try {
      return this.#judgeModel(await this.#end(ending));
    } catch (thrown) {
      return this.#fail(messageOf(thrown));
    } finally {
      offAbort(signal, cut);
    }
  }

  /** Adds to a report what the session shows about the model. */
  #judgeModel(report: SessionReport): SessionReport {
    if (this.#options.signal.aborted) return report;
    if (this.#decisions.isOverBudget) return { ...report, overBudget: true };
    if (report.outcome === "succeeded") return report;
    const unusable = this.#decisions.unusableModel;
    if (unusable !== undefined) return { ...report, unusableModel: this.#state.mask(unusable) };
    return this.#sent && !this.#decisions.hasProviderFailed ? report : { ...report, fruitless: true };
  }

  #decide(): Promise<PolicyResult> {
    const step = this.#step + 1;
    const stepsLeft = this.#options.goal.budget.steps - this.#step;
    const view = this.#state.view(this.#decisions.problem, stepsLeft);
    return this.#decisions.ask(view, step, this.#traceparent(step));
  }

  /** Milliseconds of the time budget that are left. */
  #left(): number {
    return this.#options.goal.budget.time - (this.#options.clock.now() - this.#startedAt);
  }

  #cutOff(): void {
    this.#cut = true;
    this.#decisions.cutOff();
    this.#abort.abort();
  }

  /**
   * Whether the run or the time budget has ended; checks the clock too, so that a late timer does not let another step
   * begin.
   */
  #over(): boolean {
    if (!this.#cut && this.#left() <= 0) {
      this.#timedOut = true;
      this.#cutOff();
    }
    return this.#cut;
  }

  /** Returns the end of a session whose steps, tokens or patience are used up, or undefined. */
  #spent(): SessionEnd | undefined {
    const { goal, tokenBudget = Number.POSITIVE_INFINITY } = this.#options;
    const { steps } = goal.budget;
    const tokens = goal.budget.tokens === "auto" ? tokenBudget : goal.budget.tokens;
    if (this.#step >= steps) return { outcome: "step_budget", reason: `${steps} steps are used up` };
    if (this.#tokens >= tokens) return { outcome: "token_budget", reason: `${tokens} tokens are used up` };
    const lost = this.#patience?.spent(this.#options.clock.now() - this.#startedAt);
    return lost === undefined ? undefined : gaveUp(lost);
  }

  /** Ends a session whose checks all hold, after one answer to each running probe. */
  async #endByChecks(): Promise<SessionEnd | undefined> {
    const probing = this.#oracle.asked();
    if (probing !== undefined) {
      const began = this.#options.clock.now();
      await Promise.race([probing, aborted(this.#abort.signal)]);
      this.#decisions.queueMs += this.#options.clock.now() - began;
    }
    return this.#oracle.holds() ? { outcome: "failed", reason: "every check held" } : undefined;
  }

  /** Carries out an answer of the policy. Returns a promise only if it has to wait. */
  #follow(decided: PolicyResult): Promise<SessionEnd | undefined> | SessionEnd | undefined {
    const { origins } = this.#options;
    const { decision } = decided;
    const step = this.#step + 1;
    this.#tokens += decided.tokens;
    if (decided.error !== undefined) return this.#decisions.failed(decided.error, this.#left());
    if (decision === undefined) return this.#decisions.unread(step, decided);
    this.#decisions.read();
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
      if (typeof made === "string") return this.#decisions.invalid(step, made, decided);
      call = made;
      if (decision.form !== undefined && call.method !== "GET") {
        const { label: button = "" } = decision;
        const origin = this.#state.formOrigin(target, decision.form.named, button);
        if (origin !== undefined) call.origin = origin;
        const subject = isPlainLabel(button) ? this.#state.pageSubject(target) : undefined;
        if (subject !== undefined) decision.about = subject;
      }
    }
    const times = this.#decisions.accept();
    this.#step = step;
    if (decision.kind === "action" && call !== undefined)
      return this.#act(step, decision, call, decided, times);
    if (decision.kind === "wait") return this.#wait(step, decision, decided, times);
    if (decision.kind === "find_operations") {
      const { words } = decision;
      this.#state.noteFound(words, this.#options.findOperations?.(words) ?? "All operations are listed.");
      // Further planned decisions were made without knowing what is found.
      this.#decisions.dropPlanned();
    }
    if (decision.kind === "show_more") {
      this.#decisions.dropPlanned(this.#state.showMore(decision.from));
    }
    const gained = decision.kind === "state_update" ? this.#state.remember(decision.set, `step ${step}`) : [];
    this.#log.step(step, decision, decided, times, gained);
    return decision.kind === "finish"
      ? { outcome: "failed", reason: `${FINISHED}${decision.reason}` }
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
    const probing = this.#state.endsCredentials(call) ? this.#oracle.settled() : this.#oracle.asked();
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
    const result = shallowAnswer(await tools.call(call, this.#abort.signal));
    // Cut off by the end of the run: the effect is unknown, so it stays an intent without a step.
    if (result.error?.code === "cancelled" && signal.aborted) return undefined;
    this.#lastAnswerAt = clock.now();
    const { heldMs = 0 } = result;
    times.durationMs = this.#lastAnswerAt - sent - heldMs;
    if (heldMs > 0) {
      this.#heldMs += heldMs;
      times.queueMs += heldMs;
      if (times.betweenMs !== undefined) times.betweenMs += heldMs;
    }
    return this.#take(step, decision, call, result, decided, times);
  }

  /**
   * Learns from an answer, records it, and passes it to the oracle. Returns a promise only if a failed action needs a
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
    const outcome = this.#state.ingest(step, decision, call, result, times.durationMs ?? 0);
    if (outcome.loggedIn) this.#oracle.credentialsChanged();
    const { finding } = outcome;
    if (finding?.verify === undefined)
      return this.#keep(step, decision, call, result, decided, times, outcome, finding);
    const { verify } = finding;
    const began = this.#options.clock.now();
    return this.#oracle.verify(step, verify, this.#options.verification, this.#abort.signal).then((found) => {
      // The next action waits for the read: queue time of APE's own.
      this.#decisions.queueMs += this.#options.clock.now() - began;
      if (found !== undefined) this.#state.failures.settle(step, found);
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
    { evidence, gained, abandonReason }: ActionOutcome,
    finding: AttributionFinding | undefined,
  ): SessionEnd | undefined {
    const durationMs = times.durationMs ?? 0;
    const attribution = finding?.attribution;
    if (attribution !== undefined || result.status >= 300) this.#decisions.dropPlanned();
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
    const mark = call.path.indexOf("?");
    const path = mark < 0 ? call.path : call.path.slice(0, mark);
    const called = path === "" ? undefined : `${call.method} ${path}`;
    this.#oracle.observe(step, call.target, result, called, call.origin?.leadsOn === true);
    const { breach } = this.#oracle;
    if (breach !== undefined)
      return { outcome: "failed", reason: breach.reason, attribution: breach.attribution };
    return abandonReason === undefined ? undefined : gaveUp(abandonReason);
  }

  async #end(ending: SessionEnd | undefined): Promise<SessionReport> {
    const checks = ending === undefined ? [] : await this.#oracle.verdict(this.#step);
    const held = checks.every((check) => check.held);
    if (ending === undefined || (this.#options.signal.aborted && !held))
      return this.#log.interrupt(this.#decisions.underwayMs);
    if (held) {
      const lastWords = ending.reason.startsWith(FINISHED) ? ending.reason.slice(FINISHED.length) : "";
      return this.#log.end({ outcome: "succeeded", reason: "every check holds", lastWords }, checks);
    }
    if (ending.attribution !== undefined) return this.#log.end(ending, checks);
    const { attribution, reason, step } = this.#state.failures.decide(ending.outcome, this.#oracle.unmet());
    const why =
      ending.outcome === "gave_up" ? `${ending.reason}: ${reason}` : withLastWords(reason, ending, step);
    return this.#log.end({ outcome: ending.outcome, reason: why, attribution }, checks, step);
  }

  /** Used if the oracle or the recorder itself failed. */
  #fail(reason: string): SessionReport {
    try {
      return this.#log.end({ outcome: "error", reason, attribution: "infrastructure" }, []);
    } catch {
      return this.#log.report("error");
    }
  }
}

/** A reason that names no call, with what the model itself said when it ended the session. */
const withLastWords = (reason: string, ending: SessionEnd, step: number | undefined): string =>
  step === undefined && ending.reason.startsWith(FINISHED)
    ? `${reason}; the session ${ending.reason}`
    : reason;

function gaveUp({ reason, byTarget, byChoice }: AbandonReason): SessionEnd {
  if (byChoice === true) return { outcome: "gave_up", reason, attribution: "simulation" };
  return byTarget ? { outcome: "gave_up", reason, attribution: "target" } : { outcome: "gave_up", reason };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else onAbort(signal, resolve);
  });
}
