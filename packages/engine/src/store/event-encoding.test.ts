import { writeJson } from "@ape/core/lib/lossless-number";
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
import { ATTRIBUTIONS, OUTCOMES } from "@ape/core/protocol/outcome";
import type { Attempt, Timing } from "@ape/core/protocol/tool-call";
import fc from "fast-check";
import { expect, test } from "vitest";
import { plausibleEvents } from "../../test/plausible-events.ts";
import { decodeEvent, encodeEvent, headOf } from "./event-encoding.ts";

/** An arbitrary for every key, so that a new field of an event fails to compile here until it is tested. */
type Fields<T> = { [K in keyof Required<T>]: fc.Arbitrary<Exclude<T[K], undefined>> };
type OptionalKeys<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T];

function record<T extends object>(fields: Fields<T>, optional: OptionalKeys<T>[]): fc.Arbitrary<T> {
  const required = Object.keys(fields).filter((key) => !optional.includes(key as OptionalKeys<T>));
  return fc.record(fields as never, { requiredKeys: required as never, noNullPrototype: true }) as never;
}

const text = fc.string({ unit: "grapheme" });
const number = fc.oneof(
  fc.nat(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
);
const at = fc.double({ noNaN: true, min: 0, max: 9e12 }).map((value) => value + 0);
const json = fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<never>;
const error = fc.record({ code: fc.constantFrom("timeout" as const, "reset" as const), message: text });
const base = { at, session: text, step: fc.nat() };

const timing = record<Timing>(
  {
    total: number,
    queue: number,
    dns: number,
    connect: number,
    tls: number,
    firstByte: number,
    body: number,
  },
  [],
);
const attempt = record<Attempt>(
  { status: fc.nat(), duration: number, backoff: number, resent: fc.constant(true), error },
  ["resent", "error"],
);
const action = record<ActionRecord>(
  {
    target: text,
    operation: text,
    method: text,
    path: text,
    status: fc.nat(),
    durationMs: number,
    timing,
    attempts: fc.array(attempt, { maxLength: 3 }),
    failed: fc.boolean(),
    error,
    attribution: fc.constantFrom(...ATTRIBUTIONS),
    because: text,
    request: text,
    response: text,
  },
  ["error", "attribution", "because", "request", "response"],
);

const events = fc.oneof(
  record<StepEnded>(
    {
      ...base,
      type: fc.constant("step"),
      source: fc.constant("model"),
      tool: text,
      args: json,
      inference: text,
      repairs: fc.array(fc.constantFrom("path"), { maxLength: 2 }) as never,
      decisionMs: number,
      thinkMs: number,
      queueMs: number,
      betweenMs: number,
      action,
      gained: fc.array(text, { maxLength: 3 }),
    },
    ["inference", "repairs", "betweenMs", "action", "gained"],
  ),
  record<InferenceEnded>(
    {
      ...base,
      type: fc.constant("inference"),
      inference: text,
      provider: text,
      model: text,
      streamed: fc.boolean(),
      status: fc.nat(),
      attempts: fc.nat(),
      queueMs: number,
      firstTokenMs: number,
      firstReasoningMs: number,
      durationMs: number,
      inputTokens: fc.nat(),
      outputTokens: fc.nat(),
      cachedTokens: fc.nat(),
      reasoningTokens: fc.nat(),
      providerMs: number,
      costUsd: number,
      prompt: text,
      answer: text,
      error: text,
    },
    [
      "firstTokenMs",
      "firstReasoningMs",
      "cachedTokens",
      "reasoningTokens",
      "providerMs",
      "prompt",
      "answer",
      "error",
    ],
  ),
  record<ActionSent>(
    { ...base, type: fc.constant("action_sent"), target: text, method: text, path: text },
    [],
  ),
  record<CheckHeld>({ ...base, type: fc.constant("check"), check: fc.nat(), evidence: text }, []),
  record<ProbeSent>(
    {
      type: fc.constant("probe"),
      at,
      session: text,
      check: fc.nat(),
      operation: text,
      status: fc.nat(),
      durationMs: number,
      held: fc.boolean(),
      evidence: text,
    },
    [],
  ),
  record<SessionStarted>(
    {
      type: fc.constant("session_started"),
      at,
      session: text,
      trace: text,
      agent: text,
      goal: text,
      persona: text,
      row: fc.nat(),
      startDelayMs: number,
      waitedMs: number,
    },
    ["persona", "row", "startDelayMs", "waitedMs"],
  ),
  record<SessionEnded>(
    {
      type: fc.constant("session_ended"),
      at,
      session: text,
      goal: text,
      persona: text,
      outcome: fc.constantFrom(...OUTCOMES),
      reason: text,
      attribution: fc.constantFrom(...ATTRIBUTIONS),
      decidedBy: fc.nat(),
      remark: text,
      steps: fc.nat(),
      durationMs: number,
      checks: fc.array(fc.record({ label: text, held: fc.boolean(), evidence: text }), { maxLength: 3 }),
    },
    ["persona", "attribution", "decidedBy", "remark"],
  ),
  fc.constantFrom(...plausibleEvents(20)),
) as fc.Arbitrary<Event>;

test("every event can be read back, field by field, and is one line", () => {
  fc.assert(
    fc.property(events, (event) => {
      const line = encodeEvent(event);
      expect(line).not.toContain("\n");
      // JSON has no negative zero.
      expect(decodeEvent(line)).toEqual(JSON.parse(writeJson(event)));
    }),
    { numRuns: 2_000 },
  );
});

test("the head of a line is that of its event", () => {
  fc.assert(
    fc.property(events, (event) => {
      const head = headOf(encodeEvent(event));
      expect(head?.at).toBe(event.at);
      expect(head?.type).toBe(event.type);
      expect(head?.session).toBe("session" in event ? event.session : undefined);
      if (event.type === "session_started")
        expect(head).toMatchObject({ trace: event.trace, agent: event.agent });
    }),
  );
});

test("a line that is cut anywhere is no event", () => {
  fc.assert(
    fc.property(events, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (event, share) => {
      const line = encodeEvent(event);
      expect(decodeEvent(line.slice(0, Math.floor(line.length * share)))).toBeUndefined();
    }),
  );
});

test("lines of earlier versions, with an object for every event, are read", () => {
  for (const event of plausibleEvents(20)) expect(decodeEvent(writeJson(event))).toEqual(event);
});

test("the digits of long numbers are kept", () => {
  const [line] = plausibleEvents(1)
    .filter((event) => event.type === "step")
    .map((event) =>
      encodeEvent({ ...event, args: { id: 0 } }).replace('{"id":0}', '{"id":9007199254740993123}'),
    );
  const event = decodeEvent(line ?? "");
  expect(event === undefined ? "" : encodeEvent(event)).toBe(line);
});

test.each([
  "",
  "garbage",
  "[1]",
  "null",
  "[]",
  '{"type":"step"}',
  '["step",1]',
  '["other",1,"s"]',
  '["check","x"]',
])("%j is no event", (line) => {
  expect(decodeEvent(line)).toBeUndefined();
  expect(headOf(line)).toBeUndefined();
});

test("a record takes at most two thirds of the same event as an object", () => {
  const all = plausibleEvents(50);
  const size = (of: (event: Event) => string): number =>
    all.reduce((sum, event) => sum + of(event).length, 0);
  expect(size(encodeEvent)).toBeLessThan(size(writeJson) * 0.67);
});

test.each(["step", "inference", "action_sent", "check", "probe", "session_started", "session_ended"])(
  "an event %s is a list, which begins with its type, its moment and its session",
  (type) => {
    const event = fc.sample(events, { numRuns: 2_000, seed: 1 }).find((one) => one.type === type);
    if (event === undefined || !("session" in event)) throw new Error(`no ${type} in the sample`);
    expect(encodeEvent(event).startsWith(writeJson([type, event.at, event.session]).slice(0, -1))).toBe(true);
  },
);
