import type { Event } from "@ape/core/protocol/events";
import { expect, test } from "vitest";
import type { SessionOptions } from "./session-options.ts";
import { SessionRecorder } from "./session-recorder.ts";
import type { SessionState } from "./session-state.ts";

function rig(more: object = {}) {
  const events: Event[] = [];
  const committed: Event[] = [];
  let now = 100;
  const options = {
    session: "s",
    trace: "t",
    agent: "a",
    goal: { name: "buy" },
    clock: { now: () => now, epoch: () => 1_000 + now },
    recorder: {
      record: (event: Event) => void events.push(event),
      commit: (event: Event) => void committed.push(event),
    },
    ...more,
  } as unknown as SessionOptions;
  const hide = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll("s3cret", "***")) as T;
  const state = { hide, mask: hide } as unknown as SessionState;
  const recorder = new SessionRecorder(options, state, 40);
  return { recorder, events, committed, later: (ms: number) => (now += ms) };
}
const decision = { kind: "action", tool: "http_get", args: { q: "s3cret" } } as never;
const times = { decisionMs: 1.000_04, thinkMs: 2, queueMs: 3 };

test("a session's start names what there is of it", () => {
  const plain = rig();
  plain.recorder.start();
  expect(plain.events).toStrictEqual([
    { type: "session_started", at: 1_100, session: "s", trace: "t", agent: "a", goal: "buy" },
  ]);
  const full = rig({ persona: { name: "hasty" }, row: { index: 0 }, startDelayMs: 0, waitedMs: 0 });
  full.recorder.start();
  expect(full.events[0]).toMatchObject({ persona: "hasty", row: 0, startDelayMs: 0, waitedMs: 0 });
});

test("only what changes something is on the disk before it is sent, and paths are bounded and without secrets", () => {
  const { recorder, events, committed } = rig();
  const call = (method: string) => ({ target: "shop", method, path: "/" }) as never;
  recorder.intend(3, call("GET"), "/s3cret");
  recorder.intend(4, call("POST"), `/${"x".repeat(500)}`);
  expect(events).toEqual([
    { type: "action_sent", at: 1_100, session: "s", step: 3, target: "shop", method: "GET", path: "/***" },
  ]);
  expect(committed).toMatchObject([{ step: 4, method: "POST", path: `/${"x".repeat(399)}` }]);
});

test("a step and an invalid decision have what there is of them, to the microsecond", () => {
  const { recorder, events } = rig();
  recorder.step(2, decision, {} as never, times, []);
  expect(events[0]).toStrictEqual({
    type: "step",
    at: 1_100,
    session: "s",
    step: 2,
    source: "model",
    tool: "http_get",
    args: { q: "***" },
    decisionMs: 1,
    thinkMs: 2,
    queueMs: 3,
  });
  const action = { operation: "GET /a" } as never;
  const full = { ...(decision as object), repairs: ["type"] } as never;
  recorder.step(3, full, { inference: "i" } as never, { ...times, betweenMs: 0.000_6 }, ["id"], action);
  expect(events[1]).toMatchObject({
    inference: "i",
    repairs: ["type"],
    betweenMs: 0.001,
    gained: ["id"],
    action,
  });
  recorder.invalid(4, "not s3cret", {} as never);
  recorder.invalid(5, "no", { inference: "i" } as never);
  expect(events.slice(2)).toStrictEqual([
    { type: "decision_invalid", at: 1_100, session: "s", step: 4, reason: "not ***" },
    { type: "decision_invalid", at: 1_100, session: "s", step: 5, reason: "no", inference: "i" },
  ]);
});

test("an end counts the steps that were written, and names what there is of it", () => {
  const { recorder, events, later } = rig({ persona: { name: "hasty" } });
  recorder.step(7, decision, {} as never, times, []);
  later(0.5);
  const checks = [{ label: "l", held: true, evidence: "e" }];
  const report = recorder.end({ outcome: "failed", reason: "s3cret", attribution: "target" }, checks, 3);
  expect(report).toEqual({ outcome: "failed", steps: 7, durationMs: 60.5 });
  expect(events[1]).toStrictEqual({
    type: "session_ended",
    at: 1_100.5,
    session: "s",
    goal: "buy",
    persona: "hasty",
    outcome: "failed",
    reason: "***",
    attribution: "target",
    decidedBy: 3,
    steps: 7,
    durationMs: 60.5,
    checks,
  });
  const plain = rig();
  plain.recorder.end({ outcome: "succeeded", reason: "" }, []);
  expect(Object.keys(plain.events[0] ?? {})).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/persona|attribution|decidedBy/)]),
  );
});

test.each([
  [9_999, 1],
  [10_000, 2],
])("a session that is cut off after a model's call of %d ms writes %d events", (modelMs, count) => {
  const { recorder, events } = rig();
  expect(recorder.interrupt(modelMs)).toEqual({ outcome: undefined, steps: 0, durationMs: 60 });
  expect(events).toHaveLength(count);
  expect(events.at(-1)).toEqual({
    type: "session_interrupted",
    at: 1_100,
    session: "s",
    goal: "buy",
    steps: 0,
    durationMs: 60,
  });
  if (count === 2)
    expect(events[0]).toMatchObject({
      type: "log",
      level: "warn",
      part: "agents",
      notice: true,
      message: expect.stringMatching(/^sessions were cut off .* 10 s/),
    });
});

test("the end of a successful session has what it said of words that it did not follow, without secrets", () => {
  const { recorder, events } = rig();
  const end = { outcome: "succeeded", reason: "every check holds" } as const;
  recorder.end({ ...end, lastWords: 'What was understood is done; not understood: "s3cret".' }, []);
  recorder.end({ ...end, lastWords: "Every part of the goal is done." }, []);
  expect(events[0]).toMatchObject({ remark: 'not understood: "***"' });
  expect(events[1]).not.toHaveProperty("remark");
});
