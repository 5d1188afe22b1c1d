import type {
  ActionRecord,
  DecisionInvalid,
  Event,
  InferenceEnded,
  SessionEnded,
  SessionInterrupted,
  SessionStarted,
  StepEnded,
} from "@ape/core/protocol/events";
import { operationText } from "@ape/core/report/operation-text";
import type { ReportAction, ReportRead, ReportSession, ReportStep } from "@ape/core/report/report-session";
import { shortened } from "@ape/core/report/shortened";
import { MAX_REASON_CHARS } from "../aggregate/failures.ts";
import { cut, jsonText } from "./bounded-text.ts";
import { rounded } from "./time-bucket.ts";

/** Steps of a long session that are kept: its first and its last. */
const FIRST_STEPS = 30;
const LAST_STEPS = 20;
const MAX_READS = 20;
const MAX_NOTES = 20;
const MAX_CHECKS = 20;
const TEXT_CHARS = 400;
const NAME_CHARS = 200;
const BODY_CHARS = 1_500;
/** Texts of a session that would be too large are cut to this. */
const SHORT_CHARS = 100;
/** Most bytes of one session as JSON. */
export const MAX_SESSION_BYTES = 10_000;

type SessionEvent = Extract<Event, { session: string }>;

/** The events of one open session, as far as a report shows them. Bounded. */
export class SessionRecord {
  readonly started: SessionStarted;
  readonly #steps: StepEnded[] = [];
  #omitted = 0;
  // Most sessions have few of these, and there are many sessions: they are made when they are needed.
  #models: Map<number, InferenceEnded> | undefined;
  #invalid: DecisionInvalid[] | undefined;
  #reads: ReportRead[] | undefined;
  /** The first failed action, in the form `POST /orders 503`; undefined if none has failed. */
  failedAction: string | undefined;

  constructor(started: SessionStarted) {
    this.started = started;
  }

  add(event: SessionEvent): void {
    switch (event.type) {
      case "step":
        if (event.action?.failed === true) this.failedAction ??= failedActionOf(event.action);
        this.#steps.push(event);
        if (this.#steps.length > FIRST_STEPS + LAST_STEPS) {
          const [dropped] = this.#steps.splice(FIRST_STEPS, 1);
          if (dropped !== undefined) this.#models?.delete(dropped.step);
          this.#omitted += 1;
        }
        return;
      case "inference":
        this.#models ??= new Map();
        if (this.#models.size < (FIRST_STEPS + LAST_STEPS) * 2) this.#models.set(event.step, event);
        return;
      case "decision_invalid":
        this.#invalid ??= [];
        if (this.#invalid.length < MAX_NOTES) this.#invalid.push(event);
        return;
      case "probe":
      case "verification":
        this.#reads ??= [];
        if (this.#reads.length < MAX_READS) this.#reads.push(readOf(event, this.started.at));
    }
  }

  /** The session as a report shows it, at most {@link MAX_SESSION_BYTES} long; `at` is in epoch milliseconds. */
  close(end: SessionEnded | SessionInterrupted): ReportSession {
    const { session, trace, agent, goal, persona, row, at } = this.started;
    const ended = end.type === "session_ended" ? end : undefined;
    return bounded({
      session,
      trace,
      agent,
      worker: workerOf(agent),
      goal: cut(goal, NAME_CHARS),
      ...(persona === undefined ? {} : { persona: cut(persona, NAME_CHARS) }),
      ...(row === undefined ? {} : { row }),
      at,
      durationMs: rounded(end.durationMs),
      outcome: ended?.outcome ?? "interrupted",
      reason: shortened(ended?.reason ?? "cut off by the end of the run", MAX_REASON_CHARS),
      ...(ended?.attribution === undefined ? {} : { attribution: ended.attribution }),
      ...(ended?.decidedBy === undefined ? {} : { decidedBy: ended.decidedBy }),
      stepCount: end.steps,
      steps: this.#steps.map((step) => this.#step(step)),
      omittedSteps: this.#omitted,
      checks: (ended?.checks ?? []).slice(0, MAX_CHECKS).map(({ label, held, evidence }) => ({
        label: cut(label, NAME_CHARS),
        held,
        evidence: cut(evidence, TEXT_CHARS),
      })),
      reads: this.#reads ?? [],
    });
  }

  #step(event: StepEnded): ReportStep {
    const model = this.#models?.get(event.step);
    const invalid = (this.#invalid ?? []).filter(({ step }) => step === event.step);
    return {
      step: event.step,
      at: rounded(event.at - this.started.at),
      tool: cut(event.tool, NAME_CHARS),
      args: jsonText(event.args, TEXT_CHARS),
      decisionMs: rounded(event.decisionMs),
      thinkMs: rounded(event.thinkMs),
      queueMs: rounded(event.queueMs),
      ...(model === undefined ? {} : { tokensInput: model.inputTokens, tokensOutput: model.outputTokens }),
      ...(invalid.length === 0 ? {} : { invalid: invalid.map(({ reason }) => cut(reason, NAME_CHARS)) }),
      ...(event.repairs === undefined ? {} : { repairs: [...event.repairs] }),
      ...(event.action === undefined ? {} : { action: actionOf(event.action) }),
      ...(event.gained === undefined
        ? {}
        : { gained: event.gained.slice(0, MAX_NOTES).map((name) => cut(name, NAME_CHARS)) }),
    };
  }
}

/** A failed action in the form `POST /orders 503`. */
export function failedActionOf({ operation, error, status }: ActionRecord): string {
  return `${operation} ${error?.code ?? status}`;
}

/** The worker in an agent's name: `a3-17` runs in worker 3. */
function workerOf(agent: string): string {
  return /^a(\d+)-/.exec(agent)?.[1] ?? "";
}

function actionOf(action: ActionRecord): ReportAction {
  const { timing, error, attribution, because, request, response } = action;
  return {
    target: action.target,
    operation: operationText(action.operation),
    method: action.method,
    path: cut(action.path, NAME_CHARS),
    status: action.status,
    durationMs: rounded(action.durationMs),
    queueMs: rounded(timing.queue),
    connectMs: rounded(timing.dns + timing.connect + timing.tls),
    waitMs: rounded(timing.firstByte),
    receiveMs: rounded(timing.body),
    attempts: action.attempts.length,
    failed: action.failed,
    ...(error === undefined ? {} : { error: cut(`${error.code}: ${error.message}`, TEXT_CHARS) }),
    ...(attribution === undefined ? {} : { attribution }),
    ...(because === undefined ? {} : { because: cut(because, TEXT_CHARS) }),
    ...(request === undefined ? {} : { request: cut(request, TEXT_CHARS) }),
    ...(response === undefined ? {} : { response: cut(response, BODY_CHARS) }),
  };
}

function readOf(event: Extract<Event, { type: "probe" | "verification" }>, start: number): ReportRead {
  return {
    at: rounded(event.at - start),
    kind: event.type,
    operation: operationText(event.operation),
    status: event.status,
    durationMs: rounded(event.durationMs),
    ...(event.type === "probe" ? { held: event.held } : { attribution: event.attribution }),
    evidence: cut(event.evidence, TEXT_CHARS),
  };
}

/** Cuts texts, then leaves out steps from the middle, until a session is small enough. */
function bounded(session: ReportSession): ReportSession {
  if (bytesOf(session) <= MAX_SESSION_BYTES) return session;
  const short: ReportSession = {
    ...session,
    reason: shortened(session.reason, TEXT_CHARS / 2),
    checks: session.checks.map((check) => ({ ...check, evidence: cut(check.evidence, SHORT_CHARS) })),
    reads: session.reads.map((read) => ({ ...read, evidence: cut(read.evidence, SHORT_CHARS) })),
    steps: session.steps.map(shortStep),
  };
  while (bytesOf(short) > MAX_SESSION_BYTES) {
    const { steps, reads, checks } = short;
    if (steps.length > 2) {
      steps.splice(steps.length >> 1, 1);
      short.omittedSteps += 1;
    } else if (reads.length > 0) reads.pop();
    else if (checks.length > 1) checks.pop();
    else break;
  }
  return short;
}

function shortStep(step: ReportStep): ReportStep {
  const { action, args, gained, invalid } = step;
  const texts: Partial<ReportAction> = {};
  for (const key of ["error", "because", "request", "response"] as const)
    if (action?.[key] !== undefined) texts[key] = cut(action[key], SHORT_CHARS);
  return {
    ...step,
    args: cut(args, SHORT_CHARS),
    ...(gained === undefined ? {} : { gained: gained.slice(0, 5).map((name) => cut(name, SHORT_CHARS / 2)) }),
    ...(invalid === undefined ? {} : { invalid: invalid.slice(0, 1) }),
    ...(action === undefined ? {} : { action: { ...action, ...texts } }),
  };
}

function bytesOf(session: ReportSession): number {
  return Buffer.byteLength(JSON.stringify(session));
}
