import type { Clock } from "@ape/core/lib/clock";
import { messageOf } from "@ape/core/lib/errors";
import type { Json, JsonObject } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import { encodeSegment } from "@ape/core/lib/percent";
import type { CheckVerdict, Recorder } from "@ape/core/protocol/events";
import { operationShape } from "@ape/core/protocol/operations/operation";
import { fillBraces, operationCall } from "@ape/core/protocol/operations/operation-call";
import {
  effectiveStatus,
  hasFailed,
  type ToolCall,
  type ToolResult,
  type ToolTransport,
  type TransportErrorCode,
} from "@ape/core/protocol/tool-call";
import { traceparent, verificationSpan } from "@ape/core/protocol/trace";
import type { UnmetCheck } from "../attribution/failure-tracker.ts";
import type { AttributionFinding, VerifiableFinding } from "../attribution/finding.ts";
import { isPending } from "../attribution/resource-state.ts";
import { statesOf } from "../attribution/shown-state.ts";
import type { VerificationBudget } from "../attribution/verification-budget.ts";
import { CancellableSleep } from "./cancellable-sleep.ts";
import type {
  CompiledAction,
  CompiledCheck,
  CompiledProbe,
  CompiledProhibition,
  CompiledState,
} from "./check.ts";
import { coerceTo } from "./coerce-value.ts";
import { fillExpectation } from "./filled-expectation.ts";
import { hideCredentials } from "./hidden-credentials.ts";
import { type Expectation, mismatch, mismatchOf, queryValue, shown } from "./matcher.ts";
import { ProbeBarrier } from "./probe-barrier.ts";

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 1_000;
/** A probe that is not served is asked at least so often, whatever its deadline. */
const FEWEST_TRIES = 3;
/** Errors of calls that the target never heard of. */
const NOT_HEARD: readonly (TransportErrorCode | undefined)[] = [
  "gateway",
  "denied",
  "invalid_call",
  "unknown_target",
  "cancelled",
  "circuit_open",
];

const NO_PROBES: readonly Promise<void>[] = [];

interface State {
  held: boolean;
  evidence: string;
  /** The last answer to a probe was the target's word on the matter: neither held nor a refusal of credentials. */
  refuted: boolean;
  /** The last answer to a probe did not find the resource that the target had issued. */
  missing: boolean;
  /** The last answer to a probe proves by itself that the target failed. */
  failed: boolean;
  /** Target and path of the last probe. */
  place: string | undefined;
  /** Counts the captures that a running probe began with: an older probe's word no longer counts. */
  round: number;
  /** Of an action: answers that fit. */
  seen: number;
  /** The action was done and went well, and its answer is not what the check expects. */
  differs: boolean;
}

/** A prohibition that was broken. */
export interface Violation {
  reason: string;
  attribution: "target" | "simulation";
  step: number;
}

/** Whether an answer itself proves that the target failed. */
const isProven = ({ status, error }: ToolResult): boolean =>
  status >= 500 || (error !== undefined && error.code !== "failure");

/** Evidence of a check that nothing has spoken of yet. */
const UNTRIED: Record<CompiledCheck["kind"], string> = {
  action: "was not done",
  probe: "was not asked: its captures never came to be",
  never: "did not happen",
  state: "was not looked at",
};

/**
 * Judges one session by what it did and by requests of its own. Nothing that it knows ever reaches a policy, and the
 * model's word counts for nothing.
 */
export class Oracle {
  readonly #checks: readonly CompiledCheck[];
  readonly #session: string;
  readonly #tools: ToolTransport;
  readonly #recorder: Recorder;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  /** Adds the session's credentials of this moment to a call. */
  readonly #attach: (call: ToolCall) => void;
  /** Hides secrets in evidence. */
  readonly #mask: (text: string) => string;
  /** What the session knows by a name. */
  readonly #read: (name: string) => string | undefined;
  readonly #trace: string;
  /** Milestones that were reached: target and shape of each. */
  #reached: Set<string> | undefined;
  #breach: Violation | undefined;
  readonly #states: State[];
  #captures: Map<string, string> | undefined;
  /** An answer that captures came from showed something that is not ready yet. */
  #unsettled = false;
  readonly #pauses: CancellableSleep;
  #running: readonly Promise<void>[] = NO_PROBES;
  readonly #gate = new ProbeBarrier();
  #closing = false;

  constructor(options: {
    checks: readonly CompiledCheck[];
    session: string;
    tools: ToolTransport;
    recorder: Recorder;
    clock: Clock;
    signal: AbortSignal;
    attach: (call: ToolCall) => void;
    mask: (text: string) => string;
    read: (name: string) => string | undefined;
    /** W3C trace id of the session. */
    trace?: string;
  }) {
    this.#trace = options.trace ?? "";
    this.#checks = options.checks;
    this.#session = options.session;
    this.#tools = options.tools;
    this.#recorder = options.recorder;
    this.#clock = options.clock;
    this.#signal = options.signal;
    this.#pauses = new CancellableSleep(options.clock, options.signal);
    this.#attach = options.attach;
    this.#mask = options.mask;
    this.#read = options.read;
    this.#states = options.checks.map(({ kind }) => ({
      held: kind === "never",
      evidence: UNTRIED[kind],
      refuted: false,
      missing: false,
      failed: false,
      place: undefined,
      round: 0,
      seen: 0,
      differs: false,
    }));
  }

  /** Looks at an action's answer. Probes whose captures now exist begin, beside the session. */
  observe(step: number, target: string, result: ToolResult): void {
    const shape = operationShape(result.operation);
    for (let index = 0; index < this.#checks.length; index += 1) {
      const check = this.#checks[index] as CompiledCheck;
      if (check.kind === "state" || check.shape !== shape || check.target !== target) continue;
      if (check.kind === "action") this.#observeAction(index, check, step, result);
      else if (check.kind === "never") this.#observeNever(index, check, step, result);
    }
    if (hasFailed(result)) return;
    const key = `${target} ${shape}`;
    if (!this.#checks.some((check) => "milestone" in check && check.milestone === key)) return;
    this.#reached ??= new Set();
    this.#reached.add(key);
  }

  /** The first prohibition that was broken: the session ends with it. */
  get breach(): Violation | undefined {
    return this.#breach;
  }

  #observeAction(index: number, check: CompiledAction, step: number, result: ToolResult): void {
    const state = this.#states[index] as State;
    const { milestone, count, operation } = check;
    const early = milestone !== undefined && this.#reached?.has(milestone) !== true;
    const unexpected = mismatch(check.expectation, result);
    const wrong = unexpected ?? (early ? "was done before what it must come after" : undefined);
    if (wrong !== undefined) {
      if (!state.held) state.evidence = this.#mask(`step ${step}: ${wrong}`);
      state.differs = unexpected !== undefined && !early && !hasFailed(result);
      return;
    }
    state.differs = false;
    state.seen += 1;
    if (state.seen < count) {
      state.evidence = `done ${state.seen} of ${count} times, last in step ${step}`;
      return;
    }
    this.#hold(index, step, `step ${step}: ${operation} -> ${result.status}`);
    this.#startProbes(step, this.#capture(step, check, result));
  }

  #observeNever(index: number, check: CompiledProhibition, step: number, result: ToolResult): void {
    const state = this.#states[index] as State;
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

  #hold(index: number, step: number, evidence: string): void {
    const state = this.#states[index] as State;
    const first = !state.held;
    state.held = true;
    state.refuted = false;
    state.evidence = evidence;
    if (first)
      this.#recorder.record({
        type: "check",
        at: this.#clock.epoch(),
        session: this.#session,
        check: index,
        step,
        evidence,
      });
  }

  /** Takes the captures of an answer; returns the names that it had. */
  #capture(step: number, check: CompiledAction, result: ToolResult): readonly string[] {
    if (check.captures.length === 0) return [];
    if (result.body.kind !== "json") {
      for (const { name } of check.captures)
        this.#noteUncaptured(step, name, `${check.operation} answered ${result.body.kind}, not JSON`);
      return [];
    }
    if (statesOf(result.body.json).some(([, state]) => isPending(state))) this.#unsettled = true;
    const taken: string[] = [];
    for (const { name, path, read } of check.captures) {
      const value = queryValue(read, result.body.json);
      if ((typeof value !== "string" && !isNumber(value)) || value === "") {
        this.#noteUncaptured(step, name, `${check.operation} answered ${path} as ${shown(value)}`);
        continue;
      }
      this.#captures ??= new Map();
      this.#captures.set(name, String(value));
      taken.push(name);
    }
    return taken;
  }

  /** A good answer did not bring what probes need: they cannot be made, which is not the agent's doing. */
  #noteUncaptured(step: number, name: string, why: string): void {
    for (const [index, check] of this.#checks.entries()) {
      const state = this.#states[index] as State;
      if (check.kind !== "probe" || !check.needs.includes(name) || state.round > 0) continue;
      state.evidence = this.#mask(`was not asked: in step ${step} ${why}`);
      state.differs = true;
    }
  }

  /**
   * Starts the probes that the new captures are for. One that needs no captures begins after each action that a check
   * asks for, until it holds.
   */
  #startProbes(step: number, taken: readonly string[]): void {
    for (const [index, check] of this.#checks.entries()) {
      if (check.kind !== "probe" || check.final) continue;
      const state = this.#states[index] as State;
      const due =
        check.needs.length === 0
          ? !state.held
          : check.needs.some((name) => taken.includes(name)) && this.#hasAll(check.needs);
      if (due) this.#start(index, check, step);
    }
  }

  #hasAll(names: readonly string[]): boolean {
    return names.every((name) => this.#captures?.has(name) === true);
  }

  #start(index: number, probe: CompiledProbe, step: number): void {
    const state = this.#states[index] as State;
    state.round += 1;
    state.held = false;
    state.differs = false;
    const asking = { done: this.#gate.hold() };
    const running = this.#probe(index, probe, step, state.round, asking)
      .catch((thrown: unknown) => {
        state.evidence = this.#mask(`could not be asked: ${messageOf(thrown)}`);
      })
      .finally(() => {
        asking.done();
        this.#running = this.#running.filter((one) => one !== running);
      });
    this.#running = [...this.#running, running];
  }

  /**
   * Resolves when every probe that began has been asked: answered by anything but a refusal of service. The session
   * holds its next call until then, because that call may end what the probe needs (a logout ends its credentials).
   */
  asked(): Promise<unknown> | undefined {
    return this.#gate.open();
  }

  /** The session has new credentials: probes that were refused for the old ones ask again at once. */
  credentialsChanged(): void {
    this.#pauses.end();
  }

  async #probe(
    index: number,
    probe: CompiledProbe,
    step: number,
    round: number,
    asking: { done: () => void },
  ): Promise<void> {
    const state = this.#states[index] as State;
    let end = this.#clock.now() + probe.deadlineMs;
    let unheard = 0;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
      if (round !== state.round) return;
      const call = this.#callOf(probe);
      const result = await this.#tools.call(call, this.#signal);
      if (this.#signal.aborted && result.error?.code === "cancelled") return;
      const wrong = mismatch(this.#expectationOf(probe), result);
      const evidence = this.#mask(
        hideCredentials(
          `${call.path === "" ? result.operation : `${call.method} ${call.path}`} -> ${result.status}${wrong === undefined ? "" : `: ${wrong}`}`,
          result,
        ),
      );
      this.#recorder.record({
        type: "probe",
        at: this.#clock.epoch(),
        session: this.#session,
        check: index,
        operation: probe.operation,
        status: result.status,
        durationMs: result.timing.total,
        held: wrong === undefined,
        evidence,
      });
      if (round !== state.round) return;
      if (wrong === undefined) {
        this.#hold(index, step, evidence);
        return;
      }
      state.evidence = evidence;
      state.refuted =
        effectiveStatus(result) !== 401 &&
        effectiveStatus(result) !== 403 &&
        !NOT_HEARD.includes(result.error?.code);
      state.place = `${call.target} ${call.path}`;
      const status = effectiveStatus(result);
      state.missing = (status === 404 || status === 410) && probe.readsCaptured && !this.#unsettled;
      state.failed = isProven(result);
      const unserved =
        (result.error !== undefined && result.error.code !== "failure") ||
        result.status === 429 ||
        result.status >= 500;
      if (!unserved) asking.done();
      if (this.#signal.aborted) return;
      if (result.error?.code === "invalid_call") {
        // The value that the target gave cannot stand where the probe has it.
        state.differs = true;
        asking.done();
        return;
      }
      if (!unserved && effectiveStatus(result) === 401 && probe.headers === undefined) {
        // Nobody logs in any more once the session has ended.
        if (this.#closing) return;
        await this.#pauses.wait(undefined);
        // Asked again with the new credentials, and the session may not end them before that is answered.
        asking.done = this.#gate.hold();
        end = this.#clock.now() + probe.deadlineMs;
        continue;
      }
      // One slow refusal of service may outlast the deadline, and says nothing of what was asked.
      unheard = unserved ? unheard + 1 : FEWEST_TRIES;
      if (this.#clock.now() + pause > end && unheard >= FEWEST_TRIES) return;
      await this.#pauses.wait(pause);
    }
  }

  #expectationOf({ expectation, toFill }: CompiledProbe): Expectation {
    return toFill === undefined ? expectation : fillExpectation(toFill, (name) => this.#captures?.get(name));
  }

  #callOf(probe: CompiledProbe): ToolCall {
    const read = (name: string): string | undefined => this.#captures?.get(name);
    const path = probe.template.replaceAll(/\{([^}]+)\}/g, (_, name: string) =>
      encodeSegment(read(name) ?? ""),
    );
    const { document, arguments: args } = probe.given;
    const call: ToolCall = {
      ...operationCall(probe.target, probe, path, {
        document,
        arguments: args === undefined ? undefined : (fillBraces(args, read) as JsonObject),
      }),
      ...(probe.query === undefined
        ? {}
        : { query: fillBraces(probe.query as Json, read) as typeof probe.query }),
      headers: { ...probe.headers },
    };
    if (probe.headers === undefined) this.#attach(call);
    return call;
  }

  /**
   * Makes the read that can clear up a failed action, where the budget allows it. Counted apart from actions.
   * @returns what was found; undefined where no read was made or it was cut off
   */
  async verify(
    step: number,
    { call, judge }: NonNullable<VerifiableFinding["verify"]>,
    budget: VerificationBudget | undefined,
    signal: AbortSignal,
  ): Promise<AttributionFinding | undefined> {
    if (signal.aborted || budget?.take(call.target) !== true) return undefined;
    this.#attach(call);
    // A span of its own: the read is no part of the step.
    if (call.headers !== undefined)
      call.headers.traceparent = traceparent(this.#trace, verificationSpan(step));
    const result = await this.#tools.call(call, signal);
    if (result.error?.code === "cancelled") return undefined;
    const finding = judge(result);
    this.#recorder.record({
      type: "verification",
      at: this.#clock.epoch(),
      session: this.#session,
      step,
      target: call.target,
      operation: this.#mask(result.operation),
      status: result.status,
      durationMs: result.timing.total,
      attribution: finding.attribution,
      evidence: this.#mask(`GET ${call.path} -> ${result.error?.code ?? result.status}`),
    });
    return finding;
  }

  /** Whether every check holds by what is known now; false where one can only be judged at the session's end. */
  holds(): boolean {
    return this.#checks.every((check, index) => {
      const state = this.#states[index] as State;
      if (check.kind === "state") this.#lookAtState(state, check.values);
      return state.held && !(check.kind === "probe" && check.final);
    });
  }

  /** Waits for running probes, makes the final ones, and gives the verdict on every check. */
  async verdict(step: number): Promise<CheckVerdict[]> {
    this.#closing = true;
    this.credentialsChanged();
    await Promise.all(this.#running);
    for (const [index, check] of this.#checks.entries()) {
      const state = this.#states[index] as State;
      if (check.kind === "state") this.#lookAtState(state, check.values);
      if (check.kind !== "probe" || !this.#hasAll(check.needs)) continue;
      if (!check.final && state.round > 0) continue;
      this.#start(index, check, step);
      await Promise.all(this.#running);
    }
    return this.#checks.map(({ label }, index) => {
      const { held, evidence } = this.#states[index] as State;
      return { label, held, evidence };
    });
  }

  #lookAtState(state: State, values: CompiledState["values"]): void {
    state.held = true;
    state.evidence = "is known";
    for (const [name, matcher] of values) {
      const wrong = mismatchOf(coerceTo(this.#read(name), matcher), matcher);
      if (wrong === undefined) continue;
      state.held = false;
      state.evidence = this.#mask(`${name} is ${this.#read(name) ?? "not known"}, wanted ${wrong}`);
      return;
    }
  }

  /** The checks that do not hold, for the attribution of the session. */
  unmet(): UnmetCheck[] {
    const unmet: UnmetCheck[] = [];
    for (const [index, one] of this.#checks.entries()) {
      const { held, refuted, missing, failed, differs, place, evidence } = this.#states[index] as State;
      if (held) continue;
      const { label } = one;
      const key = one.kind === "state" ? "" : one.key;
      const check: UnmetCheck = { key, label, refuted: refuted ? evidence : undefined, missing, failed };
      if (place !== undefined) check.place = place;
      if (differs) check.differs = evidence;
      unmet.push(check);
    }
    return unmet;
  }
}
