import type { Clock } from "@ape/core/clock";
import type { CheckVerdict, Recorder } from "@ape/core/events";
import { operationShape } from "@ape/core/operation";
import type { ToolCall, ToolResult, ToolTransport } from "@ape/core/tool-call";
import type { CompiledCheck, CompiledProbe } from "./check.ts";
import { mismatch } from "./matcher.ts";

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 1_000;

interface State {
  held: boolean;
  evidence: string;
  /** Counts the captures that a running probe began with: an older probe's word no longer counts. */
  round: number;
}

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
  readonly #states: State[];
  readonly #captures = new Map<string, string>();
  /** Ends the pauses of waiting probes. */
  readonly #wakers = new Set<() => void>();
  #running: Promise<void>[] = [];
  #asking: Promise<void>[] = [];
  #closing = false;

  constructor(options: {
    checks: readonly CompiledCheck[];
    session: string;
    tools: ToolTransport;
    recorder: Recorder;
    clock: Clock;
    signal: AbortSignal;
    attach: (call: ToolCall) => void;
  }) {
    this.#checks = options.checks;
    this.#session = options.session;
    this.#tools = options.tools;
    this.#recorder = options.recorder;
    this.#clock = options.clock;
    this.#signal = options.signal;
    this.#attach = options.attach;
    this.#states = options.checks.map(({ probe }) => ({
      held: false,
      evidence: probe === undefined ? "was not done" : "was not asked: its captures never came to be",
      round: 0,
    }));
  }

  /** Looks at an action's answer. Probes whose captures now exist begin, beside the session. */
  observe(step: number, target: string, result: ToolResult): void {
    const shape = operationShape(result.operation);
    for (const [index, check] of this.#checks.entries()) {
      if (check.probe !== undefined || check.shape !== shape || check.target !== target) continue;
      const state = this.#states[index] as State;
      const wrong = mismatch(check.expectation, result);
      if (wrong !== undefined) {
        if (!state.held) state.evidence = `step ${step}: ${wrong}`;
        continue;
      }
      const evidence = `step ${step}: ${check.operation} -> ${result.status}`;
      this.#hold(index, step, evidence);
      if (this.#capture(check, result)) this.#startProbes(step);
    }
  }

  #hold(index: number, step: number, evidence: string): void {
    const state = this.#states[index] as State;
    const first = !state.held;
    state.held = true;
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

  #capture(check: CompiledCheck, result: ToolResult): boolean {
    let any = false;
    if (result.body.kind !== "json") return any;
    for (const { name, read } of check.captures) {
      const value = read(result.body.json);
      if (typeof value !== "string" && typeof value !== "number") continue;
      this.#captures.set(name, String(value));
      any = true;
    }
    return any;
  }

  #startProbes(step: number): void {
    for (const [index, { probe }] of this.#checks.entries()) {
      if (probe === undefined || probe.final || !probe.needs.every((name) => this.#captures.has(name)))
        continue;
      const state = this.#states[index] as State;
      state.round += 1;
      state.held = false;
      let asked: () => void = () => undefined;
      const asking = new Promise<void>((resolve) => {
        asked = resolve;
      }).then(() => {
        this.#asking = this.#asking.filter((one) => one !== asking);
      });
      this.#asking.push(asking);
      this.#running.push(this.#probe(index, step, state.round, asked));
    }
  }

  /**
   * Resolves when every probe that began has been asked: answered by anything but a refusal of service. The session
   * holds its next call until then, because that call may end what the probe needs (a logout ends its credentials).
   */
  asked(): Promise<unknown> | undefined {
    return this.#asking.length === 0 ? undefined : Promise.all(this.#asking);
  }

  /** The session has new credentials: probes that were refused for the old ones ask again at once. */
  credentialsChanged(): void {
    for (const wake of this.#wakers) wake();
  }

  async #probe(index: number, step: number, round: number, asked: () => void): Promise<void> {
    const check = this.#checks[index] as CompiledCheck;
    const state = this.#states[index] as State;
    const { probe } = check;
    if (probe === undefined) return;
    let end = this.#clock.now() + probe.deadlineMs;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
      const call = this.#callOf(check.target, probe);
      const result = await this.#tools.call(call, this.#signal);
      if (round !== state.round) break;
      const wrong = mismatch(check.expectation, result);
      const evidence = `${call.method} ${call.path} -> ${result.status}${wrong === undefined ? "" : `: ${wrong}`}`;
      this.#recorder.record({
        type: "probe",
        at: this.#clock.epoch(),
        session: this.#session,
        check: index,
        operation: check.operation,
        status: result.status,
        durationMs: result.timing.total,
        held: wrong === undefined,
        evidence,
      });
      state.evidence = evidence;
      if (wrong === undefined) {
        this.#hold(index, step, evidence);
        break;
      }
      const unserved = result.error !== undefined || result.status === 429 || result.status >= 500;
      if (!unserved) asked();
      if (result.status === 401 && probe.headers === undefined && !this.#closing && !this.#signal.aborted) {
        await this.#wake();
        end = this.#clock.now() + probe.deadlineMs;
        continue;
      }
      if (this.#signal.aborted || this.#clock.now() + pause > end) break;
      await Promise.race([this.#clock.sleep(pause, this.#signal), this.#wake()]);
    }
    asked();
  }

  #wake(): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#wakers.delete(wake);
        resolve();
      };
      this.#wakers.add(wake);
    });
  }

  #callOf(target: string, probe: CompiledProbe): ToolCall {
    const call: ToolCall = {
      target,
      method: probe.method,
      path: probe.template.replaceAll(/\{([^}]+)\}/g, (_, name: string) =>
        encodeURIComponent(this.#captures.get(name) ?? ""),
      ),
      ...(probe.query === undefined ? {} : { query: { ...probe.query } }),
      headers: { ...probe.headers },
    };
    if (probe.headers === undefined) this.#attach(call);
    return call;
  }

  /** Waits for running probes, makes the final ones, and gives the verdict on every check. */
  async verdict(step: number): Promise<CheckVerdict[]> {
    this.#closing = true;
    this.credentialsChanged();
    await Promise.all(this.#running);
    this.#running = [];
    for (const [index, { probe }] of this.#checks.entries())
      if (probe?.final === true && probe.needs.every((name) => this.#captures.has(name)))
        await this.#probe(index, step, (this.#states[index] as State).round, () => undefined);
    return this.#checks.map(({ label }, index) => {
      const { held, evidence } = this.#states[index] as State;
      return { label, held, evidence };
    });
  }
}
