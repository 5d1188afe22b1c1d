import type { CheckVerdict } from "@ape/core/protocol/events";
import { operationShape } from "@ape/core/protocol/operations/operation";
import { isFurtherForm } from "@ape/core/protocol/sign-in";
import { hasFailed, type ToolResult } from "@ape/core/protocol/tool-call";
import { traceparent, verificationSpan } from "@ape/core/protocol/trace";
import type { UnmetCheck } from "../attribution/failure-tracker.ts";
import type { AttributionFinding, VerifiableFinding } from "../attribution/finding.ts";
import type { VerificationBudget } from "../attribution/verification-budget.ts";
import { shallowAnswer } from "../transports/shallow-answer.ts";
import {
  type AnsweredCall,
  type CompiledAction,
  type CompiledCheck,
  type CompiledProhibition,
  type CompiledState,
  isAbout,
  isAboutAction,
  type OperationMatch,
  verdictLabels,
} from "./check.ts";
import { type CheckState, initialState, markHeld } from "./check-state.ts";
import { coerceTo } from "./coerce-value.ts";
import { mismatch, mismatchOf } from "./matcher.ts";
import type { OracleOptions } from "./oracle-options.ts";
import { ProbeRunner } from "./probe-runner.ts";

/** A prohibition that was broken. */
export interface Violation {
  reason: string;
  attribution: "target" | "simulation";
  step: number;
}

/**
 * Judges one session by what it did and by requests of its own. Nothing that it knows ever reaches a policy, and the
 * model's word counts for nothing.
 */
export class Oracle {
  readonly #options: OracleOptions;
  readonly #checks: readonly CompiledCheck[];
  /** Milestones that were reached. */
  #reached: Set<OperationMatch> | undefined;
  #breach: Violation | undefined;
  /** Forms that an action which completes has led on to, by the index of its check: methods and paths. */
  #further: Map<number, ReadonlySet<string>> | undefined;
  readonly #states: CheckState[];
  readonly #probes: ProbeRunner;

  constructor(options: OracleOptions) {
    this.#options = options;
    this.#checks = options.checks;
    this.#states = options.checks.map((check) => {
      const state = initialState(check.kind);
      if (check.kind === "probe" && check.milestone !== undefined)
        state.evidence = `was not asked: ${check.milestone.operation} was not done`;
      return state;
    });
    this.#probes = new ProbeRunner(options, this.#states);
  }

  /**
   * Judges an action's answer. Starts the probes whose captures now exist, in parallel with the session.
   * @param called method and path of the call, without its query; absent for other protocols than HTTP
   * @param leadsOn a form was sent whose button leads on to a further one
   */
  observe(step: number, target: string, result: ToolResult, called?: string, leadsOn = false): void {
    const { operation } = result;
    const call: AnsweredCall = { target, operation, shape: operationShape(operation), called };
    this.#probes.noteAnswer(target, result, called);
    for (let index = 0; index < this.#checks.length; index += 1) {
      const check = this.#checks[index] as CompiledCheck;
      if (check.kind === "state" || check.kind === "probe") continue;
      const isNext = called !== undefined && this.#further?.get(index)?.has(`${target} ${called}`) === true;
      if (!(check.kind === "action" ? isNext || isAboutAction(check, call) : isAbout(check, call))) continue;
      (this.#states[index] as CheckState).key = `${target} ${call.shape}`;
      if (check.kind === "action") {
        const further = check.completes && leadsOn ? furtherForms(target, result) : undefined;
        if (further !== undefined && further.size > 0) {
          (this.#states[index] as CheckState).evidence = `step ${step}: it leads to a further form`;
          this.#further ??= new Map();
          this.#further.set(index, further);
        } else this.#observeAction(index, check, step, result, called);
      } else this.#observeNever(index, check, step, result);
    }
    if (hasFailed(result)) return;
    for (const check of this.#checks) {
      if (!("milestone" in check) || check.milestone === undefined || !isAbout(check.milestone, call))
        continue;
      this.#reached ??= new Set();
      this.#reached.add(check.milestone);
      if (check.kind === "probe") this.#probes.reached(step, check);
    }
  }

  /** The first prohibition that was broken: the session ends with it. */
  get breach(): Violation | undefined {
    return this.#breach;
  }

  #observeAction(
    index: number,
    check: CompiledAction,
    step: number,
    result: ToolResult,
    called: string | undefined,
  ): void {
    const state = this.#states[index] as CheckState;
    const { milestone, count, operation } = check;
    const early = milestone !== undefined && this.#reached?.has(milestone) !== true;
    const unexpected = mismatch(check.expectation, result);
    const wrong = unexpected ?? (early ? "was done before what it must come after" : undefined);
    if (wrong !== undefined) {
      if (!state.held) state.evidence = this.#options.mask(`step ${step}: ${wrong}`);
      state.differs = unexpected !== undefined && !early && !hasFailed(result);
      state.unfollowed = state.differs && result.unfollowed === true;
      if (result.unproven !== undefined && !early)
        this.#observeUnproven(state, check, { step, called }, result);
      return;
    }
    state.differs = false;
    state.unfollowed = false;
    state.seen += 1;
    if (state.seen < count) {
      state.evidence = `done ${state.seen} of ${count} times, last in step ${step}`;
      return;
    }
    markHeld(state, check.verdict, step, `step ${step}: ${operation} -> ${result.status}`, this.#options);
    this.#probes.observe(step, check, result, called);
  }

  /** An answer that shows nothing: the probes that need its values run, and decide. */
  #observeUnproven(
    state: CheckState,
    check: CompiledAction,
    { step, called }: { step: number; called: string | undefined },
    result: ToolResult,
  ): void {
    const { unproven: _, ...rest } = result;
    if (check.count > 1 || mismatch(check.expectation, rest) !== undefined) return;
    state.unproven = step;
    this.#probes.observe(step, check, rest, called);
  }

  /** Whether probes were made and all hold: they prove what the answer to an action did not show. */
  #areProbesHeld(): boolean {
    const probes = this.#checks.filter(({ kind }) => kind === "probe");
    return probes.length > 0 && probes.every(({ verdict }) => this.#isHeld(verdict));
  }

  /** Whether a check of the goal holds: one of its alternatives does. */
  #isHeld(verdict: number): boolean {
    return this.#checks.some(
      (check, index) => check.verdict === verdict && this.#states[index]?.held === true,
    );
  }

  #observeNever(index: number, check: CompiledProhibition, step: number, result: ToolResult): void {
    const state = this.#states[index] as CheckState;
    const { milestone, operation, byTarget } = check;
    if (!state.held || (milestone !== undefined && this.#reached?.has(milestone) === true)) return;
    if (mismatch(check.expectation, result) !== undefined) return;
    state.held = false;
    state.evidence = `step ${step}: ${operation} -> ${result.status}`;
    this.#breach ??= {
      reason: `${check.label}, yet ${state.evidence}`,
      attribution: byTarget ? "target" : "simulation",
      step,
    };
  }

  /**
   * Resolves when every probe that began has been asked: answered by anything but a refusal of service. The session
   * holds its next call until then, because that call may end what the probe needs (a logout ends its credentials).
   */
  asked(): Promise<unknown> | undefined {
    return this.#probes.asked();
  }

  /** Resolves when no probe is between two attempts: see {@link ProbeRunner.settled}. */
  settled(): Promise<unknown> | undefined {
    return this.#probes.settled();
  }

  /** The session has new credentials: probes that were refused for the old ones ask again at once. */
  credentialsChanged(): void {
    this.#probes.credentialsChanged();
  }

  /**
   * Makes the read that can decide an unclear failure, if the budget allows it. It is not counted as an action.
   * @returns the finding; undefined if no read was made or it was cut off
   */
  async verify(
    step: number,
    { call, judge }: NonNullable<VerifiableFinding["verify"]>,
    budget: VerificationBudget | undefined,
    signal: AbortSignal,
  ): Promise<AttributionFinding | undefined> {
    const { attach, trace, tools, recorder, clock, session, mask } = this.#options;
    if (signal.aborted || budget?.take(call.target) !== true) return undefined;
    attach(call);
    // The read has its own span: it is not part of the step.
    if (call.headers !== undefined)
      call.headers.traceparent = traceparent(trace ?? "", verificationSpan(step));
    const result = shallowAnswer(await tools.call(call, signal));
    if (result.error?.code === "cancelled") return undefined;
    const finding = judge(result);
    recorder.record({
      type: "verification",
      at: clock.epoch(),
      session,
      step,
      target: call.target,
      operation: mask(result.operation),
      status: result.status,
      durationMs: result.timing.total,
      attribution: finding.attribution,
      evidence: mask(`GET ${call.path} -> ${result.error?.code ?? result.status}`),
    });
    return finding;
  }

  /** Whether every check holds now; false if one can be judged only at the session's end. */
  holds(): boolean {
    const held = new Set<number>();
    for (const [index, check] of this.#checks.entries()) {
      const state = this.#states[index] as CheckState;
      if (check.kind === "state") this.#lookAtState(state, check.values);
      const isHeld = state.held || (state.unproven !== undefined && this.#areProbesHeld());
      if (isHeld && !(check.kind === "probe" && check.final)) held.add(check.verdict);
    }
    return this.#checks.every(({ verdict }) => held.has(verdict));
  }

  /** Waits for running probes, makes the final ones, and gives the verdict on every check. */
  async verdict(step: number): Promise<CheckVerdict[]> {
    await this.#probes.close();
    for (const [index, check] of this.#checks.entries()) {
      if (check.kind === "state") this.#lookAtState(this.#states[index] as CheckState, check.values);
      else if (check.kind === "probe") await this.#probes.makeFinal(index, check, step);
    }
    const proven = this.#areProbesHeld();
    for (const [index, state] of this.#states.entries())
      if (proven && !state.held && state.unproven !== undefined)
        markHeld(
          state,
          this.#checks[index]?.verdict ?? index,
          state.unproven,
          `step ${state.unproven}: proven by the probes`,
          this.#options,
        );
    return verdictLabels(this.#checks).map((label, verdict) => {
      const states = this.#states.filter((_, index) => this.#checks[index]?.verdict === verdict);
      const best = states.find(({ held }) => held);
      const evidence = best?.evidence ?? states.map((state) => state.evidence).join("; ");
      return { label, held: best !== undefined, evidence };
    });
  }

  #lookAtState(state: CheckState, values: CompiledState["values"]): void {
    state.held = true;
    state.evidence = "is known";
    for (const [name, matcher] of values) {
      const wrong = mismatchOf(coerceTo(this.#options.read(name), matcher), matcher);
      if (wrong === undefined) continue;
      state.held = false;
      state.evidence = this.#options.mask(
        `${name} is ${this.#options.read(name) ?? "not known"}, wanted ${wrong}`,
      );
      return;
    }
  }

  /** The checks that do not hold, for the attribution of the session. */
  unmet(): UnmetCheck[] {
    const unmet: UnmetCheck[] = [];
    for (const [index, one] of this.#checks.entries()) {
      const { held, refuted, missing, failed, contradicted, differs, unfollowed, place, evidence } = this
        .#states[index] as CheckState;
      if (held || this.#isHeld(one.verdict)) continue;
      const { label } = one;
      const key = this.#states[index]?.key ?? (one.kind === "state" ? "" : one.key);
      const check: UnmetCheck = { key, label, refuted: refuted ? evidence : undefined, missing, failed };
      if (contradicted) check.contradicted = true;
      if (place !== undefined) check.place = place;
      if (differs) check.differs = evidence;
      if (unfollowed) check.unfollowed = evidence;
      unmet.push(check);
    }
    return unmet;
  }
}

/** The forms that the page of an answer has to go on with. */
const furtherForms = (target: string, { body }: ToolResult): ReadonlySet<string> =>
  new Set(
    body.kind === "page"
      ? body.page.forms
          .filter((form) => isFurtherForm(form))
          .map(({ path }) => `${target} POST ${path.replace(/[?#].*$/, "")}`)
      : [],
  );
