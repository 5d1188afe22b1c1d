import type { ApiDescription, ApiField } from "@ape/core/api";
import type { Clock } from "@ape/core/clock";
import type { GoalConfig, PersonaConfig } from "@ape/core/config/goal";
import type { ThinkTime } from "@ape/core/config/load";
import { toMicros } from "@ape/core/duration";
import { messageOf } from "@ape/core/errors";
import type { ActionRecord, Recorder, StepEnded } from "@ape/core/events";
import type { Json, JsonObject } from "@ape/core/json";
import { maskSecrets } from "@ape/core/mask";
import type { Outcome } from "@ape/core/outcome";
import type { Random } from "@ape/core/random";
import { hasFailed, type ToolCall, type ToolResult, type ToolTransport } from "@ape/core/tool-call";
import { traceparent } from "@ape/core/trace";
import type { ViewAnswer } from "@ape/core/view";
import { attributeAction, FailureLedger } from "./attribution.ts";
import { bodyText, callText, shownHeaders } from "./call-text.ts";
import { Credentials } from "./credentials.ts";
import type { Decision } from "./decision.ts";
import { digestBody, hideTokens } from "./digest.ts";
import type { Ending } from "./ending.ts";
import { Memory } from "./memory.ts";
import { compileChecks } from "./oracle/check.ts";
import { Oracle } from "./oracle/oracle.ts";
import { fillPlaceholders } from "./placeholder.ts";
import type { Decided, Policy } from "./policy.ts";
import { Recovery } from "./recovery.ts";
import { gainState } from "./state.ts";
import { drawThinkTime } from "./think-time.ts";

/** A model may correct itself so many times before the session ends. */
const CORRECTIONS = 2;
const MAX_BODY_RECORD = 2_000;

export interface SessionOptions {
  session: string;
  agent: string;
  /** W3C trace id, one a session. */
  trace: string;
  goal: GoalConfig;
  persona?: PersonaConfig;
  row?: { index: number; values: Readonly<Record<string, string>>; secret: readonly string[] };
  apis: readonly ApiDescription[];
  /** Base URL of each target, for the domains and paths of cookies. */
  origins: Readonly<Record<string, string>>;
  policy: Policy;
  tools: ToolTransport;
  recorder: Recorder;
  clock: Clock;
  /** The session's own numbers. */
  random: Random;
  thinkTime: ThinkTime;
  /** Values of the configuration that no event may show. */
  secrets: readonly string[];
  /** The end of the run: cuts the session off. */
  signal: AbortSignal;
  startDelayMs?: number;
  waitedMs?: number;
}

/** How a session ended; `outcome` is absent where the end of the run cut it off. */
export interface SessionReport {
  outcome: Outcome | undefined;
  steps: number;
  durationMs: number;
}

/** Runs one session: one agent's one attempt at one goal. Never rejects. */
export function runSession(options: SessionOptions): Promise<SessionReport> {
  return new Session(options).run();
}

const answerFields = new WeakMap<ApiDescription, Map<string, Map<string, ApiField>>>();

/** The answer fields of each operation of an API by their names; made once an API. */
function fieldsOf(api: ApiDescription): Map<string, Map<string, ApiField>> {
  let known = answerFields.get(api);
  if (known === undefined) {
    known = new Map(
      api.operations.map(({ method, path, fields }) => [
        `${method} ${path}`,
        new Map(fields.filter((field) => field.in === "answer").map((field) => [field.name, field])),
      ]),
    );
    answerFields.set(api, known);
  }
  return known;
}

class Session {
  readonly #options: SessionOptions;
  readonly #memory: Memory;
  readonly #credentials: Credentials;
  readonly #oracle: Oracle;
  readonly #failures = new FailureLedger();
  readonly #recovery = new Recovery();
  readonly #abort = new AbortController();
  readonly #seed: number;
  readonly #startedAt: number;
  #step = 0;
  #tokens = 0;
  #problem: string | undefined;
  #corrections = 0;
  #lastAnswerAt: number | undefined;
  #timedOut = false;
  #parent = "";
  #parentStep = -1;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { goal, persona, row, apis, origins, clock } = options;
    this.#memory = new Memory(goal.prompt, persona?.prompt, row?.values ?? {}, row?.secret ?? []);
    this.#credentials = new Credentials(apis, origins);
    this.#oracle = new Oracle({
      checks: compileChecks(goal, apis[0]?.target ?? ""),
      session: options.session,
      tools: options.tools,
      recorder: options.recorder,
      clock,
      signal: options.signal,
      attach: (call) => {
        this.#trace(call);
        this.#credentials.attach(call);
      },
    });
    this.#seed = Math.floor(options.random() * 0x7fffffff);
    this.#startedAt = clock.now();
  }

  async run(): Promise<SessionReport> {
    const { session, trace, agent, goal, persona, row, recorder, clock, signal, startDelayMs, waitedMs } =
      this.#options;
    recorder.record({
      type: "session_started",
      at: clock.epoch(),
      session,
      trace,
      agent,
      goal: goal.name,
      ...(persona === undefined ? {} : { persona: persona.name }),
      ...(row === undefined ? {} : { row: row.index }),
      ...(startDelayMs === undefined ? {} : { startDelayMs }),
      ...(waitedMs === undefined ? {} : { waitedMs }),
    });
    const cut = (): void => this.#abort.abort();
    signal.addEventListener("abort", cut);
    if (signal.aborted) cut();
    const budget = setTimeout(() => {
      this.#timedOut = true;
      cut();
    }, goal.budget.time);
    let ending: Ending | undefined;
    try {
      while (ending === undefined && !this.#abort.signal.aborted) ending = await this.#next();
    } catch (thrown) {
      ending = { outcome: "error", reason: messageOf(thrown), attribution: "infrastructure" };
    }
    clearTimeout(budget);
    if (ending === undefined && this.#timedOut)
      ending = { outcome: "time_budget", reason: `${goal.budget.time} ms have passed` };
    const report = await this.#end(ending);
    signal.removeEventListener("abort", cut);
    return report;
  }

  /** One decision and what follows from it. */
  async #next(): Promise<Ending | undefined> {
    const { goal, policy, session, clock } = this.#options;
    if (this.#step >= goal.budget.steps)
      return { outcome: "step_budget", reason: `${goal.budget.steps} steps are used up` };
    if (this.#tokens >= goal.budget.tokens)
      return { outcome: "token_budget", reason: `${goal.budget.tokens} tokens are used up` };
    const step = this.#step + 1;
    const asked = clock.now();
    const decided = await policy.decide(this.#memory.view(this.#problem), {
      session,
      step,
      traceparent: this.#traceparent(step),
      seed: (this.#seed + step) % 0x7fffffff,
      signal: this.#abort.signal,
    });
    const decisionMs = clock.now() - asked - decided.queueMs;
    if (this.#abort.signal.aborted) return undefined;
    this.#tokens += decided.tokens;
    if (decided.error !== undefined)
      return {
        outcome: "error",
        reason: `the model failed: ${decided.error.message}`,
        attribution: "inference",
      };
    if (decided.decision === undefined) return this.#invalid(step, decided.problem ?? "no decision", decided);
    return this.#follow(step, decided.decision, decided, decisionMs);
  }

  #invalid(step: number, reason: string, decided: Decided): Ending | undefined {
    const { recorder, clock, session } = this.#options;
    recorder.record({
      type: "decision_invalid",
      at: clock.epoch(),
      session,
      step,
      reason,
      ...(decided.inference === undefined ? {} : { inference: decided.inference }),
    });
    this.#corrections += 1;
    this.#problem = reason;
    if (this.#corrections <= CORRECTIONS) return undefined;
    return {
      outcome: "error",
      reason: `${this.#corrections} invalid decisions in a row: ${reason}`,
      attribution: "simulation",
    };
  }

  async #follow(
    step: number,
    decision: Decision,
    decided: Decided,
    decisionMs: number,
  ): Promise<Ending | undefined> {
    const { clock } = this.#options;
    if (decision.kind === "action") {
      const filled = this.#fill(decision);
      if (typeof filled === "string") return this.#invalid(step, filled, decided);
      this.#accept(step);
      return this.#act(step, decision, filled, decided, decisionMs);
    }
    this.#accept(step);
    const began = clock.now();
    const gained: string[] = [];
    if (decision.kind === "wait") await clock.sleep(decision.ms, this.#abort.signal);
    if (decision.kind === "state_update")
      for (const [name, value] of Object.entries(decision.set))
        if (this.#memory.learn(name.slice(0, 60), String(value).slice(0, 400), false, `step ${step}`))
          gained.push(name);
    this.#record(
      step,
      decision,
      decided,
      { decisionMs, thinkMs: clock.now() - began, queueMs: decided.queueMs },
      gained,
    );
    return decision.kind === "finish"
      ? { outcome: "failed", reason: `finished: ${decision.reason}` }
      : undefined;
  }

  #accept(step: number): void {
    this.#step = step;
    this.#corrections = 0;
    this.#problem = undefined;
  }

  /** The call with its placeholders filled in, or what is wrong with them. */
  #fill(decision: Decision & { kind: "action" }): ToolCall | string {
    const read = (name: string): string | undefined => this.#memory.read(name);
    const path = fillPlaceholders(decision.path, read);
    const headers = fillPlaceholders((decision.headers ?? {}) as JsonObject, read);
    const query = fillPlaceholders((decision.query ?? {}) as JsonObject, read);
    const data = fillPlaceholders(decision.data ?? null, read);
    const unknown = [...path.unknown, ...headers.unknown, ...query.unknown, ...data.unknown];
    if (unknown.length > 0) return `nothing is known as {{${unknown[0]}}}`;
    const call: ToolCall = {
      target: decision.target,
      method: decision.method,
      path: path.value,
      headers: headers.value as Record<string, string>,
    };
    if (decision.query !== undefined) call.query = query.value as NonNullable<ToolCall["query"]>;
    if (decision.data !== undefined) call.data = data.value;
    return call;
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
    decision: Decision & { kind: "action" },
    call: ToolCall,
    decided: Decided,
    decisionMs: number,
  ): Promise<Ending | undefined> {
    const { clock, random, recorder, session, thinkTime, tools } = this.#options;
    const thought = clock.now();
    const think = Math.max(drawThinkTime(thinkTime, random), this.#recovery.takeBackoff());
    if (think > 0) await clock.sleep(think, this.#abort.signal);
    if (this.#abort.signal.aborted) return undefined;
    const thinkMs = clock.now() - thought;
    await this.#oracle.asked();
    const queueMs = decided.queueMs + clock.now() - thought - thinkMs;
    if (this.#abort.signal.aborted) return undefined;
    this.#trace(call);
    this.#credentials.attach(call);
    const intent = {
      type: "action_sent",
      at: clock.epoch(),
      session,
      step,
      target: call.target,
      method: call.method,
      path: decision.path.slice(0, 400),
    } as const;
    if (call.method === "GET") recorder.record(intent);
    else recorder.commit(intent);
    const sent = clock.now();
    const betweenMs = this.#lastAnswerAt === undefined ? undefined : sent - this.#lastAnswerAt;
    const result = await tools.call(call, this.#abort.signal);
    const answered = clock.now();
    this.#lastAnswerAt = answered;
    return this.#learn(step, decision, call, result, decided, {
      decisionMs,
      thinkMs,
      queueMs,
      durationMs: answered - sent,
      ...(betweenMs === undefined ? {} : { betweenMs }),
    });
  }

  #learn(
    step: number,
    decision: Decision & { kind: "action" },
    call: ToolCall,
    result: ToolResult,
    decided: Decided,
    times: { decisionMs: number; thinkMs: number; queueMs: number; durationMs: number; betweenMs?: number },
  ): Ending | undefined {
    const failed = hasFailed(result);
    const hadToken = this.#credentials.tokenOf(call.target) !== undefined;
    const attribution = failed
      ? attributeAction(call, result, (value) => this.#memory.hasGained(value), hadToken)
      : undefined;
    this.#failures.note(step, call.target, result, attribution);
    this.#credentials.keepCookies(call.target, call.path, result.headers["set-cookie"]);
    const gained = failed ? [] : this.#gain(step, call, result);
    const waiting = this.#recovery.note(result, hadToken && !failed, this.#options.clock.epoch());
    if (result.status === 401) this.#forgetToken(call.target);
    const text = callText(decision);
    const note = result.error?.message ?? waiting;
    const answer: ViewAnswer = {
      step,
      target: call.target,
      call: text,
      status: result.status,
      body: JSON.stringify(this.#shown(call.target, result)),
    };
    if (note !== undefined) answer.note = note;
    const headers = shownHeaders(result);
    if (headers !== undefined) answer.headers = headers;
    this.#memory.remember(answer);
    const action: ActionRecord = {
      target: call.target,
      operation: result.operation,
      method: call.method,
      path: decision.path.slice(0, 400),
      status: result.status,
      durationMs: toMicros(times.durationMs),
      timing: result.timing,
      attempts: result.attempts,
      failed,
      ...(result.error === undefined ? {} : { error: result.error }),
      ...(attribution === undefined ? {} : { attribution }),
      ...(failed ? { request: text, response: this.#masked(bodyText(result)) } : {}),
    };
    this.#record(step, decision, decided, times, gained, action);
    this.#oracle.observe(step, call.target, result);
    return this.#recovery.givesUp(call, result, text);
  }

  #gain(step: number, call: ToolCall, result: ToolResult): string[] {
    if (result.body.kind !== "json") return [];
    const api = this.#options.apis.find(({ target }) => target === call.target);
    const fields = api === undefined ? undefined : fieldsOf(api).get(result.operation);
    const gained: string[] = [];
    for (const { name, value, token } of gainState(result.body.json, fields)) {
      const credential =
        token && call.method !== "GET" && this.#credentials.keepToken(call.target, name, value);
      if (credential) {
        this.#recovery.loggedIn();
        this.#oracle.credentialsChanged();
      }
      if (this.#memory.learn(name, value, token, `step ${step} ${result.operation}`)) gained.push(name);
    }
    return gained;
  }

  #forgetToken(target: string): void {
    const dropped = this.#credentials.dropToken(target);
    if (dropped !== undefined) this.#memory.forget(dropped);
  }

  /** An answer's digest, a token that it brought shown as its placeholder. */
  #shown(target: string, result: ToolResult): Json {
    const digest = digestBody(result.body);
    if (this.#credentials.tokenOf(target) === undefined) return digest;
    return hideTokens(digest, (value) => this.#credentials.nameOf(target, value));
  }

  #masked(text: string): string {
    return maskSecrets(text.slice(0, MAX_BODY_RECORD), [
      ...this.#options.secrets,
      ...this.#memory.secrets(),
      ...this.#credentials.secrets(),
    ]);
  }

  #record(
    step: number,
    { tool, args }: Decision,
    decided: Decided,
    times: { decisionMs: number; thinkMs: number; queueMs: number; betweenMs?: number },
    gained: readonly string[],
    action?: ActionRecord,
  ): void {
    const { recorder, clock, session } = this.#options;
    const event: StepEnded = {
      type: "step",
      at: clock.epoch(),
      session,
      step,
      source: "model",
      tool,
      args,
      decisionMs: toMicros(times.decisionMs),
      thinkMs: toMicros(times.thinkMs),
      queueMs: toMicros(times.queueMs),
    };
    if (decided.inference !== undefined) event.inference = decided.inference;
    if (times.betweenMs !== undefined) event.betweenMs = toMicros(times.betweenMs);
    if (action !== undefined) event.action = action;
    if (gained.length > 0) event.gained = gained;
    recorder.record(event);
  }

  async #end(ending: Ending | undefined): Promise<SessionReport> {
    const { session, goal, recorder, clock } = this.#options;
    const checks = ending === undefined ? [] : await this.#oracle.verdict(this.#step);
    const durationMs = toMicros(clock.now() - this.#startedAt);
    const steps = this.#step;
    if (ending === undefined || (this.#options.signal.aborted && !checks.every(({ held }) => held))) {
      recorder.record({
        type: "session_interrupted",
        at: clock.epoch(),
        session,
        goal: goal.name,
        steps,
        durationMs,
      });
      return { outcome: undefined, steps, durationMs };
    }
    const at = clock.epoch();
    const base = { type: "session_ended", at, session, goal: goal.name, steps, durationMs, checks } as const;
    if (checks.every(({ held }) => held)) {
      recorder.record({ ...base, outcome: "succeeded", reason: "every check holds" });
      return { outcome: "succeeded", steps, durationMs };
    }
    const compiled = compileChecks(goal, this.#options.apis[0]?.target ?? "");
    const unmet = compiled.filter((_, index) => checks[index]?.held !== true);
    const decision = this.#failures.decide(ending.outcome, unmet);
    const attribution = ending.attribution ?? decision.attribution;
    const because = ending.attribution === undefined ? decision.reason : ending.reason;
    recorder.record({
      ...base,
      outcome: ending.outcome,
      reason: this.#masked(because),
      attribution,
      ...(ending.attribution === undefined && decision.step !== undefined
        ? { decidedBy: decision.step }
        : {}),
    });
    return { outcome: ending.outcome, steps, durationMs };
  }
}
