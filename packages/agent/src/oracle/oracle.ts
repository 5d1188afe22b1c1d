import type { Clock } from "@ape/core/clock";
import type { CheckVerdict, Recorder } from "@ape/core/events";
import { operationShape } from "@ape/core/operation";
import type { ToolCall, ToolResult, ToolTransport } from "@ape/core/tool-call";
import type { CompiledCheck } from "./check.ts";
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
  #running: Promise<void>[] = [];

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
      this.#running.push(this.#probe(index, step, state.round));
    }
  }

  async #probe(index: number, step: number, round: number): Promise<void> {
    const check = this.#checks[index] as CompiledCheck;
    const { probe } = check;
    if (probe === undefined) return;
    const call: ToolCall = {
      target: check.target,
      method: probe.method,
      path: probe.template.replaceAll(/\{([^}]+)\}/g, (_, name: string) =>
        encodeURIComponent(this.#captures.get(name) ?? ""),
      ),
      ...(probe.query === undefined ? {} : { query: { ...probe.query } }),
      headers: { ...probe.headers },
    };
    if (probe.headers === undefined) this.#attach(call);
    const state = this.#states[index] as State;
    const end = this.#clock.now() + probe.deadlineMs;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
      const result = await this.#tools.call({ ...call, headers: { ...call.headers } }, this.#signal);
      if (round !== state.round) return;
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
        return;
      }
      if (this.#signal.aborted || this.#clock.now() + pause > end) return;
      await this.#clock.sleep(pause, this.#signal);
    }
  }

  /** Waits for running probes, makes the final ones, and gives the verdict on every check. */
  async verdict(step: number): Promise<CheckVerdict[]> {
    await Promise.all(this.#running);
    this.#running = [];
    for (const [index, { probe }] of this.#checks.entries())
      if (probe?.final === true && probe.needs.every((name) => this.#captures.has(name)))
        await this.#probe(index, step, (this.#states[index] as State).round);
    return this.#checks.map(({ label }, index) => {
      const { held, evidence } = this.#states[index] as State;
      return { label, held, evidence };
    });
  }
}
