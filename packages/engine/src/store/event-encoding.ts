import { parseJson, writeJson } from "@ape/core/lib/lossless-number";
import type {
  ActionRecord,
  ActionSent,
  CheckHeld,
  Event,
  InferenceEnded,
  ProbeSent,
  SessionEnded,
  SessionStarted,
  StepEnded,
} from "@ape/core/protocol/events";
import type { Attempt } from "@ape/core/protocol/tool-call";
import { hasEventValues } from "./event-values.ts";

/** What the index of a segment needs of an event. */
export interface EventHead {
  type: string;
  at: number;
  session?: string;
  /** Of `session_started` only, as `agent`. */
  trace?: string;
  agent?: string;
}

/** Events that belong to the run rather than to a session, and of which there are few. */
const RUN_EVENTS: ReadonlySet<string> = new Set<Event["type"]>([
  "run_started",
  "run_ended",
  "agents",
  "health",
  "bus_outage",
  "hook",
  "log",
]);

/** Whether events of this type belong to the run rather than to a session. */
export function isRunEvent(type: string): boolean {
  return RUN_EVENTS.has(type);
}

const SUMMARY_EVENTS: ReadonlySet<string> = new Set<Event["type"]>([
  "session_started",
  "session_ended",
  "session_interrupted",
]);

/** Whether an event is one of a session's steps, in the wider sense: not its start and not its end. */
export function isStepEvent({ type, session }: Pick<EventHead, "type" | "session">): boolean {
  return session !== undefined && !SUMMARY_EVENTS.has(type);
}

/**
 * An event as one line of JSON, without the line's end. Events of the kinds that a session writes most are arrays of
 * their values in a fixed order, `["check",1795906599140.66,"s0-5",1,4,"GET /orders/7 -> 200"]`: half the size of an
 * object with its keys, and faster to write and to read. `null` stands for an absent value, and absent values at the end
 * are left out. All other events are objects. Every line can be read alone.
 */
export function encodeEvent(event: Event): string {
  switch (event.type) {
    case "step":
      return writeJson(stepRecord(event));
    case "inference":
      return writeJson(inferenceRecord(event));
    case "action_sent":
      return writeJson([
        event.type,
        event.at,
        event.session,
        event.step,
        event.target,
        event.method,
        event.path,
      ]);
    case "check":
      return writeJson([event.type, event.at, event.session, event.check, event.step, event.evidence]);
    case "probe":
      return writeJson([
        event.type,
        event.at,
        event.session,
        event.check,
        event.operation,
        event.status,
        event.durationMs,
        event.held,
        event.evidence,
      ]);
    case "session_started":
      return writeJson(startRecord(event));
    case "session_ended":
      return writeJson(endRecord(event));
    default:
      return writeJson(event);
  }
}

/**
 * Reads a line of {@link encodeEvent}, or one of earlier versions, in which every event is an object; the digits of long
 * numbers are kept.
 * @returns undefined if the line is no event
 */
export function decodeEvent(line: string): Event | undefined {
  try {
    const value = (LONG_INTEGER.test(line) ? parseJson(line) : JSON.parse(line)) as unknown;
    const event = Array.isArray(value) ? fromRecord(value) : (value as Event | null);
    if (typeof event?.type !== "string" || typeof event.at !== "number") return undefined;
    return hasEventValues(event) ? event : undefined;
  } catch {
    return undefined;
  }
}

/** Sixteen digits in a row, as in ids; moments and durations have a decimal point before. */
const LONG_INTEGER = /[:,[]-?\d{16}/;

/** The head of a record in array form; strings with an escape are left to JSON.parse. */
const RECORD_HEAD = /^\["(\w+)",(\d+(?:\.\d+)?),"([^"\\]*)"/;

/** The head of a whole line, most of which is not read; undefined if the line is no event. */
export function headOf(line: string): EventHead | undefined {
  const match = RECORD_HEAD.exec(line);
  const [, type = "", at, session = ""] = match ?? [];
  if (type === "session_started" || !LEAST.has(type)) return decodeEvent(line);
  return { type, at: Number(at), session };
}

/** The session of a record in array form; undefined if only the whole line tells. */
export function sessionOfRecord(line: string): string | undefined {
  return RECORD_HEAD.exec(line)?.[3];
}

/** A value, or what JSON has for an absent one. */
type Cell = unknown;

function stepRecord(event: StepEnded): Cell[] {
  const { action } = event;
  const cells: Cell[] = [
    event.type,
    event.at,
    event.session,
    event.step,
    event.source,
    event.tool,
    event.args,
    event.decisionMs,
    event.thinkMs,
    event.queueMs,
    event.betweenMs,
    event.inference,
    event.repairs,
    event.gained,
  ];
  if (action !== undefined) cells.push(actionRecord(action));
  return cells;
}

function actionRecord(action: ActionRecord): Cell[] {
  const { timing, error, attribution, because, request, response } = action;
  const cells: Cell[] = [
    action.target,
    action.operation,
    action.method,
    action.path,
    action.status,
    action.durationMs,
    timing.total,
    timing.queue,
    timing.dns,
    timing.connect,
    timing.tls,
    timing.firstByte,
    timing.body,
    action.attempts.map(attemptRecord),
    action.failed,
  ];
  if ((error ?? attribution ?? because ?? request ?? response) !== undefined)
    cells.push(error, attribution, because, request, response);
  return cells;
}

function attemptRecord({ status, duration, backoff, resent, error }: Attempt): Cell[] {
  return resent === undefined && error === undefined
    ? [status, duration, backoff]
    : [status, duration, backoff, resent, error];
}

function inferenceRecord(event: InferenceEnded): Cell[] {
  const { firstReasoningMs, cachedTokens, reasoningTokens, providerMs, prompt, answer, error } = event;
  const cells: Cell[] = [
    event.type,
    event.at,
    event.session,
    event.step,
    event.inference,
    event.provider,
    event.model,
    event.streamed,
    event.status,
    event.attempts,
    event.queueMs,
    event.durationMs,
    event.inputTokens,
    event.outputTokens,
    event.costUsd,
    event.firstTokenMs,
  ];
  const more = firstReasoningMs ?? cachedTokens ?? reasoningTokens ?? providerMs ?? prompt ?? answer ?? error;
  if (more !== undefined)
    cells.push(firstReasoningMs, cachedTokens, reasoningTokens, providerMs, prompt, answer, error);
  return cells;
}

function startRecord(event: SessionStarted): Cell[] {
  return [
    event.type,
    event.at,
    event.session,
    event.trace,
    event.agent,
    event.goal,
    event.row,
    event.persona,
    event.startDelayMs,
    event.waitedMs,
  ];
}

function endRecord(event: SessionEnded): Cell[] {
  return [
    event.type,
    event.at,
    event.session,
    event.goal,
    event.outcome,
    event.reason,
    event.steps,
    event.durationMs,
    event.checks.map(({ label, held, evidence }) => [label, held, evidence]),
    event.persona,
    event.attribution,
    event.decidedBy,
    ...(event.remark === undefined ? [] : [event.remark]),
  ];
}

/** Least number of values of each kind of record: a shorter one is no event. */
const LEAST: ReadonlyMap<unknown, number> = new Map(
  Object.entries({
    step: 14,
    inference: 16,
    action_sent: 7,
    check: 6,
    probe: 9,
    session_started: 10,
    session_ended: 12,
  }),
);

/** @throws TypeError where a part of the record is missing */
// biome-ignore lint/suspicious/noExplicitAny: the values were written by `encodeEvent` and have the types of its fields
function fromRecord(r: any[]): Event | undefined {
  const least = LEAST.get(r[0]);
  if (least === undefined || r.length < least || typeof r[1] !== "number") return undefined;
  switch (r[0]) {
    case "step":
      return stepFrom(r);
    case "inference":
      return inferenceFrom(r);
    case "action_sent":
      return {
        type: "action_sent",
        at: r[1],
        session: r[2],
        step: r[3],
        target: r[4],
        method: r[5],
        path: r[6],
      } satisfies ActionSent;
    case "check":
      return {
        type: "check",
        at: r[1],
        session: r[2],
        check: r[3],
        step: r[4],
        evidence: r[5],
      } satisfies CheckHeld;
    case "probe":
      return {
        type: "probe",
        at: r[1],
        session: r[2],
        check: r[3],
        operation: r[4],
        status: r[5],
        durationMs: r[6],
        held: r[7],
        evidence: r[8],
      } satisfies ProbeSent;
    case "session_started":
      return startFrom(r);
    default:
      return endFrom(r);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: as of `fromRecord`
type Values = readonly any[];

function stepFrom(r: Values): StepEnded {
  const event: StepEnded = {
    type: "step",
    at: r[1],
    session: r[2],
    step: r[3],
    source: r[4],
    tool: r[5],
    args: r[6],
    decisionMs: r[7],
    thinkMs: r[8],
    queueMs: r[9],
  };
  if (r[10] !== null) event.betweenMs = r[10];
  if (r[11] !== null) event.inference = r[11];
  if (r[12] !== null) event.repairs = r[12];
  if (r[13] !== null) event.gained = r[13];
  if (r[14] !== undefined && r[14] !== null) event.action = actionFrom(r[14]);
  return event;
}

function actionFrom(r: Values): ActionRecord {
  const action: ActionRecord = {
    target: r[0],
    operation: r[1],
    method: r[2],
    path: r[3],
    status: r[4],
    durationMs: r[5],
    timing: {
      total: r[6],
      queue: r[7],
      dns: r[8],
      connect: r[9],
      tls: r[10],
      firstByte: r[11],
      body: r[12],
    },
    attempts: (r[13] as Values[]).map(attemptFrom),
    failed: r[14],
  };
  if (r.length === 15) return action;
  if (r[15] !== null) action.error = r[15];
  if (r[16] !== null) action.attribution = r[16];
  if (r[17] !== null) action.because = r[17];
  if (r[18] !== null) action.request = r[18];
  if (r[19] !== null) action.response = r[19];
  return action;
}

function attemptFrom(r: Values): Attempt {
  const attempt: Attempt = { status: r[0], duration: r[1], backoff: r[2] };
  if (r.length === 3) return attempt;
  if (r[3] !== null) attempt.resent = r[3];
  if (r[4] !== null) attempt.error = r[4];
  return attempt;
}

function inferenceFrom(r: Values): InferenceEnded {
  const event: InferenceEnded = {
    type: "inference",
    at: r[1],
    inference: r[4],
    session: r[2],
    step: r[3],
    provider: r[5],
    model: r[6],
    streamed: r[7],
    status: r[8],
    attempts: r[9],
    queueMs: r[10],
    durationMs: r[11],
    inputTokens: r[12],
    outputTokens: r[13],
    costUsd: r[14],
  };
  if (r[15] !== null) event.firstTokenMs = r[15];
  if (r.length === 16) return event;
  if (r[16] !== null) event.firstReasoningMs = r[16];
  if (r[17] !== null) event.cachedTokens = r[17];
  if (r[18] !== null) event.reasoningTokens = r[18];
  if (r[19] !== null) event.providerMs = r[19];
  if (r[20] !== null) event.prompt = r[20];
  if (r[21] !== null) event.answer = r[21];
  if (r[22] !== null) event.error = r[22];
  return event;
}

function startFrom(r: Values): SessionStarted {
  const event: SessionStarted = {
    type: "session_started",
    at: r[1],
    session: r[2],
    trace: r[3],
    agent: r[4],
    goal: r[5],
  };
  if (r[6] !== null) event.row = r[6];
  if (r[7] !== null) event.persona = r[7];
  if (r[8] !== null) event.startDelayMs = r[8];
  if (r[9] !== null) event.waitedMs = r[9];
  return event;
}

function endFrom(r: Values): SessionEnded {
  const event: SessionEnded = {
    type: "session_ended",
    at: r[1],
    session: r[2],
    goal: r[3],
    outcome: r[4],
    reason: r[5],
    steps: r[6],
    durationMs: r[7],
    checks: (r[8] as Values[]).map(([label, held, evidence]) => ({ label, held, evidence })),
  };
  if (r[9] !== null) event.persona = r[9];
  if (r[10] !== null) event.attribution = r[10];
  if (r[11] !== null) event.decidedBy = r[11];
  if (typeof r[12] === "string") event.remark = r[12];
  return event;
}
