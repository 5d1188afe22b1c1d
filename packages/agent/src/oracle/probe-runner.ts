import { messageOf } from "@ape/core/lib/errors";
import { isJsonObject, type Json, type JsonObject } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import { encodeSegment } from "@ape/core/lib/percent";
import { fillBraces, operationCall } from "@ape/core/protocol/operations/operation-call";
import { parameterValues } from "@ape/core/protocol/operations/operation-template";
import {
  effectiveStatus,
  type ToolCall,
  type ToolResult,
  type TransportErrorCode,
} from "@ape/core/protocol/tool-call";
import { isPending } from "../attribution/resource-state.ts";
import { statesOf } from "../attribution/shown-state.ts";
import { CancellableSleep } from "./cancellable-sleep.ts";
import type { CompiledAction, CompiledProbe } from "./check.ts";
import { type CheckState, markHeld } from "./check-state.ts";
import { ConfirmedWrites } from "./confirmed-writes.ts";
import { fillExpectation } from "./filled-expectation.ts";
import { hideCredentials } from "./hidden-credentials.ts";
import { type Expectation, mismatch, queryValue, shown } from "./matcher.ts";
import type { OracleOptions } from "./oracle-options.ts";
import { ProbeBarrier } from "./probe-barrier.ts";

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 1_000;
/** Minimum number of attempts of a probe that gets no usable answer, whatever its deadline. */
const FEWEST_TRIES = 3;
/** Errors of calls that never reached the target. */
const NOT_HEARD: readonly (TransportErrorCode | undefined)[] = [
  "gateway",
  "denied",
  "invalid_call",
  "unknown_target",
  "cancelled",
  "circuit_open",
];

const NO_PROBES: readonly Promise<void>[] = [];

/** Whether an answer by itself proves that the target failed. */
const isProven = ({ status, error }: ToolResult): boolean =>
  status >= 500 || (error !== undefined && error.code !== "failure");

/** Whether the read of one thing says that it is not there: not found, or nothing in its place. */
function showsNothing(call: ToolCall, result: ToolResult): boolean {
  const status = effectiveStatus(result);
  if (status === 404 || status === 410) return true;
  const { body, error } = result;
  if (error !== undefined || status < 200 || status >= 300) return false;
  if (call.graphql === undefined)
    return call.tool === undefined && (body.kind === "empty" || (body.kind === "json" && body.json === null));
  // A lookup of GraphQL that finds nothing is null, and no error.
  const data = body.kind === "json" && isJsonObject(body.json) ? body.json.data : undefined;
  const [found, ...others] = isJsonObject(data) ? Object.values(data) : [];
  return found === null && others.length === 0;
}

/** Makes the probes of one session, each as soon as the values that it needs were captured. */
export class ProbeRunner {
  readonly #options: OracleOptions;
  readonly #states: readonly CheckState[];
  #captures: Map<string, string> | undefined;
  /** An answer that captures came from showed something that is not ready yet. */
  #unsettled = false;
  readonly #pauses: CancellableSleep;
  #running: readonly Promise<void>[] = NO_PROBES;
  readonly #gate = new ProbeBarrier();
  readonly #settling = new ProbeBarrier();
  readonly #writes = new ConfirmedWrites();
  #closing = false;

  /** @param states of the checks, in their order; probes write their results there */
  constructor(options: OracleOptions, states: readonly CheckState[]) {
    this.#options = options;
    this.#states = states;
    this.#pauses = new CancellableSleep(options.clock, options.signal);
  }

  /** Notes what a target has answered to a call of the session. */
  noteAnswer(target: string, result: ToolResult, called: string | undefined): void {
    this.#writes.note(target, result, called);
  }

  /** Takes the captures of an action's answer and of its path, and starts the probes that they are for. */
  observe(step: number, check: CompiledAction, result: ToolResult, called?: string): void {
    this.#startProbes(step, [...this.#captureFromPath(check, called), ...this.#capture(step, check, result)]);
  }

  /** Takes the values of an action's path; returns the names that it had. */
  #captureFromPath({ operation, pathNames }: CompiledAction, called: string | undefined): readonly string[] {
    if (pathNames.length === 0 || called === undefined) return [];
    const values = parameterValues(operation, called);
    const taken = pathNames.filter((name) => (values.get(name) ?? "") !== "");
    this.#captures ??= new Map();
    for (const name of taken) this.#captures.set(name, values.get(name) ?? "");
    return taken;
  }

  /** Makes a probe that waits for an operation, now that this has succeeded. */
  reached(step: number, probe: CompiledProbe): void {
    const index = this.#options.checks.indexOf(probe);
    if (!probe.final && this.#hasAll(probe.needs)) this.#start(index, probe, step);
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

  /** Marks the probes that cannot be made because a good answer lacks a value; the agent did not cause that. */
  #noteUncaptured(step: number, name: string, why: string): void {
    for (const [index, check] of this.#options.checks.entries()) {
      const state = this.#states[index] as CheckState;
      if (check.kind !== "probe" || !check.needs.includes(name) || state.round > 0) continue;
      state.evidence = this.#options.mask(`was not asked: in step ${step} ${why}`);
      state.differs = true;
    }
  }

  /**
   * Starts the probes that the new captures are for. One that needs no captures begins after each action that a check
   * asks for, until it holds.
   */
  #startProbes(step: number, taken: readonly string[]): void {
    for (const [index, check] of this.#options.checks.entries()) {
      if (check.kind !== "probe" || check.final || check.milestone !== undefined) continue;
      const state = this.#states[index] as CheckState;
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
    const state = this.#states[index] as CheckState;
    state.round += 1;
    state.held = false;
    state.differs = false;
    state.contradicted = false;
    const asking = { done: this.#gate.hold(), settled: this.#settling.hold() };
    const running = this.#probe(index, probe, step, state.round, asking)
      .catch((thrown: unknown) => {
        state.evidence = this.#options.mask(`could not be asked: ${messageOf(thrown)}`);
      })
      .finally(() => {
        asking.done();
        asking.settled();
        this.#running = this.#running.filter((one) => one !== running);
      });
    this.#running = [...this.#running, running];
  }

  /** Resolves when every probe that began has got an answer that is no refusal of service; undefined where none is open. */
  asked(): Promise<unknown> | undefined {
    return this.#gate.open();
  }

  /**
   * Resolves when every probe that began holds, has reached its deadline, or waits for new credentials; undefined where
   * none is open. A call that ends the session's credentials would keep a probe from seeing what is still to come.
   */
  settled(): Promise<unknown> | undefined {
    return this.#settling.open();
  }

  /** Repeats at once the probes that were refused for the old credentials. */
  credentialsChanged(): void {
    this.#pauses.end();
  }

  async #probe(
    index: number,
    probe: CompiledProbe,
    step: number,
    round: number,
    asking: { done: () => void; settled: () => void },
  ): Promise<void> {
    const state = this.#states[index] as CheckState;
    let end = this.#options.clock.now() + probe.deadlineMs;
    let unheard = 0;
    let reads = 0;
    let isContradicted = true;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
      if (round !== state.round || this.#hasHeldAlternative(probe)) return;
      const call = this.#callOf(probe);
      const result = await this.#options.tools.call(call, this.#options.signal);
      if (this.#options.signal.aborted && result.error?.code === "cancelled") return;
      const expectation = this.#expectationOf(probe);
      const wrong = mismatch(expectation, result);
      const evidence = this.#options.mask(
        hideCredentials(
          `${call.path === "" ? result.operation : `${call.method} ${call.path}`} -> ${result.status}${wrong === undefined ? "" : `: ${wrong}`}`,
          result,
        ),
      );
      this.#options.recorder.record({
        type: "probe",
        at: this.#options.clock.epoch(),
        session: this.#options.session,
        check: probe.verdict,
        operation: probe.operation,
        status: result.status,
        durationMs: result.timing.total,
        held: wrong === undefined,
        evidence,
      });
      if (round !== state.round) return;
      if (wrong === undefined) {
        markHeld(state, probe.verdict, step, evidence, this.#options);
        if (this.#alternativesOf(probe).length > 0) this.#pauses.end();
        return;
      }
      reads += 1;
      isContradicted &&= this.#writes.contradicts(call, expectation, result);
      state.evidence = evidence;
      state.refuted =
        effectiveStatus(result) !== 401 &&
        effectiveStatus(result) !== 403 &&
        !NOT_HEARD.includes(result.error?.code);
      state.unfollowed = result.unfollowed === true;
      state.place = `${call.target} ${call.path}`;
      state.missing = probe.readsCaptured && showsNothing(call, result) && !this.#unsettled;
      state.failed = isProven(result);
      const unserved =
        (result.error !== undefined && result.error.code !== "failure") ||
        result.status === 429 ||
        result.status >= 500;
      if (!unserved) asking.done();
      if (this.#options.signal.aborted) return;
      if (result.error?.code === "invalid_call") {
        // The value that the target issued is not valid where the probe uses it.
        state.differs = true;
        asking.done();
        return;
      }
      if (!unserved && effectiveStatus(result) === 401 && probe.headers === undefined) {
        // After the session's end there is no new login.
        if (this.#closing) return;
        asking.settled();
        await this.#pauses.wait(undefined);
        // Asked again with the new credentials; the session must not end them before the answer.
        asking.done = this.#gate.hold();
        asking.settled = this.#settling.hold();
        end = this.#options.clock.now() + probe.deadlineMs;
        continue;
      }
      // One slow refusal of service may outlast the deadline, and does not answer the probe.
      unheard = unserved ? unheard + 1 : FEWEST_TRIES;
      if (this.#options.clock.now() + pause > end && unheard >= FEWEST_TRIES) {
        state.contradicted = isContradicted && reads > 1;
        return;
      }
      await this.#pauses.wait(pause);
    }
  }

  /** The other alternatives of the check that a probe belongs to. */
  #alternativesOf(probe: CompiledProbe): CheckState[] {
    return this.#options.checks.flatMap((check, index) =>
      check !== probe && check.verdict === probe.verdict ? [this.#states[index] as CheckState] : [],
    );
  }

  /** Whether a probe need not be repeated any more, as another alternative holds. */
  #hasHeldAlternative(probe: CompiledProbe): boolean {
    return this.#alternativesOf(probe).some(({ held }) => held);
  }

  #expectationOf({ expectation, isFilled }: CompiledProbe): Expectation {
    return isFilled ? fillExpectation(expectation, (name) => this.#captures?.get(name)) : expectation;
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
    if (probe.headers === undefined) this.#options.attach(call);
    return call;
  }

  /** Waits for running probes; from now on none waits for new credentials. */
  async close(): Promise<void> {
    this.#closing = true;
    this.credentialsChanged();
    await Promise.all(this.#running);
  }

  /** Makes a probe at the session's end, if it is a final one or was never made, and its captures exist. */
  async makeFinal(index: number, probe: CompiledProbe, step: number): Promise<void> {
    if (!this.#hasAll(probe.needs) || probe.milestone !== undefined) return;
    if (!probe.final && (this.#states[index] as CheckState).round > 0) return;
    this.#start(index, probe, step);
    await Promise.all(this.#running);
  }
}
